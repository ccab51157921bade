/**
 * An OpenID Connect server that we did not write, in place of the built-in issuer, and everything at an origin of its
 * own, as it is when it is deployed: the page, the API with STS, the issuer.
 */

import { expect, test as base } from '../support/test.ts';
import { ForeignIssuer, clientId } from '../support/foreign-issuer.ts';
import { pets, sold } from '../support/shop.ts';
import { Site } from '../support/site.ts';
import { Stack, dist } from '../support/stack.ts';

const test = base.extend<{ site: Site; issuer: ForeignIssuer }>({
  site: async ({}, use) => {
    const site = await Site.start();
    await use(site);
    await site.stop();
  },
  issuer: async ({ site }, use) => {
    const issuer = await ForeignIssuer.start(site.origin);
    await use(issuer);
    await issuer.stop();
    expect(issuer.errors).toEqual([]);
  },
  stack: async ({ data, site, issuer }, use) => {
    const options = ['--issuer', issuer.url, '--client-id', clientId, '--app-origin', site.origin, '--dist', dist];
    const stack = await Stack.start(data, options);
    await site.stand(stack);
    expect(site.config).toMatchObject({ issuer: issuer.url, clientId });
    await use(stack);
    await stack.stop();
  },
  baseURL: async ({ site, stack }, use) => {
    expect(new Set([site.origin, stack.origin]).size).toBe(2);
    await use(site.origin);
  },
});

test('a subject with a social prefix signs in, buys and signs out', async ({ page }) => {
  await page.goto('/login');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Dino the Buyer' }).click();
  await expect(page.getByRole('banner')).toContainText('Dino the Buyerbuyer');
  await page.getByRole('link', { name: 'Buy cat 2', exact: true }).click();
  await page.getByRole('button', { name: 'Buy this pet' }).click();
  await expect(page.getByRole('heading', { name: 'Your receipt' })).toBeVisible();

  await page.reload();
  await expect(page.getByRole('banner')).toContainText('Dino the Buyer');
  await page.goto('/');
  await expect(sold(page)).toContainText('Sold a cat to you');

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
  await expect(sold(page)).toContainText('Sold a cat to D•••');
});

test('a subject of the Database Connection is an admin, and adds a pet', async ({ page, consoleGuard }) => {
  await page.goto('/login');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Pebbles the Admin' }).click();
  await expect(page.getByRole('banner')).toContainText('Pebbles the Adminadmin');
  await page.getByRole('button', { name: 'Add a pet' }).click();
  await page.getByLabel('Type', { exact: true }).fill('frog');
  await page.getByLabel('Price').fill('4.99');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(pets(page)).toHaveCount(35);

  // Refusals cross origins too, or the page could only report a network error.
  await page.getByRole('switch', { name: 'Show what I may not do' }).click();
  consoleGuard.provoke({ status: 403, path: /^\/test\/pets\/purchase$/ });
  await page.getByRole('button', { name: 'Buy dog 1', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'Refused' })).toContainText('assumed-role/auth0-api-role/');
});
