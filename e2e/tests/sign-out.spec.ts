/** Signing out leaves nothing behind: not in a store, not in memory, not in another tab, not at the issuer. */

import { memoryCount, secretsInMemory, watchMemories } from '../support/memory.ts';
import { fred, signIn, wilma } from '../support/people.ts';
import { collectSecrets, kept } from '../support/secrets.ts';
import { expect, test } from '../support/test.ts';

test('while somebody is signed in, nothing secret is in any store', async ({ page, context }) => {
  const secrets = await collectSecrets(context);
  await signIn(page, fred);
  await page.goto('/pets/1/purchase');
  await page.getByRole('button', { name: 'Buy this pet' }).click();
  await expect(page.getByRole('heading', { name: 'Your receipt' })).toBeVisible();
  expect(Object.keys(secrets).length).toBeGreaterThanOrEqual(5);

  const everything = (await kept(page)) + JSON.stringify(await context.storageState());
  for (const [name, secret] of Object.entries(secrets)) expect(everything, name).not.toContain(secret);
  for (const personal of [fred.name, fred.email, 'amzn1.account']) expect(everything).not.toContain(personal);
  // What the page's own address shows, and its history keeps, is no secret either.
  expect(page.url()).not.toMatch(/code=|state=|token/);
});

test('signing out leaves nothing behind', async ({ page, context }) => {
  await watchMemories(context);
  const secrets = await collectSecrets(context);
  await signIn(page, fred);
  const otherTab = await context.newPage();
  await otherTab.goto('/');
  await expect(otherTab.getByRole('banner')).toContainText(fred.name);
  await otherTab.getByRole('link', { name: 'Buy cat 2', exact: true }).click();
  await otherTab.getByRole('button', { name: 'Buy this pet' }).click();
  await expect(otherTab.getByRole('heading', { name: 'Your receipt' })).toBeVisible();

  // The search finds what is there: otherwise it would prove nothing to find nothing.
  expect(await memoryCount(page)).toBeGreaterThan(0);
  expect(await memoryCount(otherTab)).toBeGreaterThan(0);
  const names = Object.keys(secrets);
  expect(names.filter((name) => name.startsWith('refresh_token')).length).toBeGreaterThan(0);
  expect(names.filter((name) => name.startsWith('SecretAccessKey')).length).toBeGreaterThan(0);
  expect((await secretsInMemory(page, secrets)).length).toBeGreaterThan(0);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
  await expect(otherTab.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();

  for (const [where, tab] of Object.entries({ 'this tab': page, 'the other tab': otherTab })) {
    await expect(tab.getByText(fred.name), where).toHaveCount(0);
    expect(JSON.parse(await kept(tab)), where).toMatchObject({
      local: {},
      session: {},
      cookies: '',
      databases: [],
      caches: [],
      workers: 0,
      name: '',
    });
    expect(await secretsInMemory(tab, secrets), where).toEqual([]);
  }
  expect(await context.cookies()).toEqual([]);

  // Neither a reload nor the way back makes somebody of nobody.
  for (const tab of [page, otherTab]) {
    await tab.goto('/');
    await expect(tab.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
  }
  await page.goBack();
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
});

test('after a sign-out the issuer asks again who is there, and another person may come', async ({ page }) => {
  await signIn(page, fred);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
  await signIn(page, wilma);
  await expect(page.getByRole('banner')).not.toContainText(fred.name);
});

test('the refresh token is worth nothing after a sign-out', async ({ page, context, stack }) => {
  const secrets = await collectSecrets(context);
  await signIn(page, fred);
  const refreshToken = Object.entries(secrets).find(([name]) => name.startsWith('refresh_token'))?.[1];
  expect(refreshToken).toBeTruthy();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
  const answer = await fetch(`${stack.origin}/idp/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'refresh_token', client_id: 'pets-spa', refresh_token: refreshToken! }),
  });
  expect(await answer.json()).toMatchObject({ error: 'invalid_grant' });
});
