/** What doesn't work is said in words, with a way on. */

import { betty, fred, signIn } from '../support/people.ts';
import { pets, sold } from '../support/shop.ts';
import { Stack, dist } from '../support/stack.ts';
import { expect, test } from '../support/test.ts';

test('an API that is down is said in words, and is asked again when it is back', async ({
  page,
  stack,
  data,
  consoleGuard,
}) => {
  await page.goto('/');
  await expect(pets(page)).toHaveCount(34);
  consoleGuard.provoke({ status: 'none', path: /^\/test\/pets$/ });
  // A new address makes the browser ask for its icon again.
  consoleGuard.tolerate({ status: 'none', path: /^\/favicon\.svg$/ });
  // And pictures may still be on their way, when it goes down and after.
  consoleGuard.tolerate({ status: 'none', path: /^\/pictures\// });
  await stack.stop();
  await page.getByLabel('Order').selectOption('Dearest');
  const alert = page.getByRole('alert').filter({ visible: true });
  await expect(alert).toContainText('could not be reached');

  const again = await Stack.start(data, ['--dist', dist], stack.port);
  try {
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(pets(page).first()).toContainText('pony');
    await expect(alert).toHaveCount(0);
  } finally {
    await again.stop();
  }
});

test('a purchase whose answer is lost is asked for again, by the page and then by the person', async ({
  page,
  consoleGuard,
}) => {
  await signIn(page, fred);
  let lost = 0;
  let losses = 0;
  await page.route('**/test/pets/purchase', async (route) => {
    if (route.request().method() !== 'POST' || lost === losses) return route.continue();
    lost += 1;
    // The server has sold it; the answer is lost on the way.
    expect((await route.fetch()).status()).toBe(200);
    await route.abort();
  });
  consoleGuard.provoke({ status: 'none', path: /^\/test\/pets\/purchase$/ });
  const buy = page.getByRole('button', { name: 'Buy this pet' });
  const receipt = page.getByRole('heading', { name: 'Your receipt' });

  losses = 1;
  await page.goto('/pets/1/purchase');
  await buy.click();
  await expect(receipt).toBeVisible();

  // As often as the page tries by itself.
  losses = 1 + 4;
  await page.goto('/pets/2/purchase');
  await buy.click();
  await expect(page.getByRole('alert').filter({ visible: true })).toContainText(/\w+ \w+/);
  expect(lost).toBe(losses);
  await buy.click();
  await expect(receipt).toBeVisible();
  await page.goto('/');
  await expect(sold(page).getByRole('listitem')).toHaveCount(2);
});

test('a pet whose adding got no answer is not added twice by itself', async ({ page, consoleGuard }) => {
  await signIn(page, betty);
  let sent = 0;
  await page.route('**/test/pets', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    sent += 1;
    await route.abort();
  });
  consoleGuard.provoke({ status: 'none', path: /^\/test\/pets$/ });
  await page.getByRole('button', { name: 'Add a pet' }).click();
  const form = page.getByRole('dialog', { name: 'Add a pet' });
  await form.getByLabel('Type').fill('frog');
  await form.getByLabel('Price').fill('4.99');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByRole('alert').filter({ hasText: /\w/ })).toBeVisible();
  await expect(form.getByLabel('Type')).toHaveValue('frog');
  expect(sent).toBe(1);
});

test('an issuer that is down is said in words where somebody wants to sign in', async ({ page, consoleGuard }) => {
  await page.route('**/idp/**', (route) => route.abort());
  await page.goto('/login');
  consoleGuard.provoke({ status: 'none', path: /^\/idp\// });
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert').filter({ visible: true })).toContainText(/\w+ \w+/);
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled();
  await page.unroute('**/idp/**');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('link', { name: 'Continue with Amazon' })).toBeVisible();
});

test('an answer of the issuer that nobody asked for signs nobody in', async ({ page }) => {
  for (const query of ['?code=x&state=y', '?error=access_denied&state=y', '', '?code=x', '?state=y']) {
    await page.goto(`/callback${query}`);
    await expect(page.getByRole('heading', { name: 'Not signed in' })).toBeVisible();
    await expect(page.getByRole('banner').getByRole('button', { name: 'Sign out' })).toHaveCount(0);
  }
  await page.getByRole('link', { name: 'See the pets' }).click();
  await expect(pets(page)).toHaveCount(34);
});

test('an answer of the server that is no answer is said in words', async ({ page }) => {
  let body = '';
  await page.route('**/test/pets*', (route) => route.fulfill({ contentType: 'application/json', body }));
  for (body of ['', '{}', 'null', '<html>', '[{"id": "x"}]', '[{"id":1,"type":"dog","price":-1,"isSold":false}]']) {
    await page.goto('/');
    await expect(page.getByRole('alert').filter({ visible: true })).toContainText(/\w+ \w+/);
    await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
  }
});

test('a page whose module is blocked says so', async ({ page, consoleGuard }) => {
  consoleGuard.provoke({ status: 'none', path: /\.wasm$/ }, { uncaught: /fetch/i });
  await page.route('**/*.wasm', (route) => route.abort());
  await page.goto('/');
  await expect(page.getByRole('alert')).toContainText('could not be loaded');
  await page.unroute('**/*.wasm');
  await page.getByRole('link', { name: 'Try again' }).click();
  await expect(pets(page)).toHaveCount(34);
});

test('a browser without WebAssembly is told so', async ({ page, context, consoleGuard }) => {
  await context.addInitScript(() => Object.assign(globalThis, { WebAssembly: undefined }));
  consoleGuard.provoke({ uncaught: /WebAssembly|undefined/ });
  await page.goto('/');
  await expect(page.getByRole('alert')).toContainText('could not be loaded');
});

test('a page without JavaScript says so', async ({ browser, stack }) => {
  const context = await browser.newContext({ baseURL: stack.origin, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('/');
  await expect(page.getByRole('paragraph').filter({ hasText: 'This shop needs JavaScript' })).toBeVisible();
  await context.close();
});

test('a page that is being loaded shows itself, not white', async ({ page }) => {
  await page.route('**/*.wasm', () => new Promise(() => {}));
  await page.goto('/', { waitUntil: 'commit' });
  await expect(page.getByRole('heading', { level: 1, name: 'Pets' })).toBeVisible();
  await expect(page.getByRole('status')).toContainText('opening its doors');
  await expect(page.getByRole('alert')).toHaveCount(0);
});
