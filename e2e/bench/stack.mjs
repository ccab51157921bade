/** The local stack as a process, over a new folder that goes with it. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(import.meta.dirname, '../..');

/** The release build of the page. */
export function dist() {
  return existing('PETS_DIST', 'dist', 'the release build of the page');
}

function existing(variable, otherwise, what) {
  const path = resolve(root, process.env[variable] ?? otherwise);
  if (!existsSync(path)) throw new Error(`${path} isn't there: ${variable} must name ${what}.`);
  return path;
}

/** Starts it for callers at `appOrigin`, with the page unless that comes from elsewhere. */
export async function startStack(appOrigin, withPage = true) {
  const binary = existing('PETS_LOCAL_STACK', 'target/release/local-stack', 'the binary of the local stack');
  const data = await mkdtemp(join(tmpdir(), 'pets-bench-'));
  const template = join(root, 'infra/template.yaml');
  const options = ['--listen', '127.0.0.1:0', '--data', data, '--template', template, '--app-origin', appOrigin];
  const running = spawn(binary, [...options, ...(withPage ? ['--dist', dist()] : [])], { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = [];
  const port = await new Promise((started, failed) => {
    for (const stream of [running.stdout, running.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        log.push(line);
        const listening = /^listening on http:\/\/127\.0\.0\.1:(\d+)$/.exec(line);
        if (listening) started(Number(listening[1]));
      });
    }
    running.once('error', failed);
    running.once('exit', () => failed(new Error(`The stack didn't start:\n${log.join('\n')}`)));
  });
  const stop = async () => {
    const ended = once(running, 'exit');
    running.kill('SIGTERM');
    await ended;
    await rm(data, { recursive: true });
  };
  return { origin: `http://localhost:${port}`, stop };
}
