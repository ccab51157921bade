/** A test whose console is watched: whatever it was not told to expect is a fault. */

import { test as base, expect } from '@playwright/test';
import { ConsoleGuard } from './console-guard.ts';

export { expect };

export const test = base.extend<{ consoleGuard: ConsoleGuard }>({
  consoleGuard: async ({}, use) => {
    const guard = new ConsoleGuard();
    await use(guard);
    expect(guard.faults, 'complaints in the console').toEqual([]);
  },

  context: async ({ context, consoleGuard }, use) => {
    consoleGuard.watch(context);
    await use(context);
  },
});
