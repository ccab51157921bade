/** What a session lives through: no network for a while, a slow shop, a page that is loaded anew, an end. */

import type { Page } from '@playwright/test';
import { betty, fred, signIn } from '../support/people.ts';
import { pets } from '../support/shop.ts';
import { dist } from '../support/stack.ts';
import { expect, test } from '../support/test.ts';

const notice = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text });

test('offline is said, and the shop goes on by itself', async ({ page, context, consoleGuard }) => {
  await signIn(page, fred);
  await expect(pets(page)).toHaveCount(34);
  consoleGuard.tolerate({ status: 'none', path: /^\/(test\/|idp\/|sts\/|pictures\/|favicon)/ });
  await context.setOffline(true);
  await expect(notice(page, 'You are offline')).toBeVisible();
  await page.getByLabel('Order').selectOption('Dearest');
  await context.setOffline(false);
  await expect(notice(page, 'You are offline')).toHaveCount(0);
  await expect(pets(page).first()).toContainText('pony');
  await expect(page.getByRole('alert').filter({ visible: true })).toHaveCount(0);
});

test('a slow answer is waited for with a word', async ({ page }) => {
  let answer = () => {};
  const waits = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/test/pets', async (route) => {
    await waits;
    await route.continue();
  });
  await page.goto('/');
  await expect(notice(page, 'longer than usual')).toBeVisible();
  answer();
  await expect(pets(page)).toHaveCount(34);
});

test('what is typed survives a reload, and goes when it is given up or its writer goes', async ({ page }) => {
  await signIn(page, betty);
  const form = page.getByRole('dialog', { name: 'Add a pet' });
  const type = async () => {
    await page.getByRole('button', { name: 'Add a pet' }).click();
    await form.getByLabel('Type').fill('frog');
    await form.getByLabel('Price').fill('4.9');
  };
  await type();
  await page.reload();
  await expect(form.getByLabel('Type')).toHaveValue('frog');
  await expect(form.getByLabel('Price')).toHaveValue('4.9');
  await form.getByRole('button', { name: 'Cancel' }).click();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Add a pet' })).toBeVisible();
  await expect(form).toBeHidden();

  await type();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
  await signIn(page, betty);
  await expect(page.getByRole('button', { name: 'Add a pet' })).toBeVisible();
  await expect(form).toBeHidden();
});

test.describe('with tokens of five seconds', () => {
  test.use({ stackOptions: ['--dist', dist, '--token-life', '5', '--credentials-life', '5'] });

  test('a sign-in that has ended is said, and begun anew without a question', async ({ page, context, consoleGuard }) => {
    await signIn(page, fred);
    consoleGuard.provoke({ status: 400, path: /^\/idp\/oauth\/token$/ });
    // As an issuer answers whose administrator has ended the grant.
    await context.route('**/idp/oauth/token', async (route) => {
      if (!route.request().postData()?.includes('grant_type=refresh_token')) return route.continue();
      await route.fulfill({ status: 400, contentType: 'application/json', body: '{"error":"invalid_grant"}' });
    });
    await expect(notice(page, 'Your sign-in has ended')).toBeVisible();
    await expect(page.getByRole('banner')).toContainText(fred.name);
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await page.getByRole('link', { name: 'Buy dog 1', exact: true }).click();
    await page.getByRole('button', { name: 'Buy this pet' }).click();
    await expect(page.getByRole('heading', { name: 'Your receipt' })).toBeVisible();
  });
});
