/** The parts of the shop's pages, by role and name. */

import type { Locator, Page } from '@playwright/test';

/** The unsold. */
export function forSale(page: Page): Locator {
  return page.getByRole('region', { name: 'For sale' });
}

/** The sold. */
export function sold(page: Page): Locator {
  return page.getByRole('region', { name: 'Sold' });
}

/** The pets that are for sale. */
export function pets(page: Page): Locator {
  return forSale(page).getByRole('listitem');
}

/** The switch of the negative test. */
export function forbiddenButtons(page: Page): Locator {
  return page.getByRole('switch', { name: 'Show what I may not do' });
}
