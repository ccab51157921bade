/** Somebody else's site: it would take and give everything, so what doesn't come through was stopped by the page. */

import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export class Elsewhere {
  readonly #server: Server;
  /** Not the shop's site, by name too. */
  readonly origin: string;
  /** The paths that were asked for. */
  readonly asked: string[] = [];
  /** What `/` shows. */
  page = '';

  private constructor(server: Server) {
    this.#server = server;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<Elsewhere> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const elsewhere = new Elsewhere(server);
    server.on('request', (request, response) => {
      const path = request.url ?? '/';
      elsewhere.asked.push(path);
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
      response.setHeader('Content-Type', path.endsWith('.js') ? 'text/javascript' : 'text/html');
      response.end(path.endsWith('.js') ? 'globalThis.robbed = true;' : `<!doctype html>${elsewhere.page}`);
    });
    return elsewhere;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
