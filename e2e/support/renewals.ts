/** What a browser asks the issuer and AWS for, as it goes over the network. */

import type { BrowserContext, Request } from '@playwright/test';

export interface Renewal {
  /** The refresh token that was brought. */
  with: string;
  /** Whether the issuer renewed the session. */
  answered: boolean;
  /** The one that came back, and the new ID token's time in seconds by the issuer's clock: where the browser kept it. */
  brought?: { refreshToken: string; issuedAt: number };
}

/** Every renewal by a refresh token, of all tabs, in the order in which they were sent. */
export function watchRenewals(context: BrowserContext): Renewal[] {
  const renewals: Renewal[] = [];
  context.on('request', (request) => {
    const form = tokenRequest(request);
    if (form?.get('grant_type') !== 'refresh_token') return;
    const renewal: Renewal = { with: form.get('refresh_token')!, answered: false };
    renewals.push(renewal);
    const answered = async () => {
      const response = await request.response();
      if (!response?.ok()) return;
      renewal.answered = true;
      const tokens = (await response.json()) as { id_token: string; refresh_token: string };
      const claims = JSON.parse(Buffer.from(tokens.id_token.split('.')[1]!, 'base64url').toString()) as Record<string, number>;
      renewal.brought = { refreshToken: tokens.refresh_token, issuedAt: claims['iat']! };
    };
    // A tab that goes takes its answers with it, and some browsers don't keep what was read as it came.
    answered().catch(() => undefined);
  });
  return renewals;
}

/** Where the pages of a context were sent to sign in or to be known again. */
export function watchTripsToTheIssuer(context: BrowserContext): string[] {
  const trips: string[] = [];
  context.on('request', (request) => {
    if (request.isNavigationRequest() && request.url().includes('/idp/authorize?')) trips.push(request.url());
  });
  return trips;
}

function tokenRequest(request: Request): URLSearchParams | undefined {
  if (request.method() !== 'POST' || !request.url().endsWith('/idp/oauth/token')) return undefined;
  return new URLSearchParams(request.postData() ?? '');
}
