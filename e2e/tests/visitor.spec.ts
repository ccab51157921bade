/** Somebody who only looks. */

import { betty, signIn } from '../support/people.ts';
import { forSale, pets } from '../support/shop.ts';
import { expect, test } from '../support/test.ts';

test('a visitor sees the pets and a way to sign in, and nothing to press on them', async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveTitle('Pets');
  await expect(page.getByRole('heading', { level: 1, name: 'Pets' })).toBeVisible();
  await expect(pets(page)).toHaveCount(34);
  await expect(pets(page).first()).toContainText('We have a dog for sale for $249.99');
  await expect(pets(page).nth(1)).toContainText('We have a cat for sale for $124.99');
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
  await expect(forSale(page).getByRole('button')).toHaveCount(0);
  await expect(forSale(page).getByRole('link')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Add a pet' })).toHaveCount(0);
});

test('typing narrows the list, and what is asked for stands in the address', async ({ page }) => {
  await page.goto('/');
  await page.getByLabel('Filter by type').fill('do');
  // A dog three times, and a donkey.
  await expect(pets(page)).toHaveCount(4);
  await page.getByLabel('Filter by type').fill('Dog');
  await expect(pets(page)).toHaveCount(3);
  await page.getByLabel('Filter by type').press('Enter');
  await expect(page).toHaveURL('/?type=Dog');
  await page.getByLabel('Order').selectOption('Dearest');
  await expect(page).toHaveURL('/?type=Dog&sort=-price');
  await expect(pets(page)).toContainText(['$310.00', '$249.99', '$199.95']);

  await page.goBack();
  await expect(page).toHaveURL('/?type=Dog');
  await expect(pets(page)).toContainText(['$249.99', '$310.00', '$199.95']);
  await expect(page.getByLabel('Order')).toHaveValue('id');
});

test('an address with a filter and an order can be sent to somebody', async ({ page }) => {
  await page.goto('/?type=cat&sort=-price&status=available');
  await expect(pets(page)).toContainText(['$210.00', '$124.99', '$89.90']);
  await expect(page.getByLabel('Filter by type')).toHaveValue('cat');
  await expect(page.getByLabel('Order')).toHaveValue('-price');
  await expect(page.getByLabel('Show', { exact: true })).toHaveValue('available');
  await page.reload();
  await expect(pets(page)).toHaveCount(3);
});

test('what nobody has is said in words', async ({ page }) => {
  await page.goto('/?type=unicorn');
  await expect(page.getByRole('status').filter({ hasText: 'unicorn' })).toBeVisible();
  await page.getByLabel('Filter by type').clear();
  await page.getByLabel('Filter by type').press('Enter');
  await expect(pets(page)).toHaveCount(34);
});

test('a long list comes page by page, and nothing comes twice', async ({ page }) => {
  await signIn(page, betty);
  for (let number = 1; number <= 20; number++) {
    await page.getByRole('button', { name: 'Add a pet' }).click();
    await page.getByLabel('Type', { exact: true }).fill(`ant ${number}`);
    await page.getByLabel('Price').fill('0.01');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(pets(page)).toHaveCount(34 + number);
  }
  await page.goto('/?sort=price');
  await expect(pets(page)).toHaveCount(50);
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect(pets(page)).toHaveCount(54);
  await expect(page.getByRole('button', { name: 'Show more' })).toHaveCount(0);
  const kinds = await pets(page).allTextContents();
  expect(kinds.filter((text) => text.includes('ant '))).toHaveLength(20);
  expect(kinds.at(-1)).toContain('$3,450.00');
});

test('an address that leads nowhere says so, with a way home', async ({ page }) => {
  await page.goto('/no/such/page');
  await expect(page).toHaveTitle('Not found · Pets');
  await page.getByRole('link', { name: 'See the pets' }).click();
  await expect(pets(page)).toHaveCount(34);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});
