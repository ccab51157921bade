/**
 * What the page takes in a real browser, beside what others take for the same: `node e2e/bench/run.mjs --json OUT`.
 * `cargo xtask bench` calls it with the builds to measure. Every comparison is made within one run, in turns.
 */

import { writeFile } from 'node:fs/promises';
import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { openBrowser } from './browser.mjs';
import { firstLoad } from './first-load.mjs';
import { list } from './list.mjs';
import { reload } from './reload.mjs';
import { signature } from './signature.mjs';

const experiments = { 'first-load': firstLoad, list, signature, reload };

// Node gives an address of this machine a quarter of a second, and a busy one takes longer.
setDefaultAutoSelectFamilyAttemptTimeout(10_000);

async function main() {
  const { values } = parseArgs({
    options: {
      json: { type: 'string' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: 'first-load,list,signature' },
    },
  });
  if (!values.json) throw new Error('Say where the tables go: --json FILE.');
  const names = values.only.split(',');
  const unknown = names.filter((name) => !(name in experiments));
  if (unknown.length > 0) throw new Error(`There is no ${unknown}; there are ${Object.keys(experiments)}.`);

  const browser = await openBrowser();
  const tables = [];
  try {
    for (const name of names) tables.push(...(await experiments[name]({ browser, quick: values.quick, say })));
  } finally {
    await browser.close();
  }
  const ran = `Chromium ${browser.version()}, Node ${process.version}; load average at the end ${loadavg()[0].toFixed(1)}.`;
  for (const table of tables) table.note += ` ${ran}`;
  await writeFile(values.json, JSON.stringify({ tables }, null, 1));
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

main().catch((error) => {
  say([error.message, error.cause?.message].filter(Boolean).join(': '));
  process.exitCode = 1;
});
