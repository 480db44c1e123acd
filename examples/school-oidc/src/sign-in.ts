// Signing in with Portaria by OpenID Connect. This is all that a product needs of it.

import * as openid from 'openid-client';

export type Config = openid.Configuration;

/** What is kept, at the product, of somebody who was sent to Portaria. */
export type Waiting = openid.AuthorizationCodeGrantChecks & { pkceCodeVerifier: string; expectedState: string };

/** What a teacher's browser means at the product. */
export interface Teacher {
  /** The number of the account: it never changes, so it is what the product stores. */
  id: number;
  name: string;
  idToken: string;
}

export function discovered(portaria: string, id: string, secret: string): Promise<Config> {
  // Without TLS only on one's own machine.
  const onThisMachine = new URL(portaria).hostname === '127.0.0.1';
  return openid.discovery(new URL(portaria), id, secret, undefined, { execute: onThisMachine ? [openid.allowInsecureRequests] : [] });
}

/** Where somebody is sent who wants to come in. */
export async function sent(config: Config, callback: string): Promise<{ address: URL; waiting: Waiting }> {
  const [verifier, state, nonce] = [openid.randomPKCECodeVerifier(), openid.randomState(), openid.randomNonce()];
  const code_challenge = await openid.calculatePKCECodeChallenge(verifier);
  const request = { redirect_uri: callback, scope: 'openid profile', state, nonce, code_challenge, code_challenge_method: 'S256' };
  const waiting = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
  return { address: openid.buildAuthorizationUrl(config, request), waiting };
}

/** Who came back. Rejects what is not the answer to what was asked. */
export async function back(config: Config, url: URL, waiting: Waiting): Promise<Teacher> {
  const tokens = await openid.authorizationCodeGrant(config, url, waiting);
  const sub = tokens.claims()?.sub ?? '';
  const { name = '' } = await openid.fetchUserInfo(config, tokens.access_token, sub);
  return { id: Number(sub), name, idToken: tokens.id_token ?? '' };
}

/** Where somebody is sent who signs out, here and at Portaria. */
export function away(config: Config, { idToken }: Teacher, home: string): URL {
  return openid.buildEndSessionUrl(config, { id_token_hint: idToken, post_logout_redirect_uri: home });
}
