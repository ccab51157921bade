/**
 * The first load: what is asked for and when, what is seen until the app is there, and that nothing moves when it comes.
 * Nothing here is about how long something takes: answers are held back instead.
 */

import type { Page } from '@playwright/test';
import { Gate } from '../support/gate.ts';
import { many, stock } from '../support/many.ts';
import { fred, signIn, signInAtIssuer } from '../support/people.ts';
import { pets } from '../support/shop.ts';
import { dist } from '../support/stack.ts';
import { expect, test as base } from '../support/test.ts';

const test = base.extend<{ gate: Gate }>({
  gate: async ({}, use) => {
    const gate = await Gate.start();
    await use(gate);
    await gate.stop();
  },
  stackOptions: async ({ gate }, use) => use(['--dist', dist, '--public-url', gate.origin]),
  baseURL: async ({ gate, stack }, use) => {
    gate.to = stack.port;
    await use(gate.origin);
  },
});

const config = /^\/config\.json$/;
const glue = /^\/pets-[^/]*\.js$/;
const module = /^\/pets-[^/]*\.wasm$/;
const list = /^\/test\/pets(\?|$)/;

const sizes = [
  { width: 360, height: 740 },
  { width: 1280, height: 800 },
];
const paths = ['/', '/login', '/access', '/pets/1/purchase', '/nowhere'];

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const signInLink = (page: Page) => page.getByRole('banner').getByRole('link', { name: 'Sign in' });

test('configuration, app and pets are all asked for before any of them has come, and each once', async ({ page, gate }) => {
  const all = [config, glue, module, list];
  const opens = all.map((path) => gate.hold(path));
  await page.goto('/', { waitUntil: 'commit' });
  await expect.poll(() => all.map((path) => gate.times(path))).toEqual([1, 1, 1, 1]);
  // The page is there already, and the way in works.
  await expect(heading(page)).toHaveText('Pets');
  await expect(signInLink(page)).toHaveAttribute('href', '/login');
  await expect(page.locator('.skeleton').first()).toBeVisible();

  for (const open of opens) open();
  await expect(pets(page)).toHaveCount(34);
  // The icon of the tab is fetched by the browser for itself.
  const asked = gate.asked.map(({ path }) => path).filter((path) => path !== '/favicon.svg');
  expect(asked.toSorted()).toEqual([...new Set(asked)].toSorted());
});

test('whoever signs in before the app is there comes back to where they were', async ({ page, gate }) => {
  gate.hold(module);
  await page.goto('/pets/1/purchase', { waitUntil: 'commit' });
  await expect(signInLink(page)).toHaveAttribute('href', '/login?to=%2Fpets%2F1%2Fpurchase');
});

test('a page that was not told its API asks for pets as soon as the configuration says where', async ({ page, gate }) => {
  gate.change = (_, text) => text.replace(/<meta name="api" content="[^"]*">/, '');
  gate.hold(module);
  await page.goto('/', { waitUntil: 'commit' });
  await expect.poll(() => gate.times(list)).toBe(1);
  expect([config, glue, module].map((path) => gate.times(path))).toEqual([1, 1, 1]);
});

test('an answer is used once, and for the very list that the address asks for', async ({ page, gate }) => {
  for (const [address, asked] of [
    ['/', '/test/pets'],
    ['/?sort=-price', '/test/pets?sort=-price'],
    ['/?sort=price&type=golden+retriever', '/test/pets?type=golden%20retriever&sort=price'],
    ['/?status=sold', '/test/pets?status=sold'],
    ['/?type=&sort=upwards&more=1', '/test/pets'],
    ['/?status=sold&status=available', /^\/test\/pets\?status=\w+$/],
    ['/?type=%F0%9F%A6%96', '/test/pets?type=%F0%9F%A6%96'],
    ['/pets/1/purchase', '/test/pets?id=1'],
    ['/pets/01/purchase', undefined],
    ['/login', undefined],
  ] as const) {
    gate.asked.length = 0;
    await page.goto(address);
    await expect(page.locator('#app')).toHaveCount(1);
    await expect(page.getByRole('status').filter({ hasText: '…' })).toHaveCount(0);
    const lists = gate.asked.filter(({ path }) => list.test(path)).map(({ path }) => path);
    expect(lists, address).toEqual(asked === undefined ? [] : [asked instanceof RegExp ? expect.stringMatching(asked) : asked]);
  }

  await page.goto('/');
  await expect(pets(page)).toHaveCount(34);
  gate.asked.length = 0;
  await page.getByLabel('Order').selectOption('Dearest');
  await expect(page).toHaveURL(/sort=-price/);
  await page.getByLabel('Order').selectOption('Longest here');
  await expect.poll(() => gate.asked.map(({ path }) => path).filter((path) => list.test(path))).toContain('/test/pets');
});

test('what is asked early carries nothing of anybody', async ({ page, context, gate }) => {
  await context.addCookies([{ name: 'who', value: 'fred', url: gate.origin }]);
  gate.hold(module);
  await page.goto('/?status=sold', { waitUntil: 'commit' });
  await expect.poll(() => gate.times(list)).toBe(1);
  const { headers } = gate.asked.find(({ path }) => list.test(path))!;
  for (const name of ['cookie', 'authorization', 'referer', 'x-identity-token']) expect(headers[name], name).toBeUndefined();
});

test('an address that the app would not call is not called early either', async ({ page, gate }) => {
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== gate.origin) elsewhere.push(request.url());
  });
  for (const apiUrl of [
    'http://example.com/test',
    'https://example.com',
    'https://who@example.com/test',
    'https://example.com/test?x=/',
    'https://example.com/a//test',
    'ftp://example.com/test',
    '//example.com/test',
    '/test',
    'javascript:alert(1)/x/test',
    7,
    null,
    { toString: 'https://example.com/test' },
  ]) {
    gate.change = (path, text) =>
      config.test(path)
        ? JSON.stringify({ ...(JSON.parse(text) as object), apiUrl })
        : text.replace(/<meta name="api" content="[^"]*">(<link [^>]*preconnect[^>]*>)?/, '');
    await page.goto('/');
    await expect(page.getByRole('alert').filter({ visible: true })).toContainText(/apiUrl is (missing|wrong)/);
  }
  expect(elsewhere).toEqual([]);
  expect(gate.times(/pets$/)).toBe(0);
});

test('an API that is down at first is asked by the app, which says so and asks again', async ({ page, gate, consoleGuard }) => {
  consoleGuard.provoke({ status: 'none', path: /^\/test\/pets$/ });
  gate.cut = (path) => list.test(path);
  await page.goto('/');
  await expect(page.getByRole('alert').filter({ visible: true })).toContainText('could not be reached');
  gate.cut = () => false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(pets(page)).toHaveCount(34);
});

test('an early answer that is no list is the app\u2019s to judge', async ({ page, gate }) => {
  gate.change = (path, text) => (list.test(path) ? '<html>' : text);
  await page.goto('/');
  await expect(page.getByRole('alert').filter({ visible: true })).toContainText(/\w+ \w+/);
});

test('an app that comes without the script before it asks by itself', async ({ browser, gate, stack }) => {
  gate.to = stack.port;
  gate.cut = (path) => /^\/shell-/.test(path);
  // A watched console would be told of a preload that nobody took.
  const page = await browser.newPage({ baseURL: gate.origin });
  await page.goto('/');
  await expect(pets(page)).toHaveCount(34);
  expect(gate.times(list)).toBe(1);
  await page.close();
});

/** From now on each document adds up what moves in it, and notes what is seen in any of its frames. */
async function watchFrames(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen = { moved: [] as string[], lists: 0, signIns: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((entries) => {
      for (const entry of entries.getEntries() as never as { value: number; sources: { node?: Element }[] }[]) {
        seen.moved.push(`${entry.value} ${entry.sources.map(({ node }) => node?.outerHTML?.slice(0, 80)).join(' | ')}`);
      }
    }).observe({ type: 'layout-shift', buffered: true });
    const isSeen = (element: Element) => element.checkVisibility({ visibilityProperty: true });
    const look = () => {
      seen.lists += [...document.querySelectorAll('.skeleton')].filter(isSeen).length;
      seen.signIns += [...document.querySelectorAll('header .button[href^="/login"]')].filter(isSeen).length;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

const seen = (page: Page) =>
  page.evaluate(() => (window as never as { seen: { moved: string[]; lists: number; signIns: number } }).seen);

/** A few frames later: whatever moves has moved. */
const settled = (page: Page) =>
  page.evaluate(async () => {
    for (let frame = 0; frame < 5; frame += 1) await new Promise(requestAnimationFrame);
  });

for (const size of sizes) {
  test.describe(`at ${size.width} px`, () => {
    test.use({ viewport: size });

    test('nothing moves while a page comes, and no other page is seen before it', async ({ page, gate }) => {
      await watchFrames(page);
      for (const path of paths) {
        // Once with everything at hand, once with each part late.
        for (const late of [undefined, module, list]) {
          const open = late && gate.hold(late);
          await page.goto(path, { waitUntil: late ? 'commit' : 'load' });
          if (late === module) {
            await expect(heading(page)).toBeVisible();
            await settled(page);
          }
          if (late === list) {
            await expect(page.locator('#app')).toHaveCount(1);
            await settled(page);
          }
          open?.();
          await expect(page.locator('#app')).toHaveCount(1);
          await expect(page.getByRole('status').filter({ hasText: '…' })).toHaveCount(0);
          await settled(page);
          const { moved, lists } = await seen(page);
          expect(moved, `${path}, late: ${late?.source}`).toEqual([]);
          if (path !== '/') expect(lists, path).toBe(0);
        }
      }
    });

    test('the app stands where its shell stood', async ({ page, gate }) => {
      const places = async () => {
        const parts = [
          page.getByRole('banner'),
          page.getByRole('banner').getByRole('link', { name: 'Pets' }),
          page.getByRole('banner').getByRole('link', { name: 'Access' }),
          signInLink(page),
          heading(page),
          page.locator('.switch'),
          page.locator('.lead'),
          ...[0, 1, 2].map((nth) => page.locator('.finder .input').nth(nth)),
          page.locator('.finder-note'),
          page.locator('h2').first(),
          page.locator('.pet').first(),
        ];
        return Promise.all(parts.map(async (part) => part.boundingBox()));
      };
      const opens = [gate.hold(module), gate.hold(list)];
      await page.goto('/', { waitUntil: 'commit' });
      await expect(page.locator('.skeleton').first()).toBeVisible();
      const before = await places();
      for (const open of opens) open();
      await expect(pets(page)).toHaveCount(34);
      await settled(page);
      expect(await places()).toEqual(before);
    });

    test('pets that come before the app are read at once, and stay where they are', async ({ page, gate }) => {
      const kinds = ['owl', 'Unicorn', 'iguana', 'Guinea Pig', 'dog', 'horse'];
      const some = kinds.map((type, nth) => ({ id: nth + 1, type, price: 0.05 + nth * 1234.5, isSold: nth % 3 === 2 }));
      const lists = { '/': [...some, { ...some[2], id: 99, soldTo: 'F. F.' }], '/?status=sold&sort=-price': some.slice(2, 3) };
      const cards = () =>
        page.locator('main .pet:not(.skeleton)').evaluateAll((cards) =>
          cards.map((card) => {
            const { x, y, width, height } = card.getBoundingClientRect();
            return [card.textContent, card.hasAttribute('data-sold'), x, y, width, height];
          }),
        );
      // The sample data at last.
      const all = [...Object.entries(lists), ['/?sort=price', undefined] as const];
      const early: unknown[] = [];
      const open = gate.hold(module);
      await watchFrames(page);
      const visit = async ([path, pets]: (typeof all)[number]) => {
        gate.change = (path, text) => (list.test(path) && pets ? JSON.stringify(pets) : text);
        await page.goto(path, { waitUntil: 'commit' });
      };
      for (const one of all) {
        await visit(one);
        await expect.poll(cards).toHaveLength(one[1]?.length ?? 34);
        await settled(page);
        early.push(await cards());
        // The last one is seen as it comes.
        if (one === all.at(-1)) open();
      }
      for (const one of all.toReversed()) {
        await expect(page.locator('main .pet img')).toHaveCount(one[1]?.length ?? 34);
        await settled(page);
        expect(await cards(), one[0]).toEqual(early.pop());
        expect((await seen(page)).moved, one[0]).toEqual([]);
        const next = all[early.length - 1];
        if (next) await visit(next);
      }
    });

    test('the first page of a long list is there before the app too, in rows of one height', async ({ page, gate }) => {
      await stock(page, many(120));
      const open = gate.hold(module);
      await page.goto('/', { waitUntil: 'commit' });
      const boxes = () =>
        page.locator('main .pet:not(.skeleton)').evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect().toJSON() as object));
      await expect.poll(boxes).toHaveLength(50);
      const early = await boxes();
      open();
      await expect(page.locator('main .pet img').first()).toBeVisible();
      await settled(page);
      expect(await boxes()).toEqual(early);
    });
  });
}

test('early pets that nobody could read are left to the app', async ({ page, gate }) => {
  const open = gate.hold(module);
  for (const text of ['[{}]', '[null]', '{"pets":[]}', '7', '[{"type":{},"price":[],"isSold":false}]', '<html>']) {
    gate.change = (path, answer) => (list.test(path) ? text : answer);
    await page.goto('/', { waitUntil: 'commit' });
    await expect(page.locator('.skeleton').first()).toBeVisible();
    await settled(page);
    await expect(page.locator('main').getByText(/We have|Sold/)).toHaveCount(0);
    await expect(page.locator('#shell-failed')).toBeHidden();
  }
  open();
  await expect(page.getByRole('alert').filter({ visible: true })).toContainText(/\w+ \w+/);
});

test('whoever may have been signed in waits for the app, which knows what they may do', async ({ page, gate }) => {
  await page.addInitScript(() => localStorage.setItem('pets.was-signed-in', '1'));
  const open = gate.hold(module);
  await page.goto('/', { waitUntil: 'commit' });
  await expect.poll(() => gate.times(list)).toBe(1);
  await settled(page);
  await expect(page.locator('main .pet:not(.skeleton)')).toHaveCount(0);
  open();
  await expect(pets(page)).toHaveCount(34);
});

test('the page of rights has its looks, whichever way one comes to it', async ({ page, gate }) => {
  const style = /^\/access-[^/]*\.css$/;
  const hasLooks = () => expect(page.locator('.steps')).toHaveCSS('display', 'grid');
  await page.goto('/');
  await expect(pets(page)).toHaveCount(34);
  expect(gate.times(style), 'who only looks at pets does without').toBe(0);
  await page.getByRole('link', { name: 'Access' }).click();
  await hasLooks();
  // By the way back, into a document that began elsewhere.
  await page.getByRole('link', { name: 'Pets', exact: true }).click();
  await page.reload();
  await expect(pets(page)).toHaveCount(34);
  await page.goBack();
  await hasLooks();
  await page.goto('/access');
  await hasLooks();
  // From the issuer.
  await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await signInAtIssuer(page, fred);
  await expect(page).toHaveURL(/\/access$/);
  await hasLooks();
});

const later = /^\/members-[^/]*\.wasm$/;

/** How often what members need is fetched by who needs it: a build for developers is one module. */
const wanted = async (page: Page) => Number(/content="[^"]*\/members-/.test(await (await page.request.get('/')).text()));

test('what members need is fetched on the way there, once, and by nobody else', async ({ page, gate }) => {
  const times = await wanted(page);
  await page.goto('/');
  await expect(pets(page)).toHaveCount(34);
  expect(gate.times(later)).toBe(0);
  await signInLink(page).hover();
  await expect.poll(() => gate.times(later)).toBe(times);
  await signInLink(page).click();
  await expect(heading(page)).toHaveText('Sign in');
  expect(gate.times(later)).toBe(times);
});

test('a page that needs what members need asks for it with all else, and comes as a whole', async ({ page, gate }) => {
  const times = await wanted(page);
  const open = gate.hold(later);
  await page.goto('/login', { waitUntil: 'commit' });
  await expect.poll(() => gate.times(later)).toBe(times);
  if (times > 0) {
    await settled(page);
    await expect(heading(page)).toHaveText('Pets');
  }
  open();
  await expect(heading(page)).toHaveText('Sign in');
  expect(gate.times(later)).toBe(times);
});

test('somebody who is signed in is not shown the way in while the page comes', async ({ page, context }) => {
  await signIn(page, fred);
  await watchFrames(page);
  // Alone, by way of the issuer; and beside another tab, from what the tabs share.
  for (const tabs of [1, 2]) {
    if (tabs === 2) await (await context.newPage()).goto('/');
    await page.reload();
    await expect(page.getByRole('banner')).toContainText(fred.name);
    expect((await seen(page)).signIns, `${tabs}`).toBe(0);
  }
});
