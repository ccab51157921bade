/**
 * The files of a build as a content delivery network serves them: compressed beforehand with Brotli 11, with the headers
 * that the local stack gives them. It counts the bytes that it sends.
 */

import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { dist } from './stack.mjs';

const blank = '<!doctype html><title>Blank</title><link rel="icon" href="data:,">';
const types = { '.css': 'text/css; charset=utf-8', '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8' };
const more = { '.json': 'application/json', '.svg': 'image/svg+xml', '.wasm': 'application/wasm' };

export class Site {
  #server;
  #files = new Map();
  /** Bytes of bodies sent since this was last set to 0, and the requests that were answered. */
  bytes = 0;
  requests = 0;
  /** Answers what no file does: `(request, url) => { status?, headers?, body } | undefined`, or a promise of that. */
  answer = () => undefined;

  static async start() {
    const site = new Site();
    site.#server = createServer((request, response) => void site.#respond(request, response)).listen(0, '127.0.0.1');
    await once(site.#server, 'listening');
    site.origin = `http://localhost:${site.#server.address().port}`;
    return site;
  }

  /** Serves a body under a path. What compresses well is compressed. */
  put(path, body, headers = {}) {
    const packed = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length } });
    const type = { ...types, ...more }[extname(path)] ?? 'application/octet-stream';
    const coding = packed.length < body.length ? { 'content-encoding': 'br', vary: 'accept-encoding' } : {};
    this.#files.set(path, { body: coding.vary ? packed : body, headers: { 'content-type': type, ...headers, ...coding } });
  }

  /** Serves the build as the stack serves it: its headers, its configuration, and its way to the API. */
  async putAsServedBy(stack) {
    for (const path of ['/index.html', '/config.json', ...(await paths())]) {
      const answer = await fetch(stack.origin + (path === '/index.html' ? '/' : path));
      if (!answer.ok) throw new Error(`The stack answers ${path} with ${answer.status}.`);
      const own = /^(content-(length|encoding)|connection|date|keep-alive|transfer-encoding)$/;
      const headers = [...answer.headers].filter(([name]) => !own.test(name));
      this.put(path, Buffer.from(await answer.arrayBuffer()), Object.fromEntries(headers));
    }
  }

  /** Serves the build from its folder, with no other walls than its own. */
  async putBuild() {
    for (const path of ['/index.html', ...(await paths())]) this.put(path, await readFile(join(dist(), path)));
  }

  async stop() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #respond(request, response) {
    const url = new URL(request.url, this.origin);
    if (url.pathname === '/blank') return response.setHeader('content-type', 'text/html').end(blank);
    const page = extname(url.pathname) === '' ? '/index.html' : url.pathname;
    const answered = (await this.answer(request, url)) ?? this.#files.get(page);
    if (!answered) return response.writeHead(404).end();
    this.requests += 1;
    this.bytes += answered.body.length;
    response.writeHead(answered.status ?? 200, { ...answered.headers, 'content-length': answered.body.length });
    response.end(answered.body);
  }
}

async function paths() {
  const entries = await readdir(dist(), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== 'index.html');
  return files.map((file) => join(file.parentPath, file.name).slice(dist().length));
}
