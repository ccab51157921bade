/** Somebody who adds and removes. */

import { betty, fred, signIn } from '../support/people.ts';
import { buy } from '../support/places.ts';
import { pets, sold } from '../support/shop.ts';
import { expect, test } from '../support/test.ts';

test('an admin adds a pet and removes it, after being asked', async ({ page, anotherBrowser }) => {
  await signIn(page, betty);
  await expect(page.getByRole('banner')).toContainText(`${betty.name}admin`);
  await expect(page.getByRole('link', { name: /^Buy/ })).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^Buy/ })).toHaveCount(0);

  await page.getByRole('button', { name: 'Add a pet' }).click();
  const form = page.getByRole('dialog', { name: 'Add a pet' });
  await expect(form.getByLabel('Type')).toBeFocused();
  await form.getByLabel('Type').fill('frog');
  await form.getByLabel('Price').fill('4.99');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toBeHidden();
  const frog = pets(page).filter({ hasText: 'We have a frog for sale for $4.99' });
  await expect(frog).toHaveCount(1);

  const visitor = await (await anotherBrowser()).newPage();
  await visitor.goto('/?type=frog');
  await expect(pets(visitor)).toHaveCount(1);

  const remove = frog.getByRole('button', { name: 'Remove frog 35', exact: true });
  const question = page.getByRole('dialog', { name: 'Remove this pet?' });
  await remove.click();
  await expect(question).toContainText('frog');
  await question.getByRole('button', { name: 'Keep it' }).click();
  await expect(question).toBeHidden();
  await expect(remove).toBeFocused();
  await remove.click();
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await expect(frog).toHaveCount(1);

  await remove.click();
  await question.getByRole('button', { name: 'Remove' }).click();
  await expect(question).toBeHidden();
  await expect(frog).toHaveCount(0);
  await page.reload();
  await expect(pets(page)).toHaveCount(34);
  await visitor.reload();
  await expect(pets(visitor)).toHaveCount(0);
});

test('each field says what is wrong with it, and nothing is sent', async ({ page }) => {
  await signIn(page, betty);
  await page.getByRole('button', { name: 'Add a pet' }).click();
  const form = page.getByRole('dialog', { name: 'Add a pet' });
  const kind = form.getByLabel('Type');
  const price = form.getByLabel('Price');
  let sent = 0;
  page.on('request', (request) => (sent += Number(request.method() === 'POST' && request.url().endsWith('/pets'))));

  const tried: [string, string, RegExp | null, RegExp | null][] = [
    ['', '', /must not be empty/, /must be a number/],
    ['x'.repeat(41), '5', /at most 40/, null],
    ['a\u200bb', '5', /visible/, null],
    ['frog', '0', null, /between 0.01 and 1,000,000/],
    ['frog', '0.001', null, /two decimals/],
    ['frog', '-1', null, /between/],
    ['frog', '1e400', null, /between/],
    ['frog', 'NaN', null, /number/],
    ['frog', '1000000.01', null, /between/],
  ];
  for (const [aKind, aPrice, kindSays, priceSays] of tried) {
    await kind.fill(aKind);
    await price.fill(aPrice);
    await form.getByRole('button', { name: 'Save' }).click();
    await expect(kind).toHaveAttribute('aria-invalid', String(kindSays !== null));
    await expect(price).toHaveAttribute('aria-invalid', String(priceSays !== null));
    if (kindSays) await expect(kind).toHaveAccessibleDescription(kindSays);
    if (priceSays) await expect(price).toHaveAccessibleDescription(priceSays);
  }
  await expect(form).toBeVisible();
  expect(sent).toBe(0);
});

test('what only the server finds wrong is said at its field', async ({ page, consoleGuard }) => {
  await signIn(page, betty);
  await page.getByRole('button', { name: 'Add a pet' }).click();
  const form = page.getByRole('dialog', { name: 'Add a pet' });
  await page.route('**/test/pets', (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({
          status: 400,
          json: { code: 'invalid_price', field: 'price', message: 'That is too dear for today.', requestId: '1' },
        })
      : route.continue(),
  );
  consoleGuard.provoke({ status: 400, path: /^\/test\/pets$/ });
  await form.getByLabel('Type').fill('frog');
  await form.getByLabel('Price').fill('4.99');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByLabel('Price')).toHaveAccessibleDescription(/too dear for today/);
});

test('an admin sees who bought what, and removes what is sold', async ({ page, anotherBrowser }) => {
  const buyer = await (await anotherBrowser()).newPage();
  await buy(buyer, fred, 1);

  await signIn(page, betty);
  await expect(sold(page)).toContainText(`Sold a dog to ${fred.name} for $249.99`);
  await page.getByRole('button', { name: 'Remove dog 1', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(sold(page)).toHaveCount(0);
});

test('somebody who types a wrong password is told so, and may try again', async ({ page, consoleGuard }) => {
  await page.goto('/login');
  await page.getByRole('button', { name: 'Sign in' }).click();
  consoleGuard.provoke({ status: 400, path: /^\/idp\/u\/login$/ });
  await page.getByLabel('E-mail address').fill(betty.email);
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('Wrong e-mail address or password.');
  await page.getByLabel('Password').fill(betty.password!);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(page.getByRole('banner')).toContainText(betty.name);
});
