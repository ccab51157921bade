/** The local stack as a process: started on a free port over a folder of its own, stopped by its handle. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(import.meta.dirname, '../..');

/** The binary under test. */
const binary = existing(process.env['PETS_LOCAL_STACK'] ?? 'target/debug/local-stack', 'cargo build -p local-stack');

/** The release build of the page. */
export const dist = existing(process.env['PETS_DIST'] ?? 'dist', 'cargo xtask test page');

function existing(path: string, remedy: string): string {
  const absolute = resolve(root, path);
  if (!existsSync(absolute)) throw new Error(`${absolute} isn't there: run \`${remedy}\`.`);
  return absolute;
}

export class Stack {
  readonly #process: ChildProcess;
  readonly port: number;
  readonly data: string;
  readonly #log: string[];

  private constructor(process: ChildProcess, port: number, data: string, log: string[]) {
    this.#process = process;
    this.port = port;
    this.data = data;
    this.#log = log;
  }

  /** Starts one, on `port` if it has to be that of another that has ended. */
  static async start(data: string, options: string[] = [], port = 0): Promise<Stack> {
    const template = resolve(root, 'infra/template.yaml');
    const options_ = ['--listen', `127.0.0.1:${port}`, '--data', data, '--template', template, ...options];
    const process = spawn(binary, options_, { stdio: ['ignore', 'pipe', 'pipe'] });
    const log: string[] = [];
    const ready = new Promise<number>((started, failed) => {
      for (const stream of [process.stdout, process.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          log.push(line);
          const listening = /^listening on http:\/\/127\.0\.0\.1:(\d+)$/.exec(line);
          if (listening) started(Number(listening[1]));
        });
      }
      process.once('error', failed);
      process.once('exit', () => failed(new Error(`the stack didn't start:\n${log.join('\n')}`)));
    });
    return new Stack(process, await ready, data, log);
  }

  /** Where the stack serves the page, if it was told to. */
  get origin(): string {
    return `http://localhost:${this.port}`;
  }

  /** Everything that it has written. */
  get log(): string {
    return this.#log.join('\n');
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }
}
