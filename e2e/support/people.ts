/** The people of the sample tenant, and what they press to sign in. */

import { type Page, expect } from '@playwright/test';

export interface Sample {
  name: string;
  email: string;
  /** The link on the sign-in page that leads to the choice of people; without one, the form is filled in. */
  way?: string;
  password?: string;
}

export const fred: Sample = { name: 'Fred Flintstone', email: 'fred@example.com', way: 'Continue with Amazon' };
export const wilma: Sample = { name: 'Wilma Flintstone', email: 'wilma@example.com', way: 'Continue with Amazon' };
export const betty: Sample = { name: 'Betty Rubble', email: 'betty@example.com', password: 'Yabba-dabba-d00!' };
export const barney: Sample = {
  name: 'Barney Rubble',
  email: 'barney@initech.example',
  way: 'Continue with Initech (enterprise)',
};

/** Does on the issuer's page what this person does there. */
export async function signInAtIssuer(page: Page, person: Sample): Promise<void> {
  if (person.password) {
    await page.getByLabel('E-mail address').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Continue', exact: true }).click();
  } else {
    await page.getByRole('link', { name: person.way! }).click();
    await page.getByRole('button', { name: person.name }).click();
  }
}

/** From wherever the page is to its home page, signed in. */
export async function signIn(page: Page, person: Sample): Promise<void> {
  await page.goto('/login');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await signInAtIssuer(page, person);
  await expect(page.getByRole('banner')).toContainText(person.name);
}
