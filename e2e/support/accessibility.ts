/** axe looks at a page in every dress it has: light and dark, wide and narrow. */

import { AxeBuilder } from '@axe-core/playwright';
import { type Page, expect } from '@playwright/test';

/** The widths and colours that a page is shown in. */
export const dresses = [
  { colorScheme: 'light', width: 1280, height: 900 },
  { colorScheme: 'dark', width: 1280, height: 900 },
  { colorScheme: 'light', width: 360, height: 740 },
  { colorScheme: 'dark', width: 360, height: 740 },
] as const;

export type Dress = (typeof dresses)[number];

export async function wear(page: Page, { colorScheme, width, height }: Dress): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.setViewportSize({ width, height });
  // It is painted anew.
  await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
}

/** The page as it stands has no violation in any dress, and nothing sticks out of its side. */
export async function isAccessible(page: Page): Promise<void> {
  for (const dress of dresses) {
    await wear(page, dress);
    const axe = new AxeBuilder({ page });
    // What a page is made of depends on its width; in the dark, only colours are others.
    if (dress.colorScheme === 'dark') axe.withTags('cat.color');
    const { violations } = await axe.analyze();
    const found = violations.map(({ id, help, nodes }) => ({ id, help, at: nodes.map((node) => node.target.join(' ')) }));
    expect.soft(found, `${dress.colorScheme}, ${dress.width} wide`).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect.soft(overflow, `sticks out at ${dress.width}`).toBeLessThanOrEqual(0);
  }
  await wear(page, dresses[0]);
}
