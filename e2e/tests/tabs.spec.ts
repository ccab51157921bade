/** Many tabs are one visit: one session, one renewal for all, and whoever comes or goes does so everywhere. */

import type { BrowserContext, Page } from '@playwright/test';
import { betty, fred, signIn, signInAtIssuer, wilma } from '../support/people.ts';
import { watchRenewals, watchTripsToTheIssuer } from '../support/renewals.ts';
import { dist } from '../support/stack.ts';
import { expect, test } from '../support/test.ts';

const banner = (page: Page) => page.getByRole('banner');
const isVisitor = (page: Page) => expect(banner(page).getByRole('link', { name: 'Sign in' })).toBeVisible();

async function tab(context: BrowserContext, path = '/'): Promise<Page> {
  const page = await context.newPage();
  await page.goto(path);
  return page;
}

test('a new tab takes the session over from an open one, and a reload from the other', async ({ page, context }) => {
  await signIn(page, fred);
  const trips = watchTripsToTheIssuer(context);
  const other = await tab(context, '/pets/1/purchase');
  await expect(banner(other)).toContainText(fred.name);
  await other.getByRole('button', { name: 'Buy this pet' }).click();
  await expect(other.getByRole('heading', { name: 'Your receipt' })).toBeVisible();
  await page.reload();
  await expect(banner(page)).toContainText(fred.name);
  // The one that signed in goes, and the session stays.
  await page.close();
  await other.goto('/');
  await expect(banner(other)).toContainText(fred.name);
  const third = await tab(context);
  await expect(banner(third)).toContainText(fred.name);
  expect(trips.length, 'only a tab that is alone asks the issuer').toBeLessThanOrEqual(1);
});

test('whoever signs in, signs in in every open tab', async ({ page, context }) => {
  const visitor = await tab(context);
  await isVisitor(visitor);
  await signIn(page, betty);
  await expect(banner(visitor)).toContainText(betty.name);
  await expect(visitor.getByRole('button', { name: 'Add a pet' })).toBeVisible();
});

test('signing in as somebody else and signing out reach every tab at once', async ({ page, context }) => {
  // Two ways to the issuer are open before anybody is signed in.
  const late = await tab(context, '/login');
  await late.getByRole('button', { name: 'Sign in' }).click();
  await expect(late.getByRole('link', { name: wilma.way! })).toBeVisible();
  await signIn(page, fred);
  const other = await tab(context, '/pets/1/purchase');
  await expect(banner(other)).toContainText(fred.name);

  await signInAtIssuer(late, wilma);
  await expect(banner(late)).toContainText(wilma.name);
  for (const open of [page, other]) {
    await expect(banner(open)).toContainText(wilma.name);
    await expect(open.getByText(fred.name)).toHaveCount(0);
  }
  // What they do there is done as who they are now.
  await other.getByRole('button', { name: 'Buy this pet' }).click();
  await expect(other.getByText(wilma.name).first()).toBeVisible();

  await late.getByRole('button', { name: 'Sign out' }).click();
  for (const open of [page, other, late]) await isVisitor(open);
});

test('a browser without shared workers has a session for each tab, and signs out of all', async ({ page, context }) => {
  await context.addInitScript(() => Reflect.deleteProperty(globalThis, 'SharedWorker'));
  const visitor = await tab(context);
  await signIn(page, fred);
  await expect(banner(visitor)).toContainText(fred.name);
  await visitor.goto('/pets/1/purchase');
  await visitor.getByRole('button', { name: 'Buy this pet' }).click();
  await expect(visitor.getByRole('heading', { name: 'Your receipt' })).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  for (const open of [page, visitor]) await isVisitor(open);
});

test.describe('with tokens of five seconds', () => {
  test.use({ stackOptions: ['--dist', dist, '--token-life', '5', '--credentials-life', '5'] });

  // Two minutes is `PETS_TABS_SECONDS=120`.
  const seconds = Number(process.env['PETS_TABS_SECONDS'] ?? 25);

  test('ten tabs stay signed in, and one renews for all', async ({ page, context }) => {
    test.setTimeout((seconds + 120) * 1000);
    const refused: string[] = [];
    context.on('response', (response) => {
      if (response.status() >= 400) refused.push(`${response.status()} ${response.url()}`);
    });
    const renewals = watchRenewals(context);
    await signIn(page, fred);
    const tabs = [page];
    while (tabs.length < 10) tabs.push(await tab(context, `/pets/${tabs.length}/purchase`));
    for (const open of tabs) await expect(banner(open)).toContainText(fred.name);

    const until = Date.now() + seconds * 1000;
    for (let pet = 1; Date.now() < until; pet = (pet % 9) + 1) {
      const open = tabs[pet]!;
      await open.bringToFront();
      // A purchase, and once it is bought the receipt: both are signed.
      const buy = open.getByRole('button', { name: 'Buy this pet' });
      if (await buy.isVisible()) await buy.click();
      await expect(open.getByRole('heading', { name: 'Your receipt' })).toBeVisible();
      await page.waitForTimeout(500);
    }

    for (const open of tabs) {
      await expect(banner(open)).toContainText(fred.name);
      await expect(open.getByRole('alert')).toHaveCount(0);
    }
    expect(refused, 'calls that were refused').toEqual([]);
    const answered = renewals.filter((renewal) => renewal.answered);
    expect(answered.length).toBeGreaterThanOrEqual(Math.floor(seconds / 5));
    // Each refresh token is used once, by whoever comes first, and the next is what that one brought.
    expect(new Set(renewals.map((renewal) => renewal.with)).size).toBe(renewals.length);
    const known = renewals.flatMap(({ brought }, index) => (brought ? [{ brought, next: renewals[index + 1] }] : []));
    expect(known.length, 'answers that could be read').toBeGreaterThan(0);
    for (const { brought, next } of known) {
      if (!next) continue;
      expect(next.with).toBe(brought.refreshToken);
      // One renewal an interval: never while the token is still young.
      if (next.brought) expect(next.brought.issuedAt - brought.issuedAt).toBeGreaterThanOrEqual(2);
    }
    expect(renewals.length - answered.length, 'renewals without an answer').toBeLessThanOrEqual(1);
  });
});
