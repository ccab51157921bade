/** The first load of `/`: a cold cache, the real API behind it, and a hand-written page in turn with ours. */

import { conditions, inFreshPage, loaded } from './browser.mjs';
import { pages, putPlain } from './plain.mjs';
import { cell, column, inTurns, lines } from './samples.mjs';
import { Site } from './site.mjs';
import { startStack } from './stack.mjs';

export async function firstLoad({ browser, quick, say }) {
  const site = await Site.start();
  const stack = await startStack(site.origin);
  try {
    await site.putAsServedBy(stack);
    const { apiUrl } = await (await fetch(`${stack.origin}/config.json`)).json();
    await putPlain(site, apiUrl);
    const tables = [];
    for (const condition of conditions) tables.push(await compare({ browser, say, condition, site, rounds: quick ? 5 : 11 }));
    return tables;
  } finally {
    await site.stop();
    await stack.stop();
  }
}

async function compare({ browser, say, condition, site, rounds }) {
  const results = await inTurns(pages, rounds, (page, round) => {
    say(`first load, ${condition.name}: ${page.name}, round ${round + 1} of ${rounds}`);
    return load(browser, site, page.path, condition.slow);
  });
  const plain = results.get(pages.find((page) => !page.ours)).samples;
  const ours = results.get(pages.find((page) => page.ours)).samples;
  const moved = [...new Set(ours.flatMap(({ shifts, moved }) => [...shifts, ...moved]))];
  const row = (page, samples) => {
    const of = (key) => column(samples, key);
    const beside = (key) => (page.ours ? column(plain, key) : null);
    const counts = (key) => ({ ...cell(of(key), ''), ratio: null });
    return [
      page.name,
      cell(of('contentful'), 'ms', beside('contentful')),
      cell(of('pets'), 'ms', beside('pets')),
      counts('shift'),
      counts('jumps'),
      counts('blank'),
      counts('requests'),
      cell(of('kilobytes'), 'kB', beside('kilobytes')),
    ];
  };
  const columns = ['', 'first contentful paint', 'pets painted', 'layout shift', 'jumps', 'blank frames', 'requests', 'bytes'];
  return {
    title: `First load of /, ${condition.name}`,
    note: `Medians of ${rounds} cold loads in turns, from the start of the navigation, and with × by the hand-written page's. The API is the local stack at an origin of its own; the files come compressed with Brotli 11 over HTTP/1.1 on loopback. Bytes are all of the page's files until the network is idle, pictures included, without the pets. A blank frame is one after the first paint that shows neither heading nor header; a jump is a heading, form or first list item that is somewhere else in the next frame. The hand-written page has the same styles, loaded in the same way.${moved.length > 0 ? ` What moved on this page: ${moved.join('; ')}.` : ''}`,
    ...lines(results, columns, row),
  };
}

function load(browser, site, path, slow) {
  return inFreshPage(browser, site.origin, slow, async (page, faults) => {
    site.bytes = site.requests = 0;
    await loaded(page, site.origin + path, faults);
    // What comes after the pets counts too; a shared worker's script never counts as arrived, hence the limit.
    await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => {});
    const seen = await page.evaluate(() => ({
      contentful: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
      pets: window.seen.petsAt,
      shift: window.seen.shift,
      shifts: window.seen.shifts,
      moved: window.seen.jumps,
      blank: window.seen.blank,
    }));
    return { ...seen, jumps: seen.moved.length, requests: site.requests, kilobytes: site.bytes / 1000 };
  });
}
