/** Writes pictures of every page in every dress into `pictures`, for people to look at. */

import { dresses, wear } from '../support/accessibility.ts';
import { places } from '../support/places.ts';
import { test } from '../support/test.ts';

for (const { name, go } of places) {
  test(name, async ({ page, consoleGuard }) => {
    await go(page, consoleGuard);
    for (const dress of dresses) {
      await wear(page, dress);
      const file = `${name.replaceAll(/\W+/g, '-')}-${dress.width}-${dress.colorScheme}.png`;
      await page.screenshot({ path: `pictures/${file}`, fullPage: true });
    }
  });
}
