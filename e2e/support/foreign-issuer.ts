/**
 * An OpenID Connect server that nobody here wrote, in place of the built-in issuer: `oidc-provider`, with the smallest
 * sign-in page there can be. Who signs in chooses a subject, and the subject's prefix decides the role.
 */

import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Context } from 'oidc-provider';

export const clientId = 'pets-at-the-foreign-issuer';

/** The people who can sign in, by their subjects. */
const people: Record<string, { name: string; email: string }> = {
  'amazon|dino': { name: 'Dino the Buyer', email: 'dino@example.com' },
  'auth0|pebbles': { name: 'Pebbles the Admin', email: 'pebbles@example.com' },
};

export class ForeignIssuer {
  readonly #server: Server;
  readonly url: string;
  /** What went wrong inside, if anything did. */
  readonly errors: Error[] = [];

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  /** Starts it on a free port, for the page at this origin. */
  static async start(appOrigin: string): Promise<ForeignIssuer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const issuer = new ForeignIssuer(server, `http://localhost:${(server.address() as AddressInfo).port}`);
    const provider = issuer.#provider(appOrigin);
    provider.on('server_error', (_, error) => issuer.errors.push(error));
    const rest = provider.callback();
    server.on('request', (request, response) => {
      if (request.url?.startsWith('/sign-in/')) void signIn(provider, request, response);
      else rest(request, response);
    });
    return issuer;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #provider(appOrigin: string): Provider {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    return new Provider(this.url, {
      clients: [
        {
          client_id: clientId,
          application_type: 'web',
          token_endpoint_auth_method: 'none',
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
          redirect_uris: [`${appOrigin}/callback`],
          post_logout_redirect_uris: [appOrigin, `${appOrigin}/`, `${appOrigin}/login`],
        },
      ],
      jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' }] },
      cookies: { keys: [randomBytes(32).toString('hex')] },
      clientBasedCORS: (_: Context, origin: string) => origin === appOrigin,
      // The name belongs into the ID token: there is nobody to ask `userinfo`.
      conformIdTokenClaims: false,
      claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
      features: {
        devInteractions: { enabled: false },
        rpInitiatedLogout: {
          enabled: true,
          logoutSource(context: Context, form: string) {
            context.body = document('Sign out', `${form}<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`);
          },
        },
      },
      interactions: { url: (_: Context, interaction: { uid: string }) => `/sign-in/${interaction.uid}` },
      findAccount: (_: Context, accountId: string) =>
        people[accountId] && {
          accountId,
          claims: () => ({ sub: accountId, ...people[accountId], email_verified: true }),
        },
      loadExistingGrant: grantEverything,
      pkce: { required: () => true },
      ttl: { Session: 600, Interaction: 600, Grant: 600, AccessToken: 600, IdToken: 600, RefreshToken: 600 },
    });
  }
}

/** There is one application, and who comes from it wants to use it: consent isn't asked for. */
async function grantEverything(context: Context) {
  const { client, session, provider, result } = context.oidc;
  const known = result?.consent?.grantId ?? session.grantIdFor(client.clientId);
  if (known) return provider.Grant.find(known);
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid profile email offline_access');
  await grant.save();
  return grant;
}

/** The sign-in page: a button a person. */
async function signIn(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'POST') {
    let form = '';
    for await (const chunk of request) form += chunk;
    const accountId = new URLSearchParams(form).get('subject') ?? '';
    await provider.interactionFinished(request, response, { login: { accountId } }, { mergeWithLastSubmission: false });
    return;
  }
  const buttons = Object.entries(people).map(
    ([subject, { name }]) => `<button name="subject" value="${subject}">${name}</button>`,
  );
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(document('Who are you?', `<form method="post">${buttons.join(' ')}</form>`));
}

function document(title: string, body: string): string {
  return (
    `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">` +
    `<title>${title}</title><h1>${title}</h1>${body}</html>`
  );
}
