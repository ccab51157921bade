/**
 * No token, key, name or e-mail address in any log, address, store or error message: everything secret of a whole
 * journey is collected, and looked for in all that was written meanwhile.
 */

import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { type Sample, barney, betty, fred, signIn, signInAtIssuer, wilma } from '../support/people.ts';
import { type Secrets, Traffic, collectSecrets, found, kept, visited } from '../support/secrets.ts';
import { forbiddenButtons, pets, sold } from '../support/shop.ts';
import { dist } from '../support/stack.ts';
import { expect, test as base } from '../support/test.ts';

const people: Sample[] = [fred, wilma, betty, barney];

/** Names as a whole and by word, in the way in which they are never part of another word of the shop. */
const personal: Secrets = Object.fromEntries(
  people.flatMap(({ name, email }) => [name, email, ...name.split(' ')]).map((text) => [text, text]),
);

/** What an error may not say: a first name alone could be part of the id by which IAM calls the caller. */
const fullNames: Secrets = Object.fromEntries(
  people.flatMap(({ name, email }) => [name, email]).map((text) => [text, text]),
);

const wrongPassword = 'Not-my-passw0rd-at-all';

/** The lines with which a stack announces its sample sign-ins: they are public, and the only ones with a name. */
const announced = /^sign in through (Amazon|Database|Initech): .*$/gm;

/** The issuer's own cookies: they are its sessions, and no script can read them. */
const issuersCookie = /^pets_idp_\d+_(browser|session)$/;

const test = base.extend<{ secrets: Secrets; traffic: Traffic }>({
  secrets: async ({ context }, use) => {
    const secrets = await collectSecrets(context, { 'password': betty.password!, 'wrong password': wrongPassword });
    await use(secrets);
  },
  traffic: async ({ context }, use) => {
    const traffic = new Traffic();
    traffic.watch(context);
    await use(traffic);
  },
});

/** What this tab keeps and remembers, and what it says where something went wrong. */
async function look(page: Page, secrets: Secrets): Promise<void> {
  const places = { stores: await kept(page), history: (await visited(page)).join('\n') };
  expect(found(places, { ...secrets, ...personal })).toEqual([]);
  expect(found({ page: await page.content() }, secrets)).toEqual([]);
  const problems = page.locator('[role=alert], [role=dialog], [data-tone=problem]').filter({ visible: true });
  expect(found({ problems: (await problems.allInnerTexts()).join('\n') }, { ...secrets, ...fullNames })).toEqual([]);
}

/** Everything that the stack has put into its folder, file by file. */
async function files(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const read = names.filter((one) => one.isFile()).map(async ({ parentPath, name }) => {
    return [name, await readFile(join(parentPath, name), 'latin1')] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

/** The shop's own keys, in the shapes in which they could be copied somewhere. */
function keys(files: Record<string, string>): Secrets {
  const pem = files['issuer-key.pem']!.split('\n').filter((line) => line && !line.startsWith('-----'));
  const seal = Buffer.from(files['session.key']!, 'latin1');
  expect(pem.length).toBeGreaterThan(10);
  expect(seal.length).toBe(32);
  return {
    'issuer key': pem.slice(1, 4).join(''),
    'a line of the issuer key': pem[4]!,
    'seal': seal.toString('base64'),
    'seal in hex': seal.toString('hex'),
  };
}

test.describe('with tokens that live five seconds', () => {
  test.use({ stackOptions: ['--dist', dist, '--token-life', '5'] });

  test('a whole journey leaves nothing of anybody where somebody else could look', async ({
    page,
    context,
    stack,
    secrets,
    traffic,
    anotherBrowser,
    consoleGuard,
  }) => {
    const others = await anotherBrowser();
    await collectSecrets(others, secrets);
    traffic.watch(others);
    // It is a long way, for a machine with more to do a longer one.
    test.slow();
    const counted = (name: string) => Object.keys(secrets).filter((one) => one.startsWith(name)).length;

    await test.step('a visitor looks', async () => {
      await page.goto('/?type=dog');
      await expect(pets(page).first()).toBeVisible();
      await look(page, secrets);
    });

    await test.step('a sign-in is given up, comes back as an error, and comes back changed', async () => {
      await page.goto('/login');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await expect(page.getByRole('link', { name: fred.way! })).toBeVisible();
      await page.goto('/');
      await expect(pets(page).first()).toBeVisible();

      for (const answer of ['denied', 'another state', 'another code']) {
        let callback = '';
        if (answer === 'another code') consoleGuard.provoke({ status: 400, path: /^\/idp\/oauth\/token$/ });
        await page.route('**/idp/authorize?*', async (route) => {
          const { searchParams } = new URL(route.request().url());
          const state = searchParams.get('state')!;
          const said: Record<string, string> = { state, iss: `${stack.origin}/idp/` };
          if (answer === 'denied') Object.assign(said, { error: 'access_denied', error_description: 'No.' });
          else Object.assign(said, { code: 'a-code-that-the-issuer-never-gave-to-anybody' });
          if (answer === 'another state') said['state'] = `x${state.slice(1)}`;
          callback = `/callback?${new URLSearchParams(said)}`;
          await route.fulfill({ status: 302, headers: { location: callback } });
        });
        await page.goto('/login');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await expect(page.getByRole('heading', { name: 'Not signed in' })).toBeVisible();
        expect(callback).not.toBe('');
        expect(page.url()).not.toMatch(/[?#]/);
        await look(page, secrets);
        await page.unroute('**/idp/authorize?*');
      }
    });

    await test.step('a buyer signs in, buys, tries what is not theirs', async () => {
      await signIn(page, fred);
      await look(page, secrets);
      await page.getByRole('link', { name: 'Buy cat 2', exact: true }).click();
      await page.getByRole('button', { name: 'Buy this pet' }).click();
      await expect(page.getByRole('heading', { name: 'Your receipt' })).toBeVisible();
      await look(page, secrets);
      await page.getByRole('link', { name: 'See the other pets' }).click();
      await forbiddenButtons(page).click();
      consoleGuard.provoke({ status: 403, path: /^\/test\/pets\/1$/ });
      await page.getByRole('button', { name: 'Remove dog 1', exact: true }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      const refusal = page.getByRole('dialog', { name: 'Refused' });
      await expect(refusal).toContainText('403 AccessDeniedException');
      await look(page, secrets);
      await refusal.getByRole('button', { name: 'Close' }).click();
    });

    await test.step('a reload, a second tab, and tokens that were renewed', async () => {
      await page.reload();
      await expect(page.getByRole('banner')).toContainText(fred.name);
      const tab = await context.newPage();
      await tab.goto('/');
      await expect(tab.getByRole('banner')).toContainText(fred.name);
      const before = counted('id_token');
      // A purchase needs a token that lives, so each of these takes a new one.
      for (const [pet, shopper] of [[5, page], [6, tab]] as const) {
        await shopper.waitForTimeout(5_500);
        await shopper.goto(`/pets/${pet}/purchase`);
        await shopper.getByRole('button', { name: 'Buy this pet' }).click();
        await expect(shopper.getByRole('heading', { name: 'Your receipt' })).toBeVisible();
        await look(shopper, secrets);
      }
      expect(counted('id_token')).toBeGreaterThan(before);
    });

    await test.step('elsewhere an admin adds, removes and reads the sales, after a wrong password', async () => {
      const admin = await others.newPage();
      await admin.goto('/login');
      await admin.getByRole('button', { name: 'Sign in' }).click();
      consoleGuard.tolerate({ status: 401, path: /^\/idp\// }, { status: 400, path: /^\/idp\// });
      await admin.getByLabel('E-mail address').fill(betty.email);
      await admin.getByLabel('Password').fill(wrongPassword);
      await admin.getByRole('button', { name: 'Continue', exact: true }).click();
      const refused = admin.getByRole('alert');
      await expect(refused).toBeVisible();
      expect(found({ refused: await refused.innerText() }, { ...secrets, ...fullNames })).toEqual([]);
      await signInAtIssuer(admin, betty);
      await expect(admin.getByRole('banner')).toContainText(betty.name);
      await expect(sold(admin)).toContainText(fred.name);
      await admin.getByRole('button', { name: 'Add a pet' }).click();
      await admin.getByLabel('Type', { exact: true }).fill('frog');
      await admin.getByLabel('Price').fill('4.99');
      await admin.getByRole('button', { name: 'Save' }).click();
      const frog = admin.getByRole('button', { name: 'Remove frog 35', exact: true });
      await frog.click();
      await admin.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      await expect(frog).toHaveCount(0);
      await look(admin, secrets);
      await admin.getByRole('button', { name: 'Sign out' }).click();
      await expect(admin.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
    });

    await test.step('somebody without a role', async () => {
      const employee = await others.newPage();
      await signIn(employee, barney);
      await expect(employee.getByRole('banner')).toContainText('no role');
      await forbiddenButtons(employee).click();
      consoleGuard.provoke({ status: 403, path: /^\/test\/pets\/1$/ });
      await employee.getByRole('button', { name: 'Remove dog 1', exact: true }).click();
      await employee.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      await expect(employee.getByRole('dialog', { name: 'Refused' })).toBeVisible();
      await look(employee, secrets);
    });

    await test.step('the buyer signs out', async () => {
      await page.getByRole('button', { name: 'Sign out' }).click();
      await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
      for (const tab of context.pages()) await look(tab, secrets);
    });

    // What was collected is all that there is to collect: each kind, of several people.
    const least = { state: 6, nonce: 6, code: 4, code_verifier: 4, id_token: 5, access_token: 5, refresh_token: 5 };
    const keysOf = { AccessKeyId: 2, SecretAccessKey: 2, SessionToken: 2 };
    for (const [name, many] of Object.entries({ ...least, ...keysOf })) {
      expect(counted(`${name} `), name).toBeGreaterThanOrEqual(many);
    }

    await traffic.settled();
    const data = await files(stack.data);
    const cookies = [...(await context.cookies()), ...(await others.cookies())];
    for (const { name, value, httpOnly, sameSite, path } of cookies) {
      expect({ name, httpOnly, sameSite, path }).toEqual({
        name: expect.stringMatching(issuersCookie),
        httpOnly: true,
        sameSite: 'Lax',
        path: '/idp/',
      });
      secrets[`cookie ${name}`] = value;
    }
    expect(cookies.length).toBeGreaterThan(0);
    const places = {
      log: stack.log.replaceAll(announced, ''),
      addresses: traffic.addresses.join('\n'),
      referers: traffic.referers.join('\n'),
      console: traffic.console.join('\n'),
    };
    expect(found(places, { ...secrets, ...keys(data), ...personal })).toEqual([]);

    // In the folder are the keys, each in its own file, and the buyer's name beside the pet, as it was meant.
    const { 'issuer-key.pem': pem, 'session.key': seal, ...others_ } = data;
    expect(pem && seal).toBeTruthy();
    const address = { [fred.email]: fred.email, [betty.email]: betty.email };
    expect(found(others_, { ...secrets, ...keys(data), ...address })).toEqual([]);
    const named = found(others_, { fred: fred.name, barney: barney.name, betty: betty.name });
    expect(named.length).toBeGreaterThan(0);
    for (const one of named) expect(one).toMatch(/^fred in dynamodb\.sqlite3/);

    // And what is written at all has been looked at.
    for (const line of ['listening on', 'signed in through amazon', 'wrong e-mail address or password', 'signed out']) {
      expect(places.log).toContain(line);
    }
    expect(places.log).toMatch(/DELETE \/pets\/1/);
    expect(traffic.addresses.filter((one) => one.includes('/callback?')).length).toBeGreaterThanOrEqual(5);
  });
});

test('the search finds what is put there, in whatever spelling', async ({ page, secrets, traffic, consoleGuard }) => {
  await signIn(page, fred);
  await page.getByRole('link', { name: 'Buy cat 2', exact: true }).click();
  await page.getByRole('button', { name: 'Buy this pet' }).click();
  await expect(page.getByRole('heading', { name: 'Your receipt' })).toBeVisible();
  const name = Object.keys(secrets).find((one) => one.startsWith('id_token'))!;
  const one = { [name]: secrets[name]! };
  const clean = await kept(page);
  expect(found({ clean }, { ...one, ...personal })).toEqual([]);

  const signature = secrets[name]!.split('.')[2]!;
  const spelled = {
    raw: `<${secrets[name]}>`,
    'a part': signature,
    'cut off': signature.slice(0, 30),
    'its end': `…${signature.slice(-24)}`,
    base64: Buffer.from(`{"a":"${secrets[name]}"}`).toString('base64'),
    hex: Buffer.from(signature).toString('hex'),
    quoted: encodeURIComponent(JSON.stringify({ token: secrets[name] })),
  };
  expect(found(spelled, one)).toEqual(Object.keys(spelled).map((place) => `${name} in ${place}`));
  const names = {
    upper: 'FRED FLINTSTONE',
    form: 'name=Fred+Flintstone',
    url: 'Fred%20Flintstone',
    base64: Buffer.from('xFred Flintstone,').toString('base64'),
  };
  expect(found(names, { fred: fred.name })).toEqual(Object.keys(names).map((place) => `fred in ${place}`));

  // Each place in a page, one after the other.
  consoleGuard.tolerate({ status: 404, path: /leak/ });
  const leaks: Record<string, (secret: string) => unknown> = {
    local: (secret) => localStorage.setItem('x', secret),
    session: (secret) => sessionStorage.setItem('x', secret),
    cookie: (secret) => (document.cookie = `x=${secret.slice(-60)}; path=/`),
    state: (secret) => history.replaceState({ secret }, ''),
    name: (secret) => (window.name = secret),
    performance: (secret) => performance.mark(secret),
    cache: async (secret) => (await caches.open('x')).put('/x', new Response(secret)),
    database: (secret) =>
      new Promise((done) => {
        const asked = indexedDB.open('x', 1);
        asked.onupgradeneeded = () => asked.result.createObjectStore('x', { autoIncrement: true }).add({ secret });
        asked.onsuccess = () => done(asked.result.close());
      }),
  };
  for (const [place, leak] of Object.entries(leaks)) {
    await page.evaluate(leak, secrets[name]!);
    expect(found({ [place]: await kept(page) }, one), place).toHaveLength(1);
    await page.evaluate(async () => {
      localStorage.clear();
      sessionStorage.clear();
      document.cookie = 'x=; path=/; max-age=0';
      history.replaceState(null, '');
      window.name = '';
      performance.clearMarks();
      await caches.delete('x');
      indexedDB.deleteDatabase('x');
    });
    await expect.poll(async () => found({ [place]: await kept(page) }, one)).toEqual([]);
  }

  // What goes over the network, and what stays of it in the history and the console.
  await page.evaluate((secret) => console.info(secret), secrets[name]!);
  await page.goto(`/?leak=${signature}`, { referer: `http://localhost/${signature}` });
  await expect(pets(page).first()).toBeVisible();
  await traffic.settled();
  const { addresses, referers, console: said } = traffic;
  const leaked = {
    addresses: addresses.join(),
    referers: referers.join(),
    console: said.join(),
    history: (await visited(page)).join(),
  };
  expect(found(leaked, one)).toEqual(Object.keys(leaked).map((place) => `${name} in ${place}`));
});
