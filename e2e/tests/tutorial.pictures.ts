/** Takes the tutorial's pictures: the shop as each kind of user sees it. */

import { dresses, wear } from '../support/accessibility.ts';
import { places } from '../support/places.ts';
import { test } from '../support/test.ts';

const pictures: Record<string, string> = {
  buyer: 'home of a buyer, some sold',
  admin: 'home of an admin, some sold',
  receipt: 'receipt',
  refused: 'refused',
};

for (const [file, name] of Object.entries(pictures)) {
  test(file, async ({ page, consoleGuard }) => {
    await wear(page, dresses[0]);
    await places.find((place) => place.name === name)!.go(page, consoleGuard);
    await page.mouse.move(0, 0);
    await page.screenshot({ path: `../docs/tutorial/${file}.png` });
  });
}
