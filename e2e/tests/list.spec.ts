/** Lists of any size: what is in the document, the next page, and the way back to where one was. */

import type { Page } from '@playwright/test';
import { many, stock } from '../support/many.ts';
import { betty, fred, signIn } from '../support/people.ts';
import { forbiddenButtons, pets, sold } from '../support/shop.ts';
import { expect, test } from '../support/test.ts';

/** In a long list the rows of the whole list have their place, whatever is there. */
async function heights(page: Page): Promise<{ list: number; row: number; columns: number }> {
  return page.locator('#pets-unsold').evaluate((list) => {
    const style = getComputedStyle(list);
    return {
      list: list.getBoundingClientRect().height,
      row: parseFloat(style.gridAutoRows) + parseFloat(style.rowGap),
      columns: style.gridTemplateColumns.split(' ').length,
    };
  });
}

/** The numbers of the pets in the middle of the window, by what a person sees there. */
async function seen(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const points = [0.3, 0.5, 0.7].flatMap((x) => [0.3, 0.5, 0.7].map((y) => [innerWidth * x, innerHeight * y] as const));
    const cards = points.map(([x, y]) => document.elementFromPoint(x, y)?.closest('li')?.id);
    return [...new Set(cards.filter((id) => id !== undefined))];
  });
}

for (const width of [390, 1280]) {
  test(`of ten thousand pets those near the screen are in the document, ${width} wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: 844 });
    await stock(page, many(10_000), 10_000);
    await page.goto('/');
    await expect(page.getByRole('status').filter({ hasText: '8000 pets for sale, 2000 sold.' })).toBeVisible();
    await expect.poll(() => pets(page).count()).toBeLessThan(100);
    await expect(pets(page).first()).toHaveAttribute('aria-setsize', '8000');
    await expect(pets(page).first()).toHaveAttribute('aria-posinset', '1');
    const { list, row, columns } = await heights(page);
    expect(columns).toBe(width === 390 ? 2 : 4);
    expect(Math.abs(list + 20 - Math.ceil(8000 / columns) * row)).toBeLessThan(30);

    for (const part of [0.1, 0.37, 0.5, 0.7, 0.2]) {
      await page.evaluate((part) => scrollTo(0, document.documentElement.scrollHeight * part), part);
      await expect.poll(async () => (await seen(page)).length).toBeGreaterThan(0);
      expect((await heights(page)).list).toBe(list);
      expect(await page.getByRole('listitem').count()).toBeLessThan(150);
    }
    await page.keyboard.press('End');
    await expect(sold(page).getByRole('listitem').last()).toBeInViewport();
    await expect(sold(page).getByRole('listitem').last()).toHaveAttribute('aria-posinset', '2000');
    expect((await heights(page)).list).toBe(list);
  });
}

test('what is typed narrows a long list and gives it back, and the cards that fit stay', async ({ page }) => {
  await stock(page, many(1_000), 1_000);
  await page.goto('/');
  await expect(pets(page).first()).toHaveAttribute('aria-setsize', '800');
  await pets(page).first().evaluate((card) => card.setAttribute('data-was', 'here'));
  await page.getByLabel('Filter by type').fill('CAT');
  await expect(page.getByRole('status').filter({ hasText: '100 pets for sale, 25 sold.' })).toBeVisible();
  await expect(pets(page)).toHaveCount(100);
  await expect(pets(page).filter({ hasNotText: 'cat' })).toHaveCount(0);
  await expect(pets(page).first()).toHaveAttribute('data-was', 'here');
  await page.getByLabel('Filter by type').clear();
  await expect(pets(page).first()).toHaveAttribute('aria-setsize', '800');
  await expect(pets(page).first()).toHaveAttribute('data-was', 'here');
});

test('a keyboard goes through a long list, and the focus stays where it is whatever is scrolled', async ({ page }) => {
  await signIn(page, fred);
  await stock(page, many(1_000), 1_000);
  await page.goto('/');
  const link = (pet: number) => page.locator(`#pet-${pet} a`);
  await link(1).focus();
  let last = 1;
  for (let tabs = 0; tabs < 120; tabs += 1) {
    await page.keyboard.press('Tab');
    // Every fifth is sold.
    last += (last + 1) % 5 === 0 ? 2 : 1;
    await expect(link(last)).toBeFocused();
  }
  await expect(link(last)).toBeInViewport();

  for (const part of [0, 0.6]) {
    await page.evaluate((part) => scrollTo(0, document.documentElement.scrollHeight * part), part);
    await expect(page.locator(`#pet-${last}`)).toHaveAttribute('data-away', '');
    await expect(link(last)).toBeFocused();
    await expect(page.locator(`#pet-${last}`)).toHaveAttribute('aria-posinset', String(last - Math.floor(last / 5)));
  }
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await link(last).scrollIntoViewIfNeeded();
  await expect(page.locator(`#pet-${last}`)).not.toHaveAttribute('data-away');
});

test('a window that becomes narrow keeps the pets that were seen, and buttons make the rows higher', async ({ page }) => {
  await stock(page, many(1_000), 1_000);
  await page.goto('/');
  await expect(pets(page).first()).toHaveAttribute('aria-setsize', '800');
  await page.evaluate(() => scrollTo(0, 20_000));
  await expect.poll(async () => (await seen(page)).length).toBeGreaterThan(3);
  const before = await seen(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expect.poll(async () => (await seen(page)).some((id) => before.includes(id))).toBe(true);
  expect((await heights(page)).columns).toBe(2);

  await page.evaluate(() => scrollTo(0, 0));
  const { list, row } = await heights(page);
  await forbiddenButtons(page).click();
  await expect.poll(async () => (await heights(page)).row).toBeGreaterThan(row);
  await expect.poll(async () => (await heights(page)).list).toBeGreaterThan(list);
  const higher = await heights(page);
  expect(Math.abs(higher.list - 400 * higher.row)).toBeLessThan(30);
});

test('a long name has room in a long list', async ({ page }) => {
  const long = many(300).map((pet) => (pet.id === 7 ? { ...pet, type: 'an extraordinarily long-named animal ok' } : pet));
  await page.setViewportSize({ width: 390, height: 844 });
  await stock(page, long, 300);
  await page.goto('/');
  const card = page.locator('#pet-7');
  await expect(card).toContainText('extraordinarily');
  const [own, other] = [await card.boundingBox(), await page.locator('#pet-6').boundingBox()];
  expect(own!.height).toBe(other!.height);
  const price = card.locator('.pet-price');
  await price.scrollIntoViewIfNeeded();
  await expect(price).toBeInViewport();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

test('the next page is there before the end is reached, and none after it is asked for', async ({ page }) => {
  const asked = await stock(page, many(500));
  await page.goto('/');
  await expect(pets(page)).toHaveCount(50);
  expect(asked).toEqual(['']);
  await page.getByRole('button', { name: 'Show more' }).scrollIntoViewIfNeeded();
  await expect.poll(() => asked).toEqual(['', '?cursor=50']);
  await page.evaluate(() => scrollTo(0, 0));
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await expect(pets(page)).toHaveCount(50);
  expect(asked).toHaveLength(2);

  await page.getByRole('button', { name: 'Show more' }).click();
  await expect(pets(page)).toHaveCount(100);
  await expect(page).toHaveURL('/?pages=2');
});

test('a next page that could not be had is asked for again by the button', async ({ page, consoleGuard }) => {
  await stock(page, many(500));
  let fails = 0;
  await page.route(/\/test\/pets\?cursor=50$/, async (route) => {
    fails += 1;
    await (fails < 3 ? route.fulfill({ status: 400, json: { code: 'bad_request', message: 'No.' } }) : route.fallback());
  });
  consoleGuard.provoke({ status: 400, path: /\/test\/pets$/ });
  await page.goto('/');
  const more = page.getByRole('button', { name: 'Show more' });
  await more.scrollIntoViewIfNeeded();
  await expect.poll(() => fails).toBe(1);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await more.click();
  await expect(page.getByRole('alert')).toBeVisible();
  await more.click();
  await expect(pets(page)).toHaveCount(100);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('the way back from a pet leads to where one was: pages, place, focus, and what was typed', async ({ page }) => {
  await signIn(page, fred);
  const asked = await stock(page, many(500));
  await page.goto('/');
  for (const count of [100, 150, 200]) {
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect(page.getByRole('status').filter({ hasText: `${count} pets for sale` })).toBeVisible();
  }
  await page.getByLabel('Filter by type').fill('a');
  const link = page.locator('#pet-121 a');
  await link.focus();
  const scrolled = await page.evaluate(() => scrollY);
  expect(scrolled).toBeGreaterThan(1_000);
  asked.length = 0;

  for (const again of [false, true]) {
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL('/pets/121/purchase');
    await expect(page.getByRole('heading', { level: 1, name: 'Buy a pet: cat' })).toBeVisible();
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await page.goBack();
    await expect(page).toHaveURL('/?pages=4');
    await expect(link).toBeFocused();
    await expect(page.getByLabel('Filter by type')).toHaveValue('a');
    expect(await page.evaluate(() => scrollY), again ? 'the second time' : 'the first time').toBe(scrolled);
  }
  expect(asked.filter((search) => search.includes('limit=100'))).not.toHaveLength(0);
});

test('a reload comes back to the pages and the place', async ({ page }) => {
  await stock(page, many(500));
  await page.goto('/?sort=-id');
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect(page).toHaveURL('/?sort=-id&pages=2');
  await page.evaluate(() => scrollTo(0, 3_000));
  await expect.poll(() => page.evaluate(() => String(history.state))).toMatch(/^3000\n/);
  await page.reload();
  await expect(pets(page)).toHaveCount(100);
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(3_000);
  // Another order is another list, from its top.
  await page.getByLabel('Order').selectOption('Longest here');
  await expect(page).toHaveURL('/');
  await expect(pets(page)).toHaveCount(50);
});

test('an address that asks for pages that are none is a list from its top', async ({ page }) => {
  await stock(page, many(120));
  for (const pages of ['0', '-1', 'x', '1.5', '']) {
    await page.goto(`/?pages=${pages}`);
    await expect(pets(page)).toHaveCount(50);
  }
  await page.goto('/?pages=65535');
  await expect(page.getByRole('status').filter({ hasText: '96 pets for sale, 24 sold.' })).toBeVisible();
});

test('order and status show at once on what is loaded, and then as the shop answers', async ({ page }) => {
  await stock(page, many(500));
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route(/\/test\/pets\?sort/, async (route) => {
    await held;
    await route.fallback();
  });
  await page.goto('/');
  await expect(pets(page).first()).toContainText('$10.50');
  await page.getByLabel('Order').selectOption('Dearest');
  // Of the fifty that are loaded; the dearest of all is still on its way.
  const prices = async () => (await pets(page).locator('.pet-price').allTextContents()).map((price) => Number(price.slice(1)));
  const sorted = async () => {
    const found = await prices();
    return found.length === 50 && found.every((price, index) => index === 0 || found[index - 1]! >= price);
  };
  await expect.poll(sorted).toBe(true);
  const loaded = await prices();
  answer();
  await expect.poll(async () => (await prices()).join() === loaded.join()).toBe(false);
  expect(await sorted()).toBe(true);
});

test('what an admin adds and removes shows in a long list', async ({ page }) => {
  await signIn(page, betty);
  // Their numbers are none that the stack gives.
  await stock(page, many(1_000).map((pet) => ({ ...pet, id: pet.id + 1_000 })), 1_000);
  await page.goto('/');
  await expect(pets(page).first()).toHaveAttribute('aria-setsize', '800');
  await page.getByRole('button', { name: 'Add a pet' }).click();
  await page.getByLabel('Type', { exact: true }).fill('owl');
  await page.getByLabel('Price').fill('5');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(pets(page).first()).toContainText('owl');
  await expect(pets(page).first()).toHaveAttribute('aria-setsize', '801');
  // The stack knows of none of the others.
  await page.getByRole('button', { name: 'Remove owl' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(pets(page).first()).toHaveAttribute('aria-setsize', '800');
  await expect(pets(page).first()).toContainText('cat');
});
