/** The browser, and pages in it that have never been anywhere: no cache, no connection, no compiled code is there yet. */

import { chromium } from '@playwright/test';
import { probe } from './probe.mjs';

/** The flags of the tests (`playwright.config.ts`). */
const args = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Lighthouse's "slow 4G", its default for phones: 150 ms, 1.6 Mbit/s down, 750 kbit/s up, and a CPU four times slower. */
const slow4g = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };

/** A hundred thousand pets in one document take most of a minute, and a busy machine takes longer. */
export const patience = 240_000;

export const conditions = [
  { name: 'no throttling', slow: false },
  { name: 'slow 4G (1.6 Mbit/s, 150 ms), CPU four times slower', slow: true },
];

export async function openBrowser() {
  const executablePath = process.env.PETS_CHROMIUM;
  return chromium.launch({ args, ...(executablePath && { executablePath }) });
}

/**
 * What `use(page, faults)` answers of a page with the probe; a page that complains has no result. The site's `/blank` is
 * opened first: starting a renderer is no part of a load.
 */
export async function inFreshPage(browser, origin, slow, use) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US', timezoneId: 'UTC' });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    const faults = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    await page.goto(`${origin}/blank`);
    await page.addInitScript(probe);
    if (slow) {
      const session = await context.newCDPSession(page);
      await session.send('Network.enable');
      await session.send('Network.emulateNetworkConditions', slow4g);
      await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    }
    const result = await use(page, faults);
    if (faults.length > 0) throw new Error(`The page at ${origin} complains: ${faults.join('; ')}`);
    return result;
  } finally {
    await context.close();
  }
}

/** Goes there and waits until pets are painted; `meanwhile` is what is done in between. */
export async function loaded(page, url, faults, meanwhile = async () => {}) {
  await page.goto(url, { waitUntil: 'commit' });
  await meanwhile();
  const painted = page.waitForFunction(() => window.seen?.petsAt > 0, null, { polling: 50 });
  await painted.catch(() => Promise.reject(new Error(`No pets at ${url} after ${patience / 60_000} minutes. ${faults.join('; ')}`)));
}
