/** A deployed copy: page, API and STS at origins of their own, with the headers that were deployed. */

import { betty, fred, signIn } from '../support/people.ts';
import { pets, sold } from '../support/shop.ts';
import { expect, test } from '../support/watched.ts';

test('an admin adds a pet, and a buyer buys it', async ({ page, browser, consoleGuard }) => {
  await page.goto('/');
  await expect(page).toHaveTitle(/Pets/);

  await signIn(page, betty);
  await page.getByRole('button', { name: 'Add a pet' }).click();
  const form = page.getByRole('dialog', { name: 'Add a pet' });
  await form.getByLabel('Type').fill('frog');
  await form.getByLabel('Price').fill('4.99');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(pets(page).filter({ hasText: 'We have a frog for sale for $4.99' })).toHaveCount(1);

  const context = await browser.newContext({ baseURL: process.env['PETS_SITE']! });
  consoleGuard.watch(context);
  const other = await context.newPage();
  await signIn(other, fred);
  await other.getByRole('link', { name: /^Buy frog/ }).click();
  await other.getByRole('button', { name: 'Buy this pet' }).click();
  await expect(other.getByRole('heading', { name: 'Your receipt' })).toBeVisible();
  await expect(other.getByRole('main')).toContainText(/Sold to\s*Fred Flintstone/);
  await other.reload();
  await expect(other.getByRole('heading', { name: 'Your receipt' })).toBeVisible();

  await page.goto('/');
  await expect(sold(page)).toContainText('frog');
  await context.close();
});
