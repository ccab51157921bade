/** Long lists: what was loaded gets painted, filtered and scrolled, by our page and by a hand-written one that draws it all. */

import { inFreshPage, loaded } from './browser.mjs';
import { pages, putPlain } from './plain.mjs';
import { cell, column, inTurns, lines } from './samples.mjs';
import { answerFrom, key, makePets } from './shop.mjs';
import { Site } from './site.mjs';

/** Our page takes a megabyte in one answer at most, and reads on from there. */
const most = 10_000;
const steps = 30;
const step = 400;

export async function list({ browser, quick, say }) {
  const site = await Site.start();
  try {
    await site.putBuild();
    await putPlain(site, `${site.origin}/api`);
    const tables = [];
    for (const count of [1_000, 10_000, 100_000]) tables.push(await compare({ browser, say, site, count, rounds: quick ? 3 : 7 }));
    return tables;
  } finally {
    await site.stop();
  }
}

async function compare({ browser, say, site, count, rounds }) {
  const pets = makePets(count);
  const results = await inTurns(pages, rounds, (page, round) => {
    say(`list of ${count}: ${page.name}, round ${round + 1} of ${rounds}`);
    const answer = answerFrom(pets, site.origin, page.ours ? most : count);
    let give;
    const given = new Promise((resolve) => (give = resolve));
    site.answer = async (request, url) => {
      if (url.pathname === '/api/pets') await given;
      return answer(request, url);
    };
    return inFreshPage(browser, site.origin, false, (open, faults) => measure(open, faults, site.origin, page, count, give));
  });
  const plain = results.get(pages.find((page) => !page.ours)).samples;
  const row = (page, samples) => {
    const of = (key, unit) => cell(column(samples, key), unit, page.ours ? column(plain, key) : null);
    const times = ['painted', 'narrowed', 'restored', 'frame', 'slowest'].map((key) => of(key, 'ms'));
    return [page.name, ...times, of('empty', ''), of('nodes', '')];
  };
  const columns = ['', 'painted', 'key, narrowing', 'key, restoring', 'frame of a scroll', 'its slowest', 'frames without pets', 'nodes'];
  return {
    title: `A list of ${count.toLocaleString('en-US')} pets`,
    note: `Medians of ${rounds} in turns, no throttling, and with × by the hand-written page's. Painted: from the end of the last answer, which comes when the page has nothing else to do. Keys: from the key to the paint after the last change that it made, narrowing to an eighth and back to all. Scrolling: ${steps} frames of ${step} pixels each. The answers come from memory, uncompressed; this page gets ${most.toLocaleString('en-US')} pets at most in each, the hand-written one all in one.`,
    ...lines(results, columns, row),
  };
}

async function measure(page, faults, origin, { path, ours }, count, give) {
  await loaded(page, origin + path, faults, async () => {
    await waiting(page, ours);
    give();
  });
  if (ours) await readOn(page, count);
  await quiet(page);
  const painted = await page.evaluate(() => {
    const answers = performance.getEntriesByType('resource').filter(({ name }) => /\/pets(\?|$)/.test(name));
    return window.seen.changed - Math.max(window.seen.asked ?? 0, ...answers.map(({ responseEnd }) => responseEnd));
  });
  await page.getByRole('searchbox', { name: /filter/i }).focus();
  const narrowed = await press(page, key);
  const others = await page.evaluate((key) => {
    const shown = window.seen.rows().filter((row) => row.checkVisibility());
    return shown.length === 0 || shown.some((row) => !row.querySelector('.pet-kind').textContent.includes(key));
  }, key);
  if (others) throw new Error(`${path} doesn't show what was typed.`);
  if (ours && (await number(page)) !== count / 8) throw new Error(`${path} says ${await number(page)} of ${count} pets have what was typed.`);
  const restored = await press(page, 'Backspace');
  if (ours && (await number(page)) !== count) throw new Error(`${path} says ${await number(page)} of ${count} pets after all.`);
  const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
  const scrolled = await page.evaluate(scroll, { steps, step });
  return { painted, narrowed, restored, nodes, ...scrolled };
}

/** Until the page has nothing left to do but to wait for pets. */
async function waiting(page, ours) {
  const ready = (ours) => document.readyState === 'complete' && (!ours || document.querySelector('#app') !== null);
  await page.waitForFunction(ready, ours, { polling: 50 });
  await page.waitForTimeout(500);
}

/** How many pets our page says it shows, whatever of them is in the document. */
function number(page) {
  return page.evaluate(() => {
    const note = document.querySelector('.finder-note').textContent.replaceAll(/(?<=\d)\D(?=\d{3})/g, '');
    return [...note.matchAll(/\d+/g)].reduce((sum, [digits]) => sum + Number(digits), 0);
  });
}

/** Has our page load all of it, as somebody would who wants to see the end. */
async function readOn(page, count) {
  for (let tries = 0; (await number(page)) < count; tries += 1) {
    if (tries > 100) throw new Error(`Our page doesn't come to the end of ${count} pets: it has ${await number(page)}.`);
    const before = await number(page);
    await page.evaluate(() => {
      window.seen.asked = performance.now();
      scrollTo(0, document.documentElement.scrollHeight);
      [...document.querySelectorAll('main button')].find((button) => button.textContent === 'Show more')?.click();
    });
    for (let waits = 0; waits < 100 && (await number(page)) === before; waits += 1) await page.waitForTimeout(50);
  }
  await page.evaluate(() => scrollTo(0, 0));
}

/** Until nothing has changed for a while. */
async function quiet(page) {
  const still = () => window.seen.changed > 0 && performance.now() - window.seen.changed > 400;
  await page.waitForFunction(still, null, { polling: 50 });
}

async function press(page, key) {
  await page.evaluate(() => (window.seen.changed = 0));
  await page.keyboard.press(key);
  await quiet(page);
  return page.evaluate(() => window.seen.changed - window.seen.pressed);
}

/** Runs in the page. A frame without pets has none in the middle of the window. */
async function scroll({ steps, step }) {
  const frames = [];
  let empty = 0;
  scrollTo(0, 400);
  let last = await new Promise(window.seen.painted);
  for (let done = 0; done < steps; done += 1) {
    scrollBy(0, step);
    const now = await new Promise(window.seen.painted);
    frames.push(now - last);
    last = now;
    const parts = [0.3, 0.4, 0.5, 0.6, 0.7];
    const points = parts.flatMap((x) => parts.map((y) => document.elementFromPoint(innerWidth * x, innerHeight * y)));
    if (!points.some((element) => element?.closest('li')?.textContent)) empty += 1;
  }
  frames.sort((a, b) => a - b);
  return { frame: frames[frames.length >> 1], slowest: frames.at(-1), empty };
}
