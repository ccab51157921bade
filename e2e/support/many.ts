/** A shop with more pets than the sample data: its lists come from memory, everything else from the stack. */

import type { Page } from '@playwright/test';

export interface Sample {
  id: number;
  type: string;
  price: number;
  isSold: boolean;
}

const kinds = ['cat', 'dog', 'fish', 'horse', 'rabbit', 'parrot', 'hamster', 'tortoise'];

/** So many pets, the first with the lowest number; a fifth are sold. */
export function many(count: number): Sample[] {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    type: kinds[index % kinds.length]!,
    price: 10 + ((index * 37) % 500) + 0.5,
    isSold: index % 5 === 4,
  }));
}

/** Answers lists of them, in the pages that are asked for or of `size`; gives the queries that were asked, as they come. */
export async function stock(page: Page, pets: Sample[], size?: number): Promise<string[]> {
  const asked: string[] = [];
  await page.route(/\/test\/pets(\?|$)/, async (route) => {
    if (route.request().method() !== 'GET') return route.fallback();
    const { origin, pathname, search, searchParams } = new URL(route.request().url());
    asked.push(search);
    const of = (name: string) => searchParams.get(name);
    const fits = (pet: Sample) =>
      (!of('id') || pet.id === Number(of('id'))) &&
      (!of('type') || pet.type === of('type')!.toLowerCase()) &&
      (!of('status') || pet.isSold === (of('status') === 'sold'));
    const key = (pet: Sample) => (of('sort')?.endsWith('price') ? pet.price : pet.id);
    const turn = of('sort')?.startsWith('-') ? -1 : 1;
    const ordered = pets.filter(fits).sort((a, b) => turn * (key(a) - key(b) || a.id - b.id));
    const all = [...ordered.filter((pet) => !pet.isSold), ...ordered.filter((pet) => pet.isSold)];
    const start = Number(of('cursor') ?? 0);
    const end = start + (size ?? Number(of('limit') ?? 50));
    searchParams.set('cursor', String(end));
    const link = `<${origin}${pathname}?${searchParams}>; rel="next"`;
    return route.fulfill({ json: all.slice(start, end), headers: end < all.length ? { link } : {} });
  });
  return asked;
}
