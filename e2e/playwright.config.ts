import { defineConfig } from '@playwright/test';

/** `all`: every page as a picture, to look at. `readme` and `tutorial`: those in the documents. Otherwise the tests. */
const pictures = process.env['PETS_PICTURES'];

export default defineConfig({
  testDir: 'tests',
  testMatch: pictures ? `${pictures}.pictures.ts` : '*.spec.ts',
  fullyParallel: true,
  workers: 2,
  // A second try on a shared machine is reported as flaky, not hidden; at a desk there is none.
  retries: process.env['CI'] ? 1 : 0,
  forbidOnly: true,
  reporter: [['list']],
  // Guards against a hang, not expectations: nothing here is about how long something takes.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  use: {
    browserName: 'chromium',
    locale: 'en-US',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
    launchOptions: {
      // Without it, Playwright's own Chromium.
      ...(process.env['PETS_CHROMIUM'] && { executablePath: process.env['PETS_CHROMIUM'] }),
      args: [
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
