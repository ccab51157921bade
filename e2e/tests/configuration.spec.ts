/** `/config.json` is read as a whole or not at all, and what is wrong with it is named on the page. */

import { pets } from '../support/shop.ts';
import { expect, test } from '../support/test.ts';

type Config = Record<string, unknown> & { roles: Record<string, unknown> };

const fields = ['issuer', 'clientId', 'apiUrl', 'stsUrl', 'region', 'roles', 'socialConnections', 'currency'];

const wrong: [string, (config: Config) => void][] = [
  ['issuer', (config) => (config['issuer'] = 7)],
  ['issuer', (config) => (config['issuer'] = 'http://issuer.example.com/')],
  ['clientId', (config) => (config['clientId'] = '')],
  ['apiUrl', (config) => (config['apiUrl'] = 'localhost/test')],
  ['apiUrl', (config) => (config['apiUrl'] = 'https://api.example.com')],
  ['stsUrl', (config) => (config['stsUrl'] = 'ftp://sts.example.com/')],
  ['region', (config) => (config['region'] = 'US')],
  ['roles', (config) => (config['roles'] = ['a', 'b'] as never)],
  ['roles.admin', (config) => delete config.roles['admin']],
  ['roles.buyer', (config) => (config.roles['buyer'] = 'buyer')],
  ['roles.buyer', (config) => (config.roles['buyer'] = config.roles['admin'])],
  ['socialConnections', (config) => (config['socialConnections'] = 'amazon')],
  ['socialConnections', (config) => (config['socialConnections'] = ['auth0'])],
  ['currency', (config) => (config['currency'] = 'dollars')],
  ['explainUrl', (config) => (config['explainUrl'] = '/explain')],
];

test('a field that is missing or wrong names itself, and nothing is half-configured', async ({ page, stack }) => {
  const good = (await (await fetch(`${stack.origin}/config.json`)).json()) as Config;
  // What explains is the local stack's alone.
  expect(Object.keys(good).sort()).toEqual([...fields, 'explainUrl'].toSorted());
  const missing = fields.map((field): [string, (config: Config) => void] => [field, (config) => delete config[field]]);

  // The public list is asked for beside the configuration. What nobody is told is who is here, and nothing is shown of it.
  const called: string[] = [];
  page.on('request', (request) => {
    const isList = request.method() === 'GET' && request.url() === `${stack.origin}/test/pets`;
    if (!isList && /\/(test|sts|idp)\//.test(request.url())) called.push(request.url());
  });
  let body = '';
  await page.route('**/config.json', (route) => route.fulfill({ contentType: 'application/json', body }));
  for (const [field, change] of [...missing, ...wrong]) {
    const config = structuredClone(good);
    change(config);
    body = JSON.stringify(config);
    await page.goto('/');
    const alert = page.getByRole('alert').filter({ visible: true });
    await expect(alert).toContainText('config.json');
    await expect(alert).toContainText(new RegExp(`\\b${field.replace('.', '\\.')} is (missing|wrong)`));
    await expect(page.locator('.pet')).toHaveCount(0);
  }
  expect(called).toEqual([]);

  body = JSON.stringify(good);
  await page.getByRole('link', { name: 'Try again' }).click();
  await expect(pets(page)).toHaveCount(34);
});

test('a file that is no JSON is named with the place', async ({ page }) => {
  let body = '';
  await page.route('**/config.json', (route) => route.fulfill({ contentType: 'application/json', body }));
  for (body of ['', '{', '[]', 'null', '<!doctype html><title>Pets</title>', '{"issuer": "a", "issuer": "b"}']) {
    await page.goto('/');
    await expect(page.getByRole('alert').filter({ visible: true })).toContainText(/config\.json.*line \d+/);
  }
});

test('a file that is not there is named, and that it belongs beside the page', async ({ page, consoleGuard }) => {
  await page.route('**/config.json', (route) => route.fulfill({ status: 404, body: 'not here' }));
  consoleGuard.provoke({ status: 404, path: /^\/config\.json$/ });
  await page.goto('/pets/1/purchase');
  const alert = page.getByRole('alert').filter({ visible: true });
  await expect(alert).toContainText('config.json');
  await expect(alert).toContainText('404');
});

test('a field that nobody knows is no reason to stay closed', async ({ page, stack }) => {
  const good = (await (await fetch(`${stack.origin}/config.json`)).json()) as Config;
  await page.route('**/config.json', (route) => route.fulfill({ json: { ...good, somethingNew: true } }));
  await page.goto('/');
  await expect(pets(page)).toHaveCount(34);
});
