// `openid-client` (https://github.com/panva/openid-client), certified as a client: with a secret, by RS256 and by EdDSA.

import assert from 'node:assert/strict';
import * as openid from 'openid-client';
import { ISSUER, Person, fetchSpoiling, isAbout, secret, spoilt } from './person.mjs';

const CALLBACK = 'http://127.0.0.1:8765/callback';
const SCOPE = 'openid profile email offline_access';

async function product(id, alg, authentication) {
  const metadata = { client_secret: secret(id), id_token_signed_response_alg: alg };
  const options = { execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks] };
  return openid.discovery(new URL(ISSUER), id, metadata, authentication(secret(id)), options);
}

/** What the product remembers while the person is away, and where it sends the person. */
async function began(config, more = {}) {
  const verifier = openid.randomPKCECodeVerifier();
  const [state, nonce] = [openid.randomState(), openid.randomNonce()];
  const challenge = await openid.calculatePKCECodeChallenge(verifier);
  const parameters = { redirect_uri: CALLBACK, scope: SCOPE, state, nonce, code_challenge: challenge, code_challenge_method: 'S256', ...more };
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
  return { address: openid.buildAuthorizationUrl(config, parameters), checks };
}

/** The callback for somebody who is signed in. */
async function back(config, person, more) {
  const { address, checks } = await began(config, more);
  const { url } = await person.open(address, CALLBACK);
  return { url, checks };
}

const isRefused = (error) => error instanceof openid.ResponseBodyError && error.error === 'invalid_grant';

async function signsIn(config, alg) {
  const person = new Person();
  const { address, checks } = await began(config);
  assert.equal((await person.open(address)).url.pathname, '/login');
  const { url } = await person.signUp(CALLBACK);
  const tokens = await openid.authorizationCodeGrant(config, url, checks);
  const claims = tokens.claims();
  assert.deepEqual([claims.iss, claims.aud, claims.acr], [ISSUER, config.clientMetadata().client_id, 'urn:portaria:pwd']);
  assert.equal(JSON.parse(Buffer.from(tokens.id_token.split('.')[0], 'base64url').toString()).alg, alg);
  const who = await openid.fetchUserInfo(config, tokens.access_token, claims.sub);
  assert.deepEqual([who.name, who.email, who.email_verified], [person.name, person.email, true]);
  await assert.rejects(openid.fetchUserInfo(config, tokens.access_token, '1'), 'the userinfo of somebody else');
  return { person, tokens, claims };
}

async function renews(config, tokens, claims) {
  const renewed = await openid.refreshTokenGrant(config, tokens.refresh_token);
  assert.notEqual(renewed.refresh_token, tokens.refresh_token);
  assert.equal(renewed.claims().sub, claims.sub);
  await openid.fetchUserInfo(config, renewed.access_token, claims.sub);
  const told = await openid.tokenIntrospection(config, renewed.access_token);
  assert.deepEqual([told.active, told.sub, told.client_id], [true, claims.sub, config.clientMetadata().client_id]);
  await openid.tokenRevocation(config, renewed.refresh_token);
  await assert.rejects(openid.fetchUserInfo(config, renewed.access_token, claims.sub), (error) => error.status === 401);
  await assert.rejects(openid.refreshTokenGrant(config, renewed.refresh_token), isRefused);
  assert.equal((await openid.tokenIntrospection(config, renewed.access_token)).active, false);
}

async function refuses(config, id, authentication, alg, person) {
  // What the product was not answered is not taken: another state, another nonce, another issuer (RFC 9207).
  let came = await back(config, person);
  await assert.rejects(openid.authorizationCodeGrant(config, came.url, { ...came.checks, expectedState: 'another' }));
  came = await back(config, person);
  const elsewhere = new URL(came.url);
  elsewhere.searchParams.set('iss', 'https://evil.example');
  await assert.rejects(openid.authorizationCodeGrant(config, elsewhere, came.checks), 'mixed up');
  await assert.rejects(openid.authorizationCodeGrant(config, came.url, { ...came.checks, expectedNonce: 'another' }), isAbout("claim: 'nonce'"));
  // A code is its verifier's, its client's, and spent once: then all ends that it gave.
  came = await back(config, person);
  const verifier = openid.randomPKCECodeVerifier();
  await assert.rejects(openid.authorizationCodeGrant(config, came.url, { ...came.checks, pkceCodeVerifier: verifier }), isRefused);
  const tokens = await openid.authorizationCodeGrant(config, came.url, came.checks);
  await assert.rejects(openid.authorizationCodeGrant(config, came.url, came.checks), isRefused);
  await assert.rejects(openid.fetchUserInfo(config, tokens.access_token, openid.skipSubjectCheck), (error) => error.status === 401);
  came = await back(config, person);
  const stranger = await openid.discovery(new URL(ISSUER), id, { client_secret: 'wrong' }, authentication('wrong'), {
    execute: [openid.allowInsecureRequests],
  });
  await assert.rejects(openid.authorizationCodeGrant(stranger, came.url, came.checks), (error) => /invalid_client|401/.test(`${error.error} ${error.status}`));
  for (const [what, spoil] of Object.entries(spoilt)) {
    const deceived = await product(id, alg, authentication);
    deceived[openid.customFetch] = fetchSpoiling(spoil);
    came = await back(deceived, person);
    await assert.rejects(openid.authorizationCodeGrant(deceived, came.url, came.checks), undefined, what);
  }
  // Errors come back to the product, with its state.
  came = await back(config, person, { scope: 'openid cnpj' });
  await assert.rejects(openid.authorizationCodeGrant(config, came.url, came.checks), (error) => error.error === 'invalid_scope');
  came = await back(config, new Person(), { prompt: 'none' });
  await assert.rejects(openid.authorizationCodeGrant(config, came.url, came.checks), (error) => error.error === 'login_required');
}

async function signsOut(config, person) {
  const came = await back(config, person);
  const tokens = await openid.authorizationCodeGrant(config, came.url, came.checks);
  const bye = 'http://127.0.0.1:8765/bye';
  const address = openid.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: bye, state: 'até logo' });
  assert.ok(await person.isSignedIn());
  const { url } = await person.open(address, bye);
  assert.equal(url.searchParams.get('state'), 'até logo');
  assert.equal(await person.isSignedIn(), false);
  await assert.rejects(openid.fetchUserInfo(config, tokens.access_token, openid.skipSubjectCheck), (error) => error.status === 401);
  await assert.rejects(openid.refreshTokenGrant(config, tokens.refresh_token), isRefused);
}

for (const [id, alg, authentication] of [
  ['server', 'RS256', openid.ClientSecretBasic],
  ['modern', 'EdDSA', openid.ClientSecretPost],
]) {
  const config = await product(id, alg, authentication);
  const { person, tokens, claims } = await signsIn(config, alg);
  await renews(config, tokens, claims);
  await refuses(config, id, authentication, alg, person);
  await signsOut(config, person);
}
