/** The list of pets under what people do to it: typing, waiting, and a keyboard that goes on. */

import { betty, fred, signIn } from '../support/people.ts';
import { buy } from '../support/places.ts';
import { pets, sold } from '../support/shop.ts';
import { expect, test } from '../support/test.ts';

test('what is typed after a type was asked for is looked for among all', async ({ page }) => {
  await page.goto('/?type=dog');
  await expect(pets(page)).toHaveCount(3);
  await page.getByLabel('Filter by type').fill('rabbit');
  await expect(pets(page)).toHaveCount(2);
  await expect(page).toHaveURL('/');
  await page.getByLabel('Filter by type').clear();
  await expect(pets(page)).toHaveCount(34);

  await page.goBack();
  await expect(page.getByLabel('Filter by type')).toHaveValue('dog');
  await expect(pets(page)).toHaveCount(3);
});

test('the way back from a type that was asked for empties the filter', async ({ page }) => {
  await page.goto('/');
  await page.getByLabel('Filter by type').fill('dog');
  await page.getByLabel('Filter by type').press('Enter');
  await expect(page).toHaveURL('/?type=dog');
  await page.goBack();
  await expect(page).toHaveURL('/');
  await expect(page.getByLabel('Filter by type')).toHaveValue('');
  await expect(pets(page)).toHaveCount(34);
});

test('the list waits for nobody to say who bought what', async ({ page, anotherBrowser }) => {
  const buyer = await (await anotherBrowser()).newPage();
  await buy(buyer, fred, 1);

  await signIn(page, betty);
  let answer = () => {};
  const asked = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/pets/sales*', async (route) => {
    await asked;
    await route.continue();
  });
  await page.goto('/');
  await expect(sold(page)).toContainText('Sold a dog to F');
  await page.getByLabel('Order').selectOption('Cheapest');
  await expect(pets(page).first()).toContainText('$3.25');
  answer();
  await expect(sold(page)).toContainText(`Sold a dog to ${fred.name} for $249.99`);
});

test('after a removal the focus is on the heading, and after more pets on the first of them', async ({ page }) => {
  await signIn(page, betty);
  for (let number = 1; number <= 17; number++) {
    await page.getByRole('button', { name: 'Add a pet' }).click();
    await page.getByLabel('Type', { exact: true }).fill(`ant ${number}`);
    await page.getByLabel('Price').fill('999999');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(pets(page)).toHaveCount(34 + number);
  }
  await page.goto('/');
  await expect(pets(page)).toHaveCount(50);
  await page.getByRole('button', { name: 'Show more' }).press('Enter');
  await expect(pets(page)).toHaveCount(51);
  await expect(pets(page).last()).toBeFocused();

  await page.getByRole('button', { name: 'Remove dog 1', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(pets(page)).toHaveCount(50);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

test('a pet that is still on its way has a heading and a title', async ({ page }) => {
  let answer = () => {};
  const asked = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/test/pets?id=1', async (route) => {
    await asked;
    await route.continue();
  });
  await page.goto('/pets/1/purchase');
  await expect(page.getByRole('heading', { level: 1, name: 'Buy a pet' })).toBeVisible();
  await expect(page).toHaveTitle('Buy a pet · Pets');
  answer();
  await expect(page.getByRole('heading', { level: 1, name: 'Buy a pet: dog' })).toBeVisible();
});
