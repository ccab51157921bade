/** Somebody who buys. */

import { fred, signIn, signInAtIssuer, wilma } from '../support/people.ts';
import { pets, sold } from '../support/shop.ts';
import { expect, test } from '../support/test.ts';

test('a buyer signs in through "Continue with Amazon", buys, sees the receipt, reloads and is still signed in', async ({
  page,
  anotherBrowser,
}) => {
  await page.goto('/');
  await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).click();
  await expect(page).toHaveTitle('Sign in · Pets');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Continue with Amazon' }).click();
  await page.getByRole('button', { name: fred.name }).click();

  await expect(page).toHaveURL('/');
  await expect(page.getByRole('banner')).toContainText(`${fred.name}buyer`);
  await expect(page.getByText('You may buy any pet that is for sale.')).toBeVisible();
  await expect(page.getByRole('button', { name: /^(Add|Remove)/ })).toHaveCount(0);

  await page.getByRole('link', { name: 'Buy cat 2', exact: true }).click();
  await expect(page).toHaveURL('/pets/2/purchase');
  await expect(page).toHaveTitle('Buy a pet: cat · Pets');
  await expect(page.getByRole('main')).toContainText('$124.99');
  await page.getByRole('button', { name: 'Buy this pet' }).click();

  await expect(page.getByRole('heading', { name: 'Your receipt' })).toBeVisible();
  await expect(page).toHaveTitle('The cat is yours · Pets');
  await expect(page.getByRole('main')).toContainText(/Sold to\s*Fred Flintstone/);

  await page.reload();
  await expect(page).toHaveURL('/pets/2/purchase');
  await expect(page.getByRole('banner')).toContainText(fred.name);
  await expect(page.getByRole('heading', { name: 'Your receipt' })).toBeVisible();

  await page.getByRole('link', { name: 'See the other pets' }).click();
  await expect(pets(page)).toHaveCount(33);
  await expect(sold(page)).toContainText('Sold a cat to you for $124.99');

  const stranger = await (await anotherBrowser()).newPage();
  await stranger.goto('/');
  await expect(sold(stranger)).toContainText('Sold a cat to F••• for $124.99');
});

test('somebody who follows a link to a pet comes back to it after signing in', async ({ page }) => {
  await page.goto('/pets/1/purchase');
  await page.getByRole('main').getByRole('link', { name: 'Sign in to buy' }).click();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await signInAtIssuer(page, fred);
  await expect(page).toHaveURL('/pets/1/purchase');
  await page.getByRole('button', { name: 'Buy this pet' }).click();
  await expect(page.getByRole('heading', { name: 'Your receipt' })).toBeVisible();
  // The issuer's answer isn't in the history: one way back leads to the shop, not to a used code.
  expect(page.url()).not.toContain('code=');
});

test('a second buyer is too late, and is told that somebody was faster', async ({ page, anotherBrowser, consoleGuard }) => {
  await signIn(page, fred);
  await page.getByRole('link', { name: 'Buy parrot 6', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Buy this pet' })).toBeVisible();

  const other = await (await anotherBrowser()).newPage();
  await signIn(other, wilma);
  await other.goto('/pets/6/purchase');
  await other.getByRole('button', { name: 'Buy this pet' }).click();
  await expect(other.getByRole('heading', { name: 'Your receipt' })).toBeVisible();

  consoleGuard.provoke({ status: 409, path: /^\/test\/pets\/purchase$/ });
  await page.getByRole('button', { name: 'Buy this pet' }).click();
  await expect(page.getByRole('main')).toContainText('Somebody was faster');
  await expect(page.getByRole('main')).not.toContainText('Wilma');
  await page.getByRole('link', { name: 'See the other pets' }).click();
  await expect(sold(page)).toContainText('Sold a parrot to W••• for $420.00');
});

test('a pet that is gone is said in words', async ({ page }) => {
  await signIn(page, fred);
  for (const number of ['999', '0', 'dog', '1e2']) {
    await page.goto(`/pets/${number}/purchase`);
    await expect(page.getByRole('heading', { name: 'No such pet' })).toBeVisible();
  }
  await page.getByRole('link', { name: 'See the other pets' }).click();
  await expect(pets(page)).toHaveCount(34);
});

for (const hours of [-30, -2, 2, 30]) {
  test(`a clock that is ${hours} hours off is no reason not to buy`, async ({ page, context, consoleGuard }) => {
    await context.addInitScript((milliseconds) => {
      const now = Date.now;
      Date.now = () => now() + milliseconds;
    }, hours * 3_600_000);
    await signIn(page, fred);
    await page.getByRole('link', { name: 'Buy dog 1', exact: true }).click();
    await page.getByRole('button', { name: 'Buy this pet' }).click();
    await expect(page.getByRole('heading', { name: 'Your receipt' })).toBeVisible();
    expect(consoleGuard.faults).toEqual([]);
  });
}

test('credentials that end in the middle are renewed without a word', async ({ page, consoleGuard }) => {
  await signIn(page, fred);
  await page.getByRole('link', { name: 'Buy dog 1', exact: true }).click();
  let refused = 0;
  let asked = 0;
  await page.route('**/test/pets/purchase', async (route) => {
    if (route.request().method() !== 'POST' || refused > 0) return route.continue();
    refused += 1;
    await route.fulfill({
      status: 403,
      headers: { 'x-amzn-errortype': 'ExpiredTokenException', 'content-type': 'application/json' },
      body: '{"message":"The security token included in the request is expired"}',
    });
  });
  page.on('request', (request) => (asked += Number(request.url().includes('/sts/') && request.method() === 'POST')));
  consoleGuard.provoke({ status: 403, path: /^\/test\/pets\/purchase$/ });
  await page.getByRole('button', { name: 'Buy this pet' }).click();
  await expect(page.getByRole('heading', { name: 'Your receipt' })).toBeVisible();
  expect({ refused, asked }).toEqual({ refused: 1, asked: 1 });
});
