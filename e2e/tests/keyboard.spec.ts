/** The shop without a mouse. */

import { tabTo } from '../support/keyboard.ts';
import { betty, fred } from '../support/people.ts';
import { pets } from '../support/shop.ts';
import { expect, test } from '../support/test.ts';

test('a pet is bought with the keyboard alone', async ({ page }) => {
  await page.goto('/');
  await expect(pets(page)).toHaveCount(34);
  await tabTo(page.getByRole('banner').getByRole('link', { name: 'Sign in' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeFocused();
  await tabTo(page.getByRole('button', { name: 'Sign in' }));
  await page.keyboard.press('Enter');
  await tabTo(page.getByRole('link', { name: 'Continue with Amazon' }));
  await page.keyboard.press('Enter');
  await tabTo(page.getByRole('button', { name: fred.name }));
  await page.keyboard.press('Enter');

  await expect(page.getByRole('banner')).toContainText(fred.name);
  await tabTo(page.getByLabel('Filter by type'));
  await page.keyboard.type('parrot');
  await page.keyboard.press('Enter');
  await expect(pets(page)).toHaveCount(1);
  await tabTo(page.getByRole('link', { name: 'Buy parrot 6', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await tabTo(page.getByRole('button', { name: 'Buy this pet' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'The parrot is yours' })).toBeFocused();
});

test('a dialog keeps the focus, closes with Escape and gives the focus back', async ({ page }) => {
  await page.goto('/login');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await tabTo(page.getByLabel('E-mail address'));
  await page.keyboard.type(betty.email);
  await tabTo(page.getByLabel('Password'));
  await page.keyboard.type(betty.password!);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('banner')).toContainText(betty.name);

  const add = page.getByRole('button', { name: 'Add a pet' });
  await tabTo(add);
  await page.keyboard.press('Enter');
  const form = page.getByRole('dialog', { name: 'Add a pet' });
  await expect(form.getByLabel('Type')).toBeFocused();
  for (let presses = 0; presses < 12; presses++) {
    await page.keyboard.press('Tab');
    // Between the last element and the first, the browser itself has its turn.
    const inside = await form.evaluate(
      (dialog) => dialog.contains(document.activeElement) || document.activeElement === document.body,
    );
    expect(inside).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(form).toBeHidden();
  await expect(add).toBeFocused();
});

test('the first key press offers the way past the header', async ({ page }) => {
  await page.goto('/');
  await expect(pets(page)).toHaveCount(34);
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to the content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});
