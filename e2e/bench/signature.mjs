/** A signature in the browser: the page's own signer, as WebAssembly, beside the published ones in JavaScript. */

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { cell, column, failed, inTurns, median } from './samples.mjs';
import { Site } from './site.mjs';

const root = resolve(import.meta.dirname, '../..');
const names = ['this page', 'aws4fetch', '@smithy/signature-v4'];

/** What the page calls: a token of 1,200 bytes is in the body of a purchase. */
const api = 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/test/pets';
const requests = {
  'GET /pets/sales, with a cursor': { method: 'GET', url: `${api}/sales?cursor=eyJzIjoxLCJpIjo1MH0%2Fa~b`, body: '' },
  'POST /pets/purchase, 1.2 kB': { method: 'POST', url: `${api}/purchase`, body: JSON.stringify({ petId: 7, authToken: 'eyJh'.repeat(300) }) },
  'DELETE /pets/7': { method: 'DELETE', url: `${api}/7`, body: '' },
};

export async function signature({ browser, quick, say }) {
  const folder = await mkdtemp(join(tmpdir(), 'pets-signers-'));
  const site = await Site.start();
  const context = await browser.newContext();
  try {
    say('signature: building the page\'s signer');
    await putSigners(site, folder);
    const page = await context.newPage();
    await page.goto(`${site.origin}/blank`);
    await page.evaluate(prepare, names);
    const rounds = quick ? 7 : 15;
    const rows = [];
    const failures = [];
    for (const [name, request] of Object.entries(requests)) rows.push(await compare({ page, say, name, request, rounds, failures }));
    return [
      {
        title: 'A signature in the browser',
        note: `Microseconds for one signature (Signature Version 4), medians of ${rounds} rounds in turns, 1,000 signatures one after the other in each; with ×, by this page's. Every signer has derived its key before, and the browser has compiled it as well as it can (3,000 signatures). All three sign the same headers, and their signatures are compared in every round: one that differs has no speed.`,
        columns: ['request', ...names, 'aws4fetch / this page'],
        rows,
        failures,
      },
    ];
  } finally {
    await context.close();
    await site.stop();
    await rm(folder, { recursive: true });
  }
}

async function compare({ page, say, name, request, rounds, failures }) {
  const signed = new Set();
  const results = await inTurns(names, rounds + 1, async (signer, round) => {
    say(round === 0 ? `signature, ${name}: warming up ${signer}` : `signature, ${name}: ${signer}, round ${round} of ${rounds}`);
    const { authorization, microseconds } = await page.evaluate(take, { signer, request, times: round === 0 ? 3000 : 1000 });
    // One of them has a space more behind its commas.
    signed.add(authorization.replaceAll(', ', ','));
    if (signed.size !== 1) throw new Error(`it signs otherwise than whoever came before it:\n${[...signed].join('\n')}`);
    return { microseconds };
  });
  const [ours, aws4fetch] = names.slice(0, 2).map((name) => column(results.get(name).samples.slice(1), 'microseconds'));
  const cells = names.map((signer) => {
    const { samples, failure } = results.get(signer);
    if (!failure) return cell(column(samples.slice(1), 'microseconds'), 'µs', signer === names[0] ? null : ours);
    failures.push(`${signer}, ${name}: ${failure}`);
    return failed(failure);
  });
  const both = ours.length > 0 && aws4fetch.length > 0;
  return [name, ...cells, both ? `${(median(aws4fetch) / median(ours)).toFixed(1)}×` : ''];
}

/** Runs in the page: makes the signers. */
async function prepare(names) {
  const { default: start, Signer } = await import('/ours.js');
  const { aws4fetch, smithy } = await import('/others.js');
  await start({ module_or_path: '/ours_bg.wasm' });
  const keys = { id: 'ASIAEXAMPLE', secret: 'secret/+key', token: 'IQoJ'.repeat(200), region: 'eu-west-1' };
  const now = 1_800_000_000_000;
  const datetime = new Date(now).toISOString().replaceAll(/[:-]|\.\d{3}/g, '');
  const ours = new Signer(keys.id, keys.secret, keys.token, keys.region);
  const encoder = new TextEncoder();
  const sign = ({ method, url, body }) => ours.sign(method, url, encoder.encode(body), now);
  const signers = [sign, aws4fetch({ ...keys, datetime }), smithy({ ...keys, now })];
  window.signers = Object.fromEntries(names.map((name, index) => [name, signers[index]]));
}

/** Runs in the page: signs so many times, one after the other. */
async function take({ signer, request, times }) {
  const sign = window.signers[signer];
  const whole = { ...request, headers: request.body ? { 'content-type': 'application/json' } : {} };
  const authorization = await sign(whole);
  const start = performance.now();
  for (let done = 0; done < times; done += 1) await sign(whole);
  return { authorization, microseconds: ((performance.now() - start) * 1000) / times };
}

async function putSigners(site, folder) {
  const others = await build({
    entryPoints: [join(import.meta.dirname, 'signature/signers.js')],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
  });
  site.put('/others.js', Buffer.from(others.outputFiles[0].contents));

  // As the page is built: the release profile, and then `wasm-opt -Oz`.
  const target = ['--target', 'wasm32-unknown-unknown', '--release', '--message-format', 'json-render-diagnostics'];
  const messages = await run('cargo', ['build', '--locked', '--package', 'signer-bench', ...target]);
  const artifacts = messages.trim().split('\n').map((line) => JSON.parse(line));
  const built = artifacts.flatMap(({ filenames }) => filenames ?? []).find((name) => name.endsWith('signer_bench.wasm'));
  await run('wasm-bindgen', ['--target', 'web', '--no-typescript', '--out-dir', folder, '--out-name', 'ours', built]);
  const wasm = join(folder, 'ours_bg.wasm');
  const features = ['bulk-memory', 'nontrapping-float-to-int', 'reference-types', 'sign-ext', 'mutable-globals', 'multivalue', 'simd'];
  await run('wasm-opt', ['-Oz', ...features.map((feature) => `--enable-${feature}`), wasm, '-o', wasm]);
  for (const name of ['ours.js', 'ours_bg.wasm']) site.put(`/${name}`, await readFile(join(folder, name)));
}

/** A program of the project's own tools, or of this machine. */
async function run(program, options) {
  const path = [join(root, '.tools/bin'), process.env.PATH].join(delimiter);
  const settings = { cwd: root, env: { ...process.env, PATH: path }, maxBuffer: 64 << 20 };
  const ran = await promisify(execFile)(program, options, settings).catch((error) => {
    const remedy = error.code === 'ENOENT' ? `${program} isn't there: run \`cargo xtask setup\`.` : error.stderr;
    throw new Error(`The page's signer can't be built. ${remedy}`);
  });
  return ran.stdout;
}
