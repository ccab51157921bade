// The others: what the published libraries make of the same requests. Bundled by esbuild, run in the browser.
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { AwsV4Signer } from 'aws4fetch';

const service = 'execute-api';

/** With its cache of derived keys, as its own client uses it. */
export function aws4fetch({ id, secret, token, region, datetime }) {
  const cache = new Map();
  const keys = { accessKeyId: id, secretAccessKey: secret, sessionToken: token };
  return async ({ method, url, body, headers }) => {
    const signer = new AwsV4Signer({ method, url, body, headers, ...keys, region, service, cache, datetime, allHeaders: true });
    return (await signer.sign()).headers.get('authorization');
  };
}

/** It caches derived keys by itself. A checksum header is for S3 only. */
export function smithy({ id, secret, token, region, now }) {
  const credentials = { accessKeyId: id, secretAccessKey: secret, sessionToken: token };
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256, applyChecksum: false });
  return async ({ method, url, body, headers }) => {
    const { protocol, hostname, host, pathname, searchParams } = new URL(url);
    const query = Object.fromEntries(searchParams);
    const request = { method, protocol, hostname, path: pathname, query, headers: { ...headers, host }, body };
    return (await signer.sign(request, { signingDate: new Date(now) })).headers.authorization;
  };
}
