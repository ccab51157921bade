/** The hand-written page: no framework, the same styles, the same pets. It only looks and filters; the shop does more. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dist } from './stack.mjs';

/** The two that are compared, and where they are on a site. */
export const pages = [
  { name: 'this page', path: '/', ours: true },
  { name: 'hand-written page', path: '/plain.html', ours: false },
];

/** Puts it beside the build's page. Its styles come to it in the way in which they come to the build. */
export async function putPlain(site, apiUrl) {
  const built = await readFile(join(dist(), 'index.html'), 'utf8');
  const styles = built.match(/<link\b[^>]*\bstylesheet\b[^>]*>|<style\b[\s\S]*?<\/style>/g);
  if (!styles) throw new Error('The build has no styles that the hand-written page could share.');
  const own = (name) => readFile(join(import.meta.dirname, 'plain', name), 'utf8');
  const pictures = (await readdir(join(dist(), 'pictures'))).map((name) => name.replace('.svg', ''));
  const fields = { '<!-- styles -->': styles.join(''), '{api}': apiUrl, '{pictures}': pictures.join(' ') };
  const html = Object.entries(fields).reduce((html, [field, value]) => html.replace(field, () => value), await own('index.html'));
  site.put('/plain.html', Buffer.from(html.replace(/\n\s*/g, '\n')));
  site.put('/plain.js', Buffer.from(await own('plain.js')));
}
