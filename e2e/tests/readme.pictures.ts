/** Takes README's picture: the home page of a buyer, as it really is. */

import { dresses, wear } from '../support/accessibility.ts';
import { someAreSold } from '../support/places.ts';
import { test } from '../support/test.ts';

test('home', async ({ page }) => {
  await wear(page, dresses[0]);
  await someAreSold(page);
  await page.mouse.move(0, 0);
  await page.screenshot({ path: '../docs/home.png' });
});
