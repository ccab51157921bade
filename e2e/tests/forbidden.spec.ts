/** The negative test: the page shows what a person may not do, and IAM refuses it. */

import type { Page } from '@playwright/test';
import { barney, betty, fred, signIn } from '../support/people.ts';
import { forbiddenButtons, pets } from '../support/shop.ts';
import { expect, test } from '../support/test.ts';

/** The dialog says who, in which role, was refused what, on what. */
async function isRefused(page: Page, role: string, call: string): Promise<void> {
  const refusal = page.getByRole('dialog', { name: 'Refused' });
  await expect(refusal).toBeVisible();
  await expect(refusal).toContainText(new RegExp(`assumed-role/${role}/`));
  await expect(refusal).toContainText('execute-api:Invoke');
  await expect(refusal).toContainText(`/test/${call}`);
  await expect(refusal).toContainText('403 AccessDeniedException');
  await refusal.getByRole('button', { name: 'Close' }).click();
  await expect(refusal).toBeHidden();
}

test('a buyer is shown adding and removing, and IAM refuses both', async ({ page, consoleGuard }) => {
  await signIn(page, fred);
  await expect(page.getByRole('button', { name: /^Remove/ })).toHaveCount(0);
  await forbiddenButtons(page).click();
  await expect(forbiddenButtons(page)).toBeChecked();

  consoleGuard.provoke({ status: 403, path: /^\/test\/pets\/1$/ }, { status: 403, path: /^\/test\/pets$/ });
  await page.getByRole('button', { name: 'Remove dog 1', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await isRefused(page, 'auth0-api-social-role', 'DELETE/pets/1');

  await page.getByRole('button', { name: 'Add a pet' }).click();
  await page.getByLabel('Type', { exact: true }).fill('frog');
  await page.getByLabel('Price').fill('4.99');
  await page.getByRole('button', { name: 'Save' }).click();
  await isRefused(page, 'auth0-api-social-role', 'POST/pets');

  await expect(pets(page)).toHaveCount(34);
  await forbiddenButtons(page).click();
  await expect(page.getByRole('button', { name: /^(Add|Remove)/ })).toHaveCount(0);
});

test('an admin is shown buying, and IAM refuses it', async ({ page, consoleGuard }) => {
  await signIn(page, betty);
  await forbiddenButtons(page).click();
  consoleGuard.provoke({ status: 403, path: /^\/test\/pets\/purchase$/ });
  await page.getByRole('button', { name: 'Buy dog 1', exact: true }).click();
  await isRefused(page, 'auth0-api-role', 'POST/pets/purchase');
  await expect(pets(page)).toHaveCount(34);
});

test('a visitor is shown everything, and is refused for want of a signature', async ({ page, consoleGuard }) => {
  await page.goto('/');
  await forbiddenButtons(page).click();
  const refusal = page.getByRole('dialog', { name: 'Refused' });

  consoleGuard.provoke({ status: 403, path: /^\/test\/pets\/1$/ });
  await page.getByRole('button', { name: 'Remove dog 1', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(refusal).toContainText('403 MissingAuthenticationTokenException');
  await refusal.getByRole('button', { name: 'Close' }).click();
  await expect(pets(page)).toHaveCount(34);
});

test('somebody from a company gets no role, in words, and is refused everything', async ({ page, consoleGuard }) => {
  await signIn(page, barney);
  await expect(page.getByRole('banner')).toContainText(`${barney.name}no role`);
  await expect(page.getByRole('status').filter({ hasText: 'no role for people who come that way' })).toBeVisible();
  await expect(page.getByRole('link', { name: /^Buy/ })).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^(Add|Remove|Buy)/ })).toHaveCount(0);

  await page.goto('/pets/1/purchase');
  await expect(page.getByRole('main')).toContainText('no role for the way you signed in');
  await expect(page.getByRole('button', { name: 'Buy this pet' })).toHaveCount(0);

  await page.goto('/');
  await expect(page.getByRole('banner')).toContainText(barney.name);
  await forbiddenButtons(page).click();
  consoleGuard.provoke({ status: 403, path: /^\/test\/pets\/1$/ });
  await page.getByRole('button', { name: 'Remove dog 1', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('dialog', { name: 'Refused' })).toContainText('403 MissingAuthenticationTokenException');
});
