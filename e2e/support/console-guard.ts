/** No page may complain in its console. What a test provokes on purpose it names, as narrowly as it can. */

import type { BrowserContext } from '@playwright/test';

/** What a test provokes: the browser logs it as an error, whatever the page does with it. */
export type Provoked =
  | {
      /** The status of an answer that refuses, or `none` if no answer comes at all. */
      status: number | 'none';
      /** The path of the address that is asked. */
      path: RegExp;
    }
  | {
      /** An exception that nobody catches. */
      uncaught: RegExp;
    };

/** The page turns off each permission that a browser may know. One that is older than a permission says that it doesn't. */
const TOO_NEW =
  /^Error with Permissions-Policy header: (Unrecognized feature|Origin trial controlled feature not enabled): '[\w-]+'\.$/;

export class ConsoleGuard {
  readonly #complaints: string[] = [];
  readonly #provoked: { expected: Provoked; seen: boolean }[] = [];
  readonly #tolerated: Provoked[] = [];

  /** Listens to every page of the context, those that open later too. */
  watch(context: BrowserContext): void {
    context.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return;
      const { url } = message.location();
      const said = message.text();
      if (TOO_NEW.test(said)) return;
      const status = /^Failed to load resource: the server responded with a status of (\d{3})/.exec(said)?.[1];
      const none = /^Failed to load resource: net::ERR_/.test(said);
      const path = URL.canParse(url) ? new URL(url).pathname : '';
      const fits = (expected: Provoked) =>
        'path' in expected &&
        expected.path.test(path) &&
        (expected.status === 'none' ? none : status === String(expected.status));
      if (!this.#note(fits)) this.#complaints.push(`${message.type()}: ${said} (${url})`);
    });
    context.on('weberror', (event) => {
      const error = event.error();
      const fits = (expected: Provoked) => 'uncaught' in expected && expected.uncaught.test(error.message);
      if (!this.#note(fits)) this.#complaints.push(`uncaught: ${error.stack ?? error.message}`);
    });
  }

  /** From now on the browser may log that. It has to happen. */
  provoke(...expected: Provoked[]): void {
    this.#provoked.push(...expected.map((one) => ({ expected: one, seen: false })));
  }

  /** From now on the browser may log that, if it likes. */
  tolerate(...expected: Provoked[]): void {
    this.#tolerated.push(...expected);
  }

  /** What the pages complained about, and what was provoked in vain. */
  get faults(): string[] {
    const vain = this.#provoked.filter(({ seen }) => !seen);
    const name = (one: Provoked) => ('path' in one ? `${one.status} from ${one.path.source}` : one.uncaught.source);
    return [...this.#complaints, ...vain.map(({ expected }) => `never happened: ${name(expected)}`)];
  }

  #note(fits: (expected: Provoked) => boolean): boolean {
    const found = this.#provoked.filter(({ expected }) => fits(expected));
    for (const provoked of found) provoked.seen = true;
    return found.length > 0 || this.#tolerated.some(fits);
  }
}
