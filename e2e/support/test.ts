/** What every test begins with: a stack of its own with the sample data of its first day, and a watched console. */

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from '@playwright/test';
import { Stack, dist } from './stack.ts';
import { test as base, expect } from './watched.ts';

export { expect };

interface Fixtures {
  /** What the stack is started with, beside its folder and the page. */
  stackOptions: string[];
  /** An empty data folder, or a copy of the first day's. */
  data: string;
  stack: Stack;
  /** Somebody else's browser at the same shop, watched as the first one is. */
  anotherBrowser: () => Promise<BrowserContext>;
}

interface WorkerFixtures {
  firstDay: string;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  // A key takes a moment to make: one folder is made for all tests of a worker, and copied for each.
  firstDay: [
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'pets-first-day-'));
      const stack = await Stack.start(folder);
      await stack.stop();
      await use(folder);
      await rm(folder, { recursive: true });
    },
    { scope: 'worker' },
  ],

  stackOptions: [['--dist', dist], { option: true }],

  data: async ({ firstDay }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'pets-e2e-'));
    await cp(firstDay, folder, { recursive: true });
    await use(folder);
    await rm(folder, { recursive: true });
  },

  stack: async ({ data, stackOptions }, use, testInfo) => {
    const stack = await Stack.start(data, stackOptions);
    await use(stack);
    await stack.stop();
    if (testInfo.status !== testInfo.expectedStatus) await testInfo.attach('stack', { body: stack.log });
  },

  baseURL: async ({ stack }, use) => use(stack.origin),

  anotherBrowser: async ({ browser, baseURL, consoleGuard }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({ baseURL: baseURL! });
      consoleGuard.watch(context);
      contexts.push(context);
      return context;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});
