/**
 * What nobody else may see, and the places where it could be seen. Secrets are noted as they pass through the network;
 * the search knows them in other spellings and in parts.
 */

import type { BrowserContext, Page, Request } from '@playwright/test';

/** Secret values by name. */
export type Secrets = Record<string, string>;

/** Everything secret that the network carries for any page of the context, by name: it grows while the pages live. */
export async function collectSecrets(context: BrowserContext, secrets: Secrets = {}): Promise<Secrets> {
  const note = (name: string, value: string | null | undefined) => {
    if (value && !Object.values(secrets).includes(value)) secrets[`${name} ${Object.keys(secrets).length}`] = value;
  };
  context.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    const asked = oneTime[pathname];
    for (const name of asked ?? []) note(name, searchParams.get(name));
  });
  await context.route(/\/idp\/oauth\/token$|\/sts\/$/, async (route) => {
    const form = new URLSearchParams(route.request().postData() ?? '');
    for (const name of ['code_verifier', 'refresh_token', 'code']) note(name, form.get(name));
    const response = await route.fetch();
    const body = await response.text();
    if (route.request().url().endsWith('/sts/')) {
      for (const name of ['AccessKeyId', 'SecretAccessKey', 'SessionToken']) {
        note(name, new RegExp(`<${name}>([^<]+)</${name}>`).exec(body)?.[1]);
      }
    } else {
      const tokens = JSON.parse(body) as Record<string, string>;
      for (const name of ['id_token', 'access_token', 'refresh_token']) note(name, tokens[name]);
    }
    await route.fulfill({ response, body });
  });
  return secrets;
}

/** The parameters of the protocol that may be in these addresses, and in no other. */
const oneTime: Record<string, string[]> = { '/idp/authorize': ['state', 'nonce'], '/callback': ['code', 'state'] };

/** An address without what the protocol has to put there. */
export function withoutProtocol(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  for (const name of oneTime[url.pathname] ?? []) url.searchParams.delete(name);
  return url.href;
}

/** All that a page keeps or can tell, as one text: stores with what is in them, its name, its address, its history. */
export async function kept(page: Page): Promise<string> {
  const kept = await page.evaluate(async () => {
    const rows = async (name: string) => {
      const database = await new Promise<IDBDatabase>((opened, failed) => {
        const asked = indexedDB.open(name);
        asked.onsuccess = () => opened(asked.result);
        asked.onerror = () => failed(asked.error);
      });
      const all = [...database.objectStoreNames].map(
        (store) =>
          new Promise((read) => {
            const asked = database.transaction(store).objectStore(store).getAll();
            asked.onsuccess = () => read(asked.result);
          }),
      );
      const content = await Promise.all(all);
      database.close();
      return [name, content];
    };
    const pages = async (name: string) => {
      const cache = await window.caches.open(name);
      const requests = await cache.keys();
      const texts = requests.map(async (one) => [one.url, await (await cache.match(one))?.text()]);
      return [name, await Promise.all(texts)];
    };
    return {
      local: { ...localStorage },
      session: { ...sessionStorage },
      cookies: document.cookie,
      databases: await Promise.all((await indexedDB.databases()).map(({ name }) => rows(name ?? ''))),
      caches: await Promise.all((await window.caches.keys()).map(pages)),
      workers: (await navigator.serviceWorker.getRegistrations()).length,
      name: window.name,
      state: history.state as unknown,
      address: location.href,
      referrer: document.referrer,
      performance: performance.getEntries().flatMap(({ entryType, name }) => (entryType === 'navigation' ? [] : [name])),
      // The address with which the page was loaded: no page can make its browser forget that, only leave.
      loaded: performance.getEntriesByType('navigation').map(({ name }) => name),
    };
  });
  return JSON.stringify({ ...kept, loaded: kept.loaded.map(withoutProtocol) });
}

/** The addresses to which the buttons for back and forth lead. */
export async function visited(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { entries } = await session.send('Page.getNavigationHistory');
  await session.detach();
  return entries.map(({ url }) => url);
}

/** What goes over the network in the open, and what is said in consoles. */
export class Traffic {
  /** Without what the protocol has to put there. */
  readonly addresses: string[] = [];
  readonly referers: string[] = [];
  readonly console: string[] = [];
  readonly #reading: Promise<unknown>[] = [];

  watch(context: BrowserContext): void {
    context.on('request', (request) => {
      this.addresses.push(withoutProtocol(request.url()));
      this.#reading.push(this.#readReferer(request));
    });
    context.on('console', (message) => {
      // The console names an address that was refused; what the protocol puts there is in the first list already.
      this.console.push(message.text(), withoutProtocol(message.location().url));
    });
    context.on('weberror', (event) => this.console.push(event.error().stack ?? event.error().message));
  }

  /** When all that was under way has been read. */
  async settled(): Promise<void> {
    await Promise.all(this.#reading);
  }

  async #readReferer(request: Request): Promise<void> {
    // A page that goes away takes its requests along.
    const headers = await request.allHeaders().catch(() => request.headers());
    this.referers.push(headers['referer'] ?? '');
  }
}

/** The ways in which a value may be written. */
function spellings(value: string): string[] {
  const bytes = Buffer.from(value);
  // In the middle of a longer text, base64 has three ways to write the same bytes; its edges depend on the neighbours.
  const encoded = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64').replace(/=+$/, '');
    return text.slice(shift === 0 ? 0 : 4, -3);
  });
  const whole = encoded.filter((text) => text.length >= 12);
  const url = whole.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  const form = new URLSearchParams({ value }).toString().slice('value='.length);
  const spelled = [value, encodeURIComponent(value), form, JSON.stringify(value).slice(1, -1), bytes.toString('hex')];
  return [...new Set([...spelled, ...whole, ...url])];
}

/** A value, and the parts of it that would be enough to worry: a token's claims and signature, and its ends. */
function parts(value: string): string[] {
  const sections = value.split('.').filter((section) => section.length >= 20 && !/^eyJ(hbGci|0eX)/.test(section));
  return [value, ...sections].flatMap((part) => (part.length > 40 ? [part, part.slice(0, 24), part.slice(-24)] : [part]));
}

/** Which secret is in which place, in whatever spelling. Letters count alike in both cases. */
export function found(places: Record<string, string>, secrets: Secrets): string[] {
  const all = Object.entries(secrets).map(([name, value]) => {
    const looks = parts(value).flatMap(spellings);
    return { name, looks: [...new Set(looks.map((look) => look.toLowerCase()))] };
  });
  return Object.entries(places).flatMap(([place, text]) => {
    const searched = text.toLowerCase();
    return all.filter(({ looks }) => looks.some((look) => searched.includes(look))).map(({ name }) => `${name} in ${place}`);
  });
}
