/**
 * The issuer's answer belongs to the browser that asked for it, is used once, leaves the address bar and the history,
 * and brings nobody anywhere but to a page of the shop.
 */

import type { Page } from '@playwright/test';
import { fred, signIn, signInAtIssuer, wilma } from '../support/people.ts';
import { expect, test } from '../support/test.ts';

/** Goes as far as the issuer's answer, and keeps it from the page: its address. */
async function answerFor(page: Page): Promise<string> {
  let address = '';
  // Pressing a person's name is what the issuer answers.
  await page.route('**/idp/**', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    const response = await route.fetch({ maxRedirects: 0 });
    address = response.headers()['location'] ?? '';
    return route.fulfill({ contentType: 'text/html', body: '<!doctype html><link rel="icon" href="data:,"><p>Kept.</p>' });
  });
  await page.goto('/login');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await signInAtIssuer(page, wilma);
  await expect(page.getByText('Kept.')).toBeVisible();
  await page.unroute('**/idp/**');
  expect(address).toMatch(/\/callback\?.*code=/);
  return address;
}

async function isNobody(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Not signed in' })).toBeVisible();
  await expect(page.getByRole('banner').getByRole('button', { name: 'Sign out' })).toHaveCount(0);
}

test('after signing in, the code is nowhere in the tab: not in its address, its past, or what it sends', async ({
  page,
  stack,
  consoleGuard,
}) => {
  const told: string[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest()) return;
    told.push(request.url(), request.headers()['referer'] ?? '');
  });
  await signIn(page, fred);
  const kept = await page.evaluate(() =>
    JSON.stringify({
      address: location.href,
      referrer: document.referrer,
      state: history.state as unknown,
      name: window.name,
      local: { ...localStorage },
      session: { ...sessionStorage },
      resources: performance.getEntriesByType('resource').map(({ name }) => name),
    }),
  );
  expect(kept).not.toMatch(/code=|state=/);
  expect(told.filter((said) => /[?&]code=/.test(said))).toEqual([]);

  // Browsers let nobody change how the page itself was reached. What is written there is spent.
  const reached = await page.evaluate(() => performance.getEntriesByType('navigation').map(({ name }) => name));
  for (const code of reached.flatMap((address) => new URL(address).searchParams.getAll('code'))) {
    const form = { grant_type: 'authorization_code', client_id: 'pets-spa', code, redirect_uri: `${stack.origin}/callback` };
    const body = new URLSearchParams({ ...form, code_verifier: 'x'.repeat(43) });
    const answer = await fetch(`${stack.origin}/idp/oauth/token`, { method: 'POST', body });
    expect(await answer.json()).toMatchObject({ error: 'invalid_grant' });
  }

  // The browser's own list of where the tab has been, and the way back.
  const session = await page.context().newCDPSession(page);
  const { entries } = await session.send('Page.getNavigationHistory');
  expect(entries.map(({ url }) => url).filter((url) => /[?&]code=/.test(url))).toEqual([]);
  expect(entries.length).toBeGreaterThan(1);
  // The issuer's pages are there, and are of no use any more. The shop's own would begin to sign in again.
  const ofIssuer = entries.filter(({ url }) => new URL(url).pathname.startsWith('/idp/'));
  expect(ofIssuer.length).toBeGreaterThan(0);
  consoleGuard.tolerate({ status: 400, path: /^\/idp\/u\/login$/ });
  for (const { id } of ofIssuer) {
    await session.send('Page.navigateToHistoryEntry', { entryId: id });
    await expect(page).toHaveURL((url) => url.pathname.startsWith('/idp/'));
    await expect(page.getByRole('button')).toHaveCount(0);
    expect(page.url()).not.toMatch(/[?&]code=/);
  }
});

test("an answer that isn't this browser's signs nobody in, whether it waits for one or not", async ({
  page,
  anotherBrowser,
}) => {
  const answer = await answerFor(await (await anotherBrowser()).newPage());
  let redeemed = 0;
  await page.route('**/idp/oauth/token', (route) => {
    redeemed += 1;
    return route.continue();
  });
  await page.goto(answer);
  await isNobody(page);

  // Somebody who is on the way to sign in themselves.
  await page.goto('/login');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('link', { name: fred.way! })).toBeVisible();
  await page.goto(answer);
  await isNobody(page);
  expect(redeemed).toBe(0);

  // It leaves them as they were: they can sign in, as themselves.
  await signIn(page, fred);
});

test('an answer that was changed, and one that comes a second time, sign nobody in', async ({ page, anotherBrowser }) => {
  const changes: ((query: URLSearchParams) => void)[] = [
    (query) => query.set('state', `${query.get('state')}x`),
    (query) => query.delete('state'),
    (query) => query.append('code', 'another'),
    (query) => query.set('iss', 'https://another.example/'),
  ];
  for (const change of changes) {
    const tab = await (await anotherBrowser()).newPage();
    const address = new URL(await answerFor(tab));
    change(address.searchParams);
    await tab.goto(address.href);
    await isNobody(tab);
    await tab.close();
  }
  const answer = await answerFor(page);
  await page.goto(answer);
  await expect(page.getByRole('banner')).toContainText(wilma.name);
  const again = await page.context().newPage();
  await again.goto(answer);
  await expect(again.getByRole('heading', { name: 'Not signed in' })).toBeVisible();
});

test('signing in leads to a page of the shop, whatever the address asked for', async ({ page, stack }) => {
  // Each in another way; `src/session/return_path.rs` knows more of them.
  const elsewhere = [
    '//evil.example/',
    '/\\evil.example/',
    'https://evil.example/',
    'javascript:alert(1)',
    '/\t/evil.example',
    '/callback?code=x&state=y',
  ];
  await signIn(page, fred);
  const visited: string[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest()) visited.push(new URL(request.url()).origin);
  });
  for (const wanted of elsewhere) {
    await page.goto(`/login?${new URLSearchParams({ to: wanted })}`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect.poll(() => page.url(), { message: wanted }).toBe(`${stack.origin}/`);
  }
  expect(new Set(visited)).toEqual(new Set([stack.origin]));

  await page.goto(`/login?${new URLSearchParams({ to: '/?type=dog' })}`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect.poll(() => page.url()).toBe(`${stack.origin}/?type=dog`);
});
