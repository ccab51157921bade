/**
 * What a page holds in memory: everything of JavaScript's by a heap snapshot, and every byte of the page's
 * WebAssembly memories, which a snapshot leaves out.
 */

import type { BrowserContext, CDPSession, Page } from '@playwright/test';

declare global {
  interface Window {
    wasmMemories?: WebAssembly.Memory[];
  }
}

/** From now on each page of the context notes its WebAssembly memories. */
export async function watchMemories(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const memories: WebAssembly.Memory[] = (window.wasmMemories = []);
    const note = (made: WebAssembly.WebAssemblyInstantiatedSource | WebAssembly.Instance) => {
      const instance = made instanceof WebAssembly.Instance ? made : made.instance;
      for (const exported of Object.values(instance.exports)) {
        if (exported instanceof WebAssembly.Memory) memories.push(exported);
      }
      return made;
    };
    for (const name of ['instantiate', 'instantiateStreaming'] as const) {
      const original = WebAssembly[name] as (...of: unknown[]) => Promise<WebAssembly.WebAssemblyInstantiatedSource>;
      Object.assign(WebAssembly, { [name]: (...of: unknown[]) => original.apply(WebAssembly, of).then(note) });
    }
  });
}

/**
 * The names of those secrets that are somewhere in the page's memory, each with the place. The page isn't told what is
 * looked for, or it would be found for that.
 */
export async function secretsInMemory(page: Page, secrets: Record<string, string>): Promise<string[]> {
  // First, for reading the others leaves a copy of them there for a while.
  const heap = await heapSnapshot(page);
  const memories = await page.evaluate(() => {
    const decoder = new TextDecoder('latin1');
    return (window.wasmMemories ?? []).map((memory) => decoder.decode(new Uint8Array(memory.buffer)));
  });
  const found: string[] = [];
  for (const [name, secret] of Object.entries(secrets)) {
    if (heap.includes(JSON.stringify(secret).slice(1, -1))) found.push(`${name} (heap)`);
    if (memories.some((memory) => memory.includes(secret))) found.push(`${name} (wasm)`);
  }
  return found;
}

/** The number of WebAssembly memories that are looked at: none would make the look worthless. */
export async function memoryCount(page: Page): Promise<number> {
  return page.evaluate(() => window.wasmMemories?.length ?? 0);
}

async function heapSnapshot(page: Page): Promise<string> {
  const session: CDPSession = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  return chunks.join('');
}
