/** The page that says who somebody is, what they may do, and who decided; and the way there from a refusal. */

import type { Locator, Page } from '@playwright/test';
import { isAccessible } from '../support/accessibility.ts';
import { tabTo } from '../support/keyboard.ts';
import { type Sample, barney, betty, fred, signIn } from '../support/people.ts';
import { forbiddenButtons, pets } from '../support/shop.ts';
import { expect, test } from '../support/test.ts';

const adminCalls = ['GET /pets', 'POST /pets', 'GET /pets/sales', 'DELETE /pets/{petId}'];
const buyerCalls = ['GET /pets', 'POST /pets/purchase', 'GET /pets/purchases'];
const calls = [...new Set([...adminCalls, ...buyerCalls])];

function step(page: Page, name: string): Locator {
  return page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true, level: 2 }) });
}

function row(page: Page, call: string): Locator {
  return page.getByRole('row').filter({ has: page.getByRole('button', { name: call, exact: true }) });
}

/** What lies behind the row. */
function reasons(page: Page, call: string): Locator {
  return row(page, call).locator('xpath=following-sibling::tr[1]');
}

async function open(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Shop' }).getByRole('link', { name: 'Access' }).click();
  await expect(page.getByRole('heading', { name: 'Access', level: 1 })).toBeFocused();
  await expect(page.getByRole('table')).toBeVisible();
}

/** A page as it is deployed: nobody explains the documents to it. */
async function deploy(page: Page): Promise<void> {
  await page.route('**/config.json', async (route) => {
    const { explainUrl: _, ...config } = await (await route.fetch()).json();
    await route.fulfill({ json: config });
  });
}

/** The verdicts of every row: visitor, admin, buyer. */
async function says(page: Page, call: string): Promise<string[]> {
  const cells = await row(page, call).getByRole('cell').allInnerTexts();
  return cells.slice(0, 3).map((cell) => /allowed|refused/.exec(cell)?.[0] ?? cell);
}

async function tableIsRight(page: Page): Promise<void> {
  for (const call of calls) {
    const word = (list: string[]) => (list.includes(call) ? 'allowed' : 'refused');
    expect(await says(page, call), call).toEqual([word(['GET /pets']), word(adminCalls), word(buyerCalls)]);
  }
}

const kinds: { who: string; person?: Sample; allowed: string[]; ends: string[] }[] = [
  { who: 'a visitor', allowed: ['GET /pets'], ends: ['nobody', 'not reached', 'not reached', 'not reached'] },
  { who: 'a buyer', person: fred, allowed: buyerCalls, ends: ['allowed', 'allowed', 'allowed', 'allowed'] },
  { who: 'an admin', person: betty, allowed: adminCalls, ends: ['allowed', 'allowed', 'allowed', 'allowed'] },
  { who: 'nobody in particular', person: barney, allowed: ['GET /pets'], ends: ['allowed', 'allowed', 'refused', 'refused'] },
];

for (const { who, person, allowed, ends } of kinds) {
  for (const deployed of [false, true]) {
    test(`${who} sees what they may do${deployed ? ' where no document can be read' : ''}`, async ({
      page,
      consoleGuard,
    }) => {
      if (deployed) await deploy(page);
      let explained = 0;
      page.on('request', (request) => (explained += Number(new URL(request.url()).pathname === '/explain')));
      if (person) await signIn(page, person);
      else await page.goto('/');
      await open(page);
      expect(explained).toBe(deployed ? 0 : 1);

      const way = ['Connection', 'Identity source', 'Role', 'Trust policy'];
      for (const [index, name] of way.entries()) {
        // Without the documents nobody knows what a policy says that wasn't asked.
        const end = deployed && person === barney && name === 'Trust policy' ? 'not reached' : ends[index]!;
        await expect(step(page, name).locator('.mark').first(), name).toHaveText(end);
      }
      await expect(step(page, 'Calls')).toContainText(`You may make ${allowed.length} of 6 calls`);
      await tableIsRight(page);
      await expect(page.getByRole('main')).toContainText(
        deployed ? 'can’t read the policy documents' : 'with the line that decides',
      );

      const refused = calls.filter((call) => !allowed.includes(call));
      for (const call of refused) {
        const path = call.split(' ')[1]!.replace('{petId}', '0');
        consoleGuard.provoke({ status: 403, path: new RegExp(`^/test${path}$`) });
      }
      for (const path of allowed.filter((call) => call.startsWith('POST') || call.startsWith('DELETE'))) {
        consoleGuard.provoke({ status: 400, path: new RegExp(`^/test${path.split(' ')[1]!.replace('{petId}', '0')}$`) });
      }
      if (person === fred) consoleGuard.provoke({ status: 401, path: /^\/test\/pets\/purchases$/ });
      await page.getByRole('button', { name: 'Ask the server' }).click();
      await expect(page.getByText('The server has answered')).toBeVisible();
      for (const call of calls) {
        const answer = row(page, call).getByRole('cell').last();
        await expect(answer, call).toContainText(allowed.includes(call) ? 'allowed' : 'refused');
        await expect(answer, call).not.toContainText('differs');
      }
      await page.goto('/');
      await expect(pets(page), 'nothing was changed').toHaveCount(34);
    });
  }
}

test('the table and the steps are read out with their words', async ({ page }) => {
  await signIn(page, betty);
  await open(page);
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    await expect(page.getByRole('table')).toMatchAriaSnapshot(`
      - 'table /Every call of the API/':
        - caption: /Every call of the API/
        - rowgroup:
          - row:
            - columnheader "Call"
            - columnheader "visitor"
            - columnheader /admin you auth0-api-role/
            - columnheader /buyer auth0-api-social-role/
        - rowgroup:
          - row:
            - rowheader "GET /pets":
              - button "GET /pets"
            - cell /allowed needs no signature/
            - cell /allowed needs no signature/
            - cell /allowed needs no signature/
          - row:
            - rowheader "POST /pets":
              - button "POST /pets"
            - cell /refused needs a signature/
            - cell /allowed ManagePets of manage-pets template.yaml:\\d+/
            - cell /refused no statement allows it/
    `);
  }
  await expect(page.getByRole('list').filter({ has: page.locator('#connection') })).toMatchAriaSnapshot(`
    - list:
      - listitem:
        - heading "Connection" [level=2]
        - text: allowed
        - paragraph: Signed in through the connection auth0.
      - listitem:
        - heading "Identity source" [level=2]
        - text: allowed
      - listitem:
        - heading "Role" [level=2]
        - text: allowed
        - paragraph: The app picks auth0-api-role.
      - listitem:
        - heading "Trust policy" [level=2]
        - text: allowed
      - listitem:
        - heading "Calls" [level=2]
        - text: 4 of 6 allowed
  `);
});

test('a refused purchase leads to the document, the line and what to change', async ({ page, consoleGuard }) => {
  await signIn(page, betty);
  await forbiddenButtons(page).click();
  consoleGuard.provoke({ status: 403, path: /^\/test\/pets\/purchase$/ });
  await page.getByRole('button', { name: 'Buy dog 1', exact: true }).click();
  await page.getByRole('dialog', { name: 'Refused' }).getByRole('link', { name: 'Why?' }).click();

  await expect(page).toHaveURL(/\/access\?call=POST%20%2Fpets%2Fpurchase$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Why POST /pets/purchase is refused');
  const button = page.getByRole('button', { name: 'POST /pets/purchase', exact: true });
  await expect(button).toBeFocused();
  await expect(button).toBeInViewport();
  await expect(button).toHaveAttribute('aria-expanded', 'true');
  const why = reasons(page, 'POST /pets/purchase');
  await expect(why).toContainText('You, as admin');
  await expect(why).toContainText('no statement allows it');
  await expect(why, 'AWS’s own words').toContainText('is not authorized to perform: execute-api:Invoke');
  await expect(why).toContainText(/template\.yaml:\d+/);
  await expect(why).toContainText('What to change');
  await expect(why.getByText('differs', { exact: true })).toBeVisible();
});

test('adding and removing lead to their rows, too', async ({ page, consoleGuard }) => {
  await signIn(page, fred);
  await forbiddenButtons(page).click();
  consoleGuard.provoke({ status: 403, path: /^\/test\/pets\/1$/ }, { status: 403, path: /^\/test\/pets$/ });
  await page.getByRole('button', { name: 'Remove dog 1', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog', { name: 'Refused' }).getByRole('link', { name: 'Why?' }).click();
  await expect(page.getByRole('button', { name: 'DELETE /pets/{petId}', exact: true })).toBeFocused();
  await page.goBack();
  await forbiddenButtons(page).click();
  await page.getByRole('button', { name: 'Add a pet' }).click();
  await page.getByLabel('Type', { exact: true }).fill('frog');
  await page.getByLabel('Price').fill('4.99');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog', { name: 'Refused' }).getByRole('link', { name: 'Why?' }).click();
  await expect(page.getByRole('button', { name: 'POST /pets', exact: true })).toBeFocused();
  await expect(reasons(page, 'POST /pets')).toContainText('What AWS said when you were refused');
});

test('who has no role is led to the step where their way ends', async ({ page }) => {
  await signIn(page, barney);
  await page.getByRole('link', { name: 'Why?' }).click();
  await expect(page).toHaveURL(/\/access#role$/);
  await expect(step(page, 'Role')).toBeFocused();
  await expect(step(page, 'Role')).toContainText('The app picks no role');
  await expect(step(page, 'Trust policy')).toContainText('No role\'s trust policy lets this person in');
});

test('a refusal by STS leads to the trust policy, and it shows that the documents say otherwise', async ({
  page,
  consoleGuard,
}) => {
  await page.route('**/sts/', (route) =>
    route.fulfill({
      status: 403,
      contentType: 'text/xml',
      headers: { 'access-control-allow-origin': '*' },
      body: '<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message></Error></ErrorResponse>',
    }),
  );
  consoleGuard.tolerate({ status: 403, path: /^\/sts\/$/ });
  await signIn(page, fred);
  await page.goto('/pets/1/purchase');
  await page.getByRole('button', { name: 'Buy this pet' }).click();
  await page.getByRole('link', { name: 'Why?' }).click();
  await expect(page).toHaveURL(/\/access#trust-policy$/);
  await expect(step(page, 'Trust policy')).toBeFocused();
  await expect(step(page, 'Trust policy')).toContainText('STS gave no credentials: Not authorized');
  await expect(step(page, 'Trust policy')).toContainText('differs from the documents');
});

test('the server that says otherwise than the documents is seen to', async ({ page, consoleGuard }) => {
  await signIn(page, fred);
  await page.route('**/test/pets/purchase', (route) =>
    route.fulfill({ status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' }, json: { message: 'No.' } }),
  );
  await open(page);
  consoleGuard.tolerate({ status: 403, path: /^\/test\// }, { status: 401, path: /^\/test\// });
  await page.getByRole('button', { name: 'Ask the server' }).click();
  const answer = row(page, 'POST /pets/purchase').getByRole('cell').last();
  await expect(answer).toContainText('refused');
  await expect(answer).toContainText('differs from the documents');
});

test('the keyboard alone gets to the page, opens a row and asks the server', async ({ page, consoleGuard }) => {
  await page.goto('/');
  await tabTo(page.getByRole('link', { name: 'Access' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Access', level: 1 })).toBeFocused();
  consoleGuard.tolerate({ status: 403, path: /^\/test\// });
  await tabTo(page.getByRole('button', { name: 'Ask the server' }));
  await page.keyboard.press('Enter');
  await expect(page.getByText('The server has answered')).toBeVisible();
  const button = page.getByRole('button', { name: 'POST /pets', exact: true });
  await tabTo(button);
  await page.keyboard.press('Space');
  await expect(button).toHaveAttribute('aria-expanded', 'true');
  await expect(reasons(page, 'POST /pets')).toContainText('Missing Authentication Token');
  await page.keyboard.press('Space');
  await expect(button).toHaveAttribute('aria-expanded', 'false');
});

test('no token and no key is in the page', async ({ page }) => {
  const secrets: string[] = [];
  // On its way: what a page has left can't be read any more.
  await page.route(/\/(idp\/oauth\/token|sts\/)$/, async (route) => {
    const response = await route.fetch();
    const text = await response.text();
    secrets.push(...[...text.matchAll(/"(?:id|access|refresh)_token":"([^"]+)"/g)].map((found) => found[1]!));
    secrets.push(...[...text.matchAll(/<(?:SecretAccessKey|SessionToken|AccessKeyId)>([^<]+)</g)].map((found) => found[1]!));
    await route.fulfill({ response, body: text });
  });
  await signIn(page, fred);
  await open(page);
  await expect(step(page, 'Trust policy')).toContainText(/Access key\s*… \w{4}/);
  await expect(step(page, 'Trust policy')).toContainText(/Credentials end in\s*(\d+ h \d\d min|\d\d:\d\d)/);
  for (const call of calls) await page.getByRole('button', { name: call, exact: true }).click();
  expect(secrets.length).toBeGreaterThanOrEqual(5);
  const content = await page.content();
  for (const secret of secrets) {
    expect(content.includes(secret)).toBe(false);
    for (const part of secret.split('.').filter((part) => part.length > 20)) expect(content.includes(part)).toBe(false);
  }
});

const odd: [string, (access: any) => unknown][] = [
  ['is no JSON', () => '<html>'],
  ['has no table', () => ({ steps: [] })],
  ['is empty', () => ({ steps: [], table: { roles: [], calls: [] } })],
  ['has a verdict that nobody knows', (access) => ((access.steps[0].verdict = 'perhaps'), access)],
];

for (const [what, make] of odd) {
  test(`an explanation that ${what} is said, and the page shows what it knows`, async ({ page }) => {
    await page.route('**/explain', async (route) => {
      const answer = make(await (await route.fetch()).json());
      await route.fulfill({ body: typeof answer === 'string' ? answer : JSON.stringify(answer) });
    });
    await signIn(page, fred);
    await open(page);
    await expect(page.getByRole('alert')).toContainText('The documents could not be asked');
    await expect(page.getByRole('main')).toContainText('can’t read the policy documents');
    await tableIsRight(page);
  });
}

test('an endpoint that cannot be reached is said', async ({ page, consoleGuard }) => {
  consoleGuard.provoke({ status: 'none', path: /^\/explain$/ });
  await page.route('**/explain', (route) => route.abort());
  await page.goto('/access');
  await expect(page.getByRole('alert')).toContainText('The documents could not be asked');
  await tableIsRight(page);
});

test('whatever an explanation says is text, and its table may be ragged', async ({ page }) => {
  const evil = '<img src=x onerror="document.title=1">\u202e';
  await page.route('**/explain', async (route) => {
    const access = await (await route.fetch()).json();
    access.steps[0].says = evil.repeat(50);
    access.table.roles = access.table.roles.slice(0, 2);
    access.table.calls[0].cells = [];
    access.table.calls[1].call = evil;
    access.table.calls[2].cells[1].statements = [{ policy: evil, name: evil, at: null, effect: evil, applies: true, decides: true, comparisons: [] }];
    await route.fulfill({ json: access });
  });
  await signIn(page, fred);
  await open(page);
  await expect(step(page, 'Connection')).toContainText('<img src=x');
  await expect(page.getByRole('main').locator('img')).toHaveCount(0);
  for (const button of await page.getByRole('table').getByRole('button').all()) await button.click();
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

test('a call that the API does not have is said to be none', async ({ page }) => {
  await page.goto(`/access?call=${encodeURIComponent('PATCH /<b>dogs</b>')}`);
  await expect(page.getByRole('status').filter({ hasText: 'The API has no call PATCH /<b>dogs</b>' })).toBeVisible();
  await page.goto('/access?call=DELETE%20/pets/7');
  await expect(page.getByRole('button', { name: 'DELETE /pets/{petId}', exact: true })).toBeFocused();
});

test('what a deployed page cannot know it says how to find out, without the whole subject', async ({ page }) => {
  await deploy(page);
  await signIn(page, fred);
  await page.goto('/access?call=DELETE%20/pets/7');
  const why = reasons(page, 'DELETE /pets/{petId}');
  await expect(why).toContainText("cargo xtask explain --sub 'amazon|…' --call 'DELETE /pets/1'");
  await expect(why).toContainText('This page expects that only the role admin may, and not buyer.');
  await isAccessible(page);
});
