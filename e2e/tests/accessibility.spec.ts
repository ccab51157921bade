/** Every page, in every state, light and dark, wide and narrow, under axe. */

import { isAccessible } from '../support/accessibility.ts';
import { places } from '../support/places.ts';
import { test } from '../support/test.ts';

for (const { name, go } of places) {
  test(name, async ({ page, consoleGuard }) => {
    await go(page, consoleGuard);
    await isAccessible(page);
  });
}
