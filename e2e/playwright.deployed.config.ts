import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

/** Journeys through a deployed copy, at the address in `PETS_SITE`. */
export default defineConfig(base, {
  testDir: 'deployed',
  testMatch: '*.spec.ts',
  workers: 1,
  retries: 0,
  use: { baseURL: process.env['PETS_SITE']! },
});
