/** Every page in every state that it can be in, and how to get there: for axe, and for pictures. */

import { type Page, expect } from '@playwright/test';
import type { ConsoleGuard } from './console-guard.ts';
import { type Sample, barney, betty, fred, signIn, wilma } from './people.ts';
import { forbiddenButtons, pets, sold } from './shop.ts';

export interface Place {
  name: string;
  /** Goes there, from a new browser at a new shop. */
  go(page: Page, guard: ConsoleGuard): Promise<void>;
}

/** Signs in, and buys the pets with these numbers. */
export async function buy(page: Page, person: Sample, ...numbers: number[]): Promise<void> {
  await signIn(page, person);
  for (const number of numbers) {
    await page.goto(`/pets/${number}/purchase`);
    await page.getByRole('button', { name: 'Buy this pet' }).click();
    await expect(page.getByRole('heading', { name: 'Your receipt' })).toBeVisible();
  }
}

async function leave(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
}

/** A shop in which some pets are sold, to two people. */
export async function someAreSold(page: Page): Promise<void> {
  await buy(page, wilma, 5, 12);
  await leave(page);
  await buy(page, fred, 1, 2);
  await page.goto('/');
  await expect(sold(page)).toContainText('to you');
}

export const places: Place[] = [
  {
    name: 'home of a visitor',
    async go(page) {
      await page.goto('/');
      await expect(pets(page)).toHaveCount(34);
    },
  },
  {
    name: 'home where nothing is found',
    async go(page) {
      await page.goto('/?type=unicorn');
      await expect(page.getByRole('status').filter({ hasText: 'unicorn' })).toBeVisible();
    },
  },
  { name: 'home of a buyer, some sold', go: someAreSold },
  {
    name: 'home of a buyer with what is forbidden',
    async go(page) {
      await someAreSold(page);
      await forbiddenButtons(page).click();
      await expect(page.getByRole('button', { name: 'Add a pet' })).toBeVisible();
    },
  },
  {
    name: 'home of an admin, some sold',
    async go(page) {
      await someAreSold(page);
      await leave(page);
      await signIn(page, betty);
      await expect(sold(page)).toContainText(wilma.name);
    },
  },
  {
    name: 'home without a role',
    async go(page) {
      await signIn(page, barney);
      await expect(pets(page)).toHaveCount(34);
    },
  },
  {
    name: 'adding, with messages',
    async go(page) {
      await signIn(page, betty);
      await page.getByRole('button', { name: 'Add a pet' }).click();
      await page.getByRole('button', { name: 'Save' }).click();
      await expect(page.getByLabel('Price')).toHaveAttribute('aria-invalid', 'true');
    },
  },
  {
    name: 'removing',
    async go(page) {
      await signIn(page, betty);
      await page.getByRole('button', { name: 'Remove cat 2', exact: true }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
  {
    name: 'refused',
    async go(page, guard) {
      await signIn(page, betty);
      await forbiddenButtons(page).click();
      guard.provoke({ status: 403, path: /^\/test\/pets\/purchase$/ });
      await page.getByRole('button', { name: 'Buy cat 2', exact: true }).click();
      await expect(page.getByRole('dialog', { name: 'Refused' })).toBeVisible();
    },
  },
  {
    name: 'access of a visitor',
    async go(page) {
      await page.goto('/access');
      await expect(page.getByRole('table')).toBeVisible();
    },
  },
  {
    name: 'access without a role',
    async go(page) {
      await signIn(page, barney);
      await page.getByRole('link', { name: 'Why?' }).click();
      await expect(page.getByRole('table')).toBeVisible();
    },
  },
  {
    name: 'access after a refusal',
    async go(page, guard) {
      await signIn(page, betty);
      await forbiddenButtons(page).click();
      guard.provoke({ status: 403, path: /^\/test\/pets\/purchase$/ });
      await page.getByRole('button', { name: 'Buy cat 2', exact: true }).click();
      await page.getByRole('dialog', { name: 'Refused' }).getByRole('link', { name: 'Why?' }).click();
      await expect(page.getByRole('button', { name: 'POST /pets/purchase', exact: true })).toBeFocused();
    },
  },
  {
    name: 'login',
    async go(page) {
      await page.goto('/login');
      await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
    },
  },
  {
    name: 'sign-in page of the issuer',
    async go(page, guard) {
      await page.goto('/login');
      await page.getByRole('button', { name: 'Sign in' }).click();
      guard.provoke({ status: 400, path: /^\/idp\/u\/login$/ });
      await page.getByLabel('E-mail address').fill(betty.email);
      await page.getByLabel('Password').fill('wrong');
      await page.getByRole('button', { name: 'Continue', exact: true }).click();
      await expect(page.getByRole('alert')).toBeVisible();
    },
  },
  {
    name: 'choice of people at the issuer',
    async go(page) {
      await page.goto('/login');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('link', { name: 'Continue with Amazon' }).click();
      await expect(page.getByRole('button', { name: fred.name })).toBeVisible();
    },
  },
  {
    name: 'callback that answers nothing',
    async go(page) {
      await page.goto('/callback?code=x&state=y');
      await expect(page.getByRole('alert')).toBeVisible();
    },
  },
  {
    name: 'purchase as a visitor',
    async go(page) {
      await page.goto('/pets/1/purchase');
      await expect(page.getByRole('link', { name: 'Sign in to buy' })).toBeVisible();
    },
  },
  {
    name: 'purchase as a buyer',
    async go(page) {
      await signIn(page, fred);
      await page.goto('/pets/1/purchase');
      await expect(page.getByRole('button', { name: 'Buy this pet' })).toBeVisible();
    },
  },
  {
    name: 'purchase as an admin',
    async go(page) {
      await signIn(page, betty);
      await page.goto('/pets/1/purchase');
      await expect(page.getByRole('main')).toContainText('admins don');
    },
  },
  { name: 'receipt', go: (page) => buy(page, fred, 1) },
  {
    name: 'too late',
    async go(page) {
      await buy(page, wilma, 1);
      await leave(page);
      await signIn(page, fred);
      await page.goto('/pets/1/purchase');
      await expect(page.getByRole('main')).toContainText('Somebody was faster');
    },
  },
  {
    name: 'no such pet',
    async go(page) {
      await page.goto('/pets/999/purchase');
      await expect(page.getByRole('heading', { name: 'No such pet' })).toBeVisible();
    },
  },
  {
    name: 'no such page',
    async go(page) {
      await page.goto('/no/such/page');
      await expect(page.getByRole('heading', { name: 'Not found' })).toBeVisible();
    },
  },
  {
    name: 'API that cannot be reached',
    async go(page, guard) {
      guard.provoke({ status: 'none', path: /^\/test\/pets$/ });
      await page.route('**/test/pets*', (route) => route.abort());
      await page.goto('/');
      await expect(page.getByRole('alert')).toContainText('could not be reached');
    },
  },
  {
    name: 'configuration that is wrong',
    async go(page) {
      await page.route('**/config.json', (route) => route.fulfill({ json: {} }));
      await page.goto('/');
      await expect(page.getByRole('alert')).toContainText('config.json');
    },
  },
  {
    name: 'app that cannot be loaded',
    async go(page, guard) {
      guard.provoke({ status: 'none', path: /\.wasm$/ }, { uncaught: /fetch/i });
      await page.route('**/*.wasm', (route) => route.abort());
      await page.goto('/');
      await expect(page.getByRole('alert')).toContainText('could not be loaded');
    },
  },
  {
    name: 'app that is being loaded',
    async go(page) {
      await page.route('**/*.wasm', () => new Promise(() => {}));
      await page.goto('/', { waitUntil: 'commit' });
      await expect(page.getByRole('status')).toContainText('opening its doors');
    },
  },
];
