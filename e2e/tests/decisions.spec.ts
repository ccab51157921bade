/** What the local stack decided, on a page that keeps up with it. */

import { isAccessible } from '../support/accessibility.ts';
import { fred, signIn } from '../support/people.ts';
import { pets } from '../support/shop.ts';
import { expect, test } from '../support/test.ts';

const rows = 'tbody tr';

test('new decisions come by themselves, and what is open stays open', async ({ page, request, stack }) => {
  await request.get(`${stack.origin}/test/pets/sales`);
  await page.goto('/idp/decisions');
  await expect(page.getByRole('status')).toHaveText('Live.');
  await expect(page.locator(rows)).toHaveCount(1);
  const first = page.getByRole('row').filter({ hasText: 'This call needs a signature.' });
  const details = first.getByText('Details');
  await details.click();
  await expect(first.getByText(/^Request /)).toBeVisible();

  await request.get(`${stack.origin}/test/cats`);
  await expect(page.locator(rows)).toHaveCount(2);
  await expect(page.locator(rows).first()).toContainText('GET /cats');
  await expect(page.locator(rows).first()).toContainText('Refused');
  await expect(first.getByText(/^Request /)).toBeVisible();
  await expect(details).toBeFocused();
});

test('it waits while it is paused, and while nobody looks', async ({ page, request, stack }) => {
  await page.goto('/idp/decisions');
  await expect(page.getByText('Nothing yet')).toBeVisible();
  let asked = 0;
  const see = async (hidden: boolean): Promise<void> =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { configurable: true, value });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  const isQuiet = async (): Promise<void> => {
    // One may be under way.
    await page.waitForLoadState('networkidle');
    asked = 0;
    await request.get(`${stack.origin}/test/cats`);
    await page.waitForTimeout(2500);
    expect(asked).toBe(0);
  };
  await expect(page.getByRole('status')).toHaveText('Live.');
  page.on('request', () => (asked += 1));

  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('status')).toHaveText('Paused.');
  await isQuiet();
  await expect(page.locator(rows)).toHaveCount(0);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.locator(rows)).toHaveCount(1);

  await see(true);
  await isQuiet();
  await expect(page.locator(rows)).toHaveCount(1);
  await see(false);
  await expect(page.locator(rows)).toHaveCount(2);
});

test('a stack that is gone is said, and what it decided stays to be read', async ({ page, request, stack, consoleGuard }) => {
  await request.get(`${stack.origin}/test/cats`);
  await page.goto('/idp/decisions');
  await expect(page.getByRole('status')).toHaveText('Live.');
  consoleGuard.provoke({ status: 'none', path: /^\/idp\/decisions$/ });
  await stack.stop();
  await expect(page.getByRole('status')).toContainText('The stack doesn’t answer.');
  await expect(page.locator(rows)).toHaveCount(1);
});

test('it needs no script', async ({ browser, request, stack }) => {
  await request.get(`${stack.origin}/test/pets`);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${stack.origin}/idp/decisions`);
  await expect(page.getByRole('button', { name: 'Pause' })).toBeHidden();
  await expect(page.getByRole('status')).toHaveText('Reload the page to see what is new.');
  await expect(page.getByRole('row').filter({ hasText: 'GET /pets' })).toContainText('Allowed');
  await context.close();
});

test('the way of a person is told without saying who they are, in every dress', async ({ page, stack }) => {
  await signIn(page, fred);
  await expect(pets(page)).toHaveCount(34);
  await page.goto('/idp/decisions');
  const assumed = page.getByRole('row').filter({ hasText: 'sts:AssumeRoleWithWebIdentity' });
  await expect(assumed).toContainText('Allowed by STS, by the role’s trust policy.');
  await expect(assumed).toContainText('amazon|…0001');
  await assumed.getByText('Details').click();
  await expect(assumed).toContainText('allows it, and decides');
  await expect(page.locator('body')).not.toContainText(/fred|flintstone/i);
  await expect(page.getByRole('status')).toHaveText('Live.');
  await page.getByRole('button', { name: 'Pause' }).click();
  await isAccessible(page);
  expect(stack.log).toContain('sts:AssumeRoleWithWebIdentity: allowed by ');
});
