/**
 * A way into a stack that notes what is asked, can hold answers back, and can change them. The browser knows nothing of it:
 * what is cached, preloaded or asked twice is so as it would be without.
 */

import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  method: string;
  /** With its query. */
  path: string;
  headers: IncomingMessage['headers'];
}

export class Gate {
  readonly #server: Server;
  readonly origin: string;
  /** Everything that was asked, in its order. */
  readonly asked: Asked[] = [];
  /** The port of the stack behind. */
  to = 0;
  /** What comes instead of an answer's text. */
  change: (path: string, text: string) => string = (_, text) => text;
  /** Which connections are cut instead of answered. */
  cut: (path: string) => boolean = () => false;
  #held: { path: RegExp; opened: Promise<void>; open: () => void }[] = [];

  private constructor(server: Server) {
    this.#server = server;
    this.origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<Gate> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const gate = new Gate(server);
    server.on('request', (question, answer) => void gate.#pass(question, answer));
    return gate;
  }

  /** How often this was asked. */
  times(path: RegExp): number {
    return this.asked.filter((asked) => path.test(asked.path)).length;
  }

  /** No answer comes for these until the function that this gives is called. */
  hold(path: RegExp): () => void {
    let open = () => {};
    const opened = new Promise<void>((resolve) => (open = resolve));
    this.#held.push({ path, opened, open });
    return open;
  }

  async #pass(question: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = question;
    this.asked.push({ method, path, headers });
    for (const held of this.#held.filter((held) => held.path.test(path))) await held.opened;
    if (this.cut(path)) return void answer.destroy();
    const behind = request({ host: '127.0.0.1', port: this.to, method, path, headers });
    question.pipe(behind);
    behind.on('error', () => answer.destroy());
    const [said] = (await once(behind, 'response').catch(() => [])) as IncomingMessage[];
    if (!said) return;
    const isText = /html|json/.test(said.headers['content-type'] ?? '');
    if (!isText) {
      answer.writeHead(said.statusCode!, said.headers);
      return void said.pipe(answer);
    }
    let text = '';
    for await (const part of said.setEncoding('utf8')) text += part;
    const { 'content-length': _, 'transfer-encoding': __, ...kept } = said.headers;
    answer.writeHead(said.statusCode!, kept);
    answer.end(this.change(path, text));
  }

  async stop(): Promise<void> {
    for (const { open } of this.#held) open();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
