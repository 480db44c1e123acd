// `oauth4webapi` (https://github.com/panva/oauth4webapi), step by step as its documentation has it: a public client, which shows itself
// by PKCE alone.

import assert from 'node:assert/strict';
import * as oauth from 'oauth4webapi';
import { ISSUER, Person, fetchSpoiling, isAbout, spoilt } from './person.mjs';

const CALLBACK = 'http://127.0.0.1:8766/callback';
const issuer = new URL(ISSUER);
// The provider of this test is on this machine, without TLS.
const plain = { [oauth.allowInsecureRequests]: true };

const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, plain));
const client = { client_id: 'app', id_token_signed_response_alg: 'RS256' };
const none = oauth.None();

async function began() {
  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const address = new URL(as.authorization_endpoint);
  const parameters = {
    client_id: client.client_id,
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid profile email offline_access',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  };
  for (const [name, value] of Object.entries(parameters)) {
    address.searchParams.set(name, value);
  }
  return { address, verifier, state, nonce };
}

async function exchanged(url, { verifier, state, nonce }, fetched = fetch) {
  const parameters = oauth.validateAuthResponse(as, client, url, state);
  const options = { ...plain, [oauth.customFetch]: fetched };
  const response = await oauth.authorizationCodeGrantRequest(as, client, none, parameters, CALLBACK, verifier, options);
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, { expectedNonce: nonce, requireIdToken: true });
  // The same token as it came, with its signature: over TLS a client may leave this out.
  await oauth.validateApplicationLevelSignature(as, response, plain);
  return tokens;
}

async function userinfo(tokens) {
  const { sub } = oauth.getValidatedIdTokenClaims(tokens);
  const response = await oauth.userInfoRequest(as, client, tokens.access_token, plain);
  return oauth.processUserInfoResponse(as, client, sub, response);
}

async function back(person) {
  const waiting = await began();
  return { waiting, url: (await person.open(waiting.address, CALLBACK)).url };
}

const person = new Person();
const waiting = await began();
assert.equal((await person.open(waiting.address)).url.pathname, '/login');
const { url } = await person.signUp(CALLBACK);
const tokens = await exchanged(url, waiting);
assert.deepEqual((await userinfo(tokens)).email, person.email);

const response = await oauth.refreshTokenGrantRequest(as, client, none, tokens.refresh_token, plain);
const renewed = await oauth.processRefreshTokenResponse(as, client, response);
assert.notEqual(renewed.refresh_token, tokens.refresh_token);
// The access token is one of RFC 9068, for whoever the product names as its audience.
const request = new Request('https://api.example/', { headers: { Authorization: `Bearer ${renewed.access_token}` } });
const access = await oauth.validateJwtAccessToken(as, request, 'https://api.example', plain);
assert.equal(access.client_id, 'app');
await assert.rejects(oauth.validateJwtAccessToken(as, request, 'app', plain), 'it is for somebody else');
await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, none, renewed.refresh_token, plain));
await assert.rejects(userinfo({ ...tokens, access_token: renewed.access_token }));

let came = await back(person);
assert.throws(() => oauth.validateAuthResponse(as, client, came.url, 'another'));
await assert.rejects(exchanged(came.url, { ...came.waiting, nonce: 'another' }), isAbout("claim: 'nonce'"));
came = await back(person);
await assert.rejects(
  exchanged(came.url, { ...came.waiting, verifier: oauth.generateRandomCodeVerifier() }),
  (error) => error.error === 'invalid_grant',
);
await exchanged(came.url, came.waiting);
await assert.rejects(exchanged(came.url, came.waiting), (error) => error.error === 'invalid_grant');
for (const [what, spoil] of Object.entries(spoilt)) {
  came = await back(person);
  await assert.rejects(exchanged(came.url, came.waiting, fetchSpoiling(spoil)), undefined, what);
}

// Without a hint the person is asked, and a public client's address is known by its id.
const bye = 'http://127.0.0.1:8766/bye';
const asked = await person.open(`${as.end_session_endpoint}?client_id=app&post_logout_redirect_uri=${encodeURIComponent(bye)}`);
assert.match(asked.text, /Sair da sua conta\?/);
assert.ok(await person.isSignedIn());
const left = await person.post('/oauth/logout/answer', { client_id: 'app', post_logout_redirect_uri: bye, answer: 'yes' }, bye);
assert.equal(left.url.href, bye);
assert.equal(await person.isSignedIn(), false);
