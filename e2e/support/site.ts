/**
 * The page at an origin of its own, as it is when it is deployed: what it asks of the API, STS and the issuer goes to
 * other origins, so every CORS header counts, and so does every origin that the page's policy names.
 */

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { type Stack, dist } from './stack.ts';

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

export class Site {
  readonly #server: Server;
  readonly origin: string;
  /** What `/config.json` says. */
  config: unknown;
  #walls: [string, string][] = [];

  private constructor(server: Server) {
    this.#server = server;
    this.origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<Site> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const site = new Site(server);
    server.on('request', async (request, response) => {
      const path = new URL(request.url ?? '/', site.origin).pathname;
      const file = path.includes('..') || extname(path) === '' ? '/index.html' : path;
      for (const [name, value] of site.#walls) response.setHeader(name, value);
      try {
        const body = path === '/config.json' ? JSON.stringify(site.config) : await readFile(join(dist, file));
        response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream');
        response.end(body);
      } catch {
        response.writeHead(404).end();
      }
    });
    return site;
  }

  /** Is served with the configuration of a stack that was told to serve the page, and within the same walls. */
  async stand(stack: Stack): Promise<void> {
    this.config = await (await fetch(`${stack.origin}/config.json`)).json();
    const { headers } = await fetch(stack.origin);
    const own = /^(content-(length|type)|cache-control|connection|date|keep-alive)$/;
    this.#walls = [...headers].filter(([name]) => !own.test(name));
    if (!headers.has('content-security-policy')) throw new Error('The stack serves no page.');
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
