/** From a changed line of the page's sources to the page that shows it, with Trunk at work as it is for `cargo xtask serve`. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { inFreshPage } from './browser.mjs';
import { cell } from './samples.mjs';
import { startStack } from './stack.mjs';

/** The line: the page's title. */
const file = 'src/home.rs';
const title = 'title="Pets"';
/** Minutes for the first build, which may come from nothing, and for one after a change. */
const patience = { first: 30, change: 10 };

export async function reload({ browser, quick, say }) {
  const sources = process.env.PETS_SOURCES;
  if (!sources) throw new Error('PETS_SOURCES must name a copy of the sources: a line of it will be changed.');
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const stack = await startStack(origin, false);
  let trunk;
  try {
    await change(join(sources, 'Trunk.toml'), 'http://127.0.0.1:9000', stack.origin);
    trunk = spawn('trunk', ['serve', '--skip-version-check', '--port', String(port), '--dist', join(sources, 'dist')], { cwd: sources, stdio: ['ignore', 'ignore', 'pipe'] });
    const failed = new Promise((_, fail) => {
      let words = '';
      trunk.stderr.on('data', (more) => (words = (words + more).slice(-4000)));
      trunk.once('error', fail);
      trunk.once('exit', (code) => fail(new Error(`Trunk ended with ${code}:\n${words}`)));
    });
    const measured = await Promise.race([failed, measure({ browser, say, sources, origin, rounds: quick ? 2 : 5 })]);
    return [
      {
        title: 'From a changed line to the page that shows it',
        note: `The title of the page is changed in ${file} while Trunk serves and a browser shows the page: the time from the file on the disk until the browser, which loads by itself, shows the new title. Unoptimised, and sealed as every build is.`,
        columns: ['', 'time'],
        rows: [['a changed line', cell(measured, 's')]],
        failures: [],
      },
    ];
  } finally {
    trunk?.removeAllListeners('exit').kill('SIGTERM');
    await stack.stop();
  }
}

async function measure({ browser, say, sources, origin, rounds }) {
  const deadline = Date.now() + patience.first * 60_000;
  while (!(await fetch(origin).then(({ ok }) => ok, () => false))) {
    if (Date.now() > deadline) throw new Error(`Trunk serves nothing after ${patience.first} minutes.`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return inFreshPage(browser, origin, false, async (page, faults) => {
    const shows = (text) => page.waitForFunction((text) => document.title.startsWith(text), text, { polling: 50, timeout: patience.change * 60_000 });
    await page.goto(origin);
    await shows('Pets');
    const seconds = [];
    let before = title;
    for (let round = 1; round <= rounds; round += 1) {
      say(`reload: round ${round} of ${rounds}`);
      const after = `title="Pets ${round}"`;
      const start = performance.now();
      await change(join(sources, file), before, after);
      await shows(`Pets ${round}`);
      seconds.push((performance.now() - start) / 1000);
      before = after;
    }
    // What a page says while it is replaced is no fault of it.
    faults.length = 0;
    return seconds;
  });
}

async function change(path, before, after) {
  const text = await readFile(path, 'utf8');
  if (!text.includes(before)) throw new Error(`${path} has no ${before}, which is to be changed.`);
  await writeFile(path, text.replace(before, () => after));
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
