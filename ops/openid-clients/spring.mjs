// What a product on Spring Security takes, by its decoders' rules as they stand in its sources: no Java is needed to see whether our
// tokens pass. `NimbusJwtDecoder` by the JWKS (RS256 unless told otherwise, the key by `kid`), `OidcIdTokenValidator` for a client,
// `JwtValidators.createAtJwtValidator` for an API.

import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import * as openid from 'openid-client';
import { ISSUER, Person, secret } from './person.mjs';

const CALLBACK = 'http://127.0.0.1:8768/callback';
/** `JwtTimestampValidator`, `OidcIdTokenValidator`: so far clocks may be apart. */
const SKEW = 60;

const document = await (await fetch(`${ISSUER}/.well-known/openid-configuration`)).json();
// `JwtDecoders.fromIssuerLocation`: the issuer, letter for letter.
assert.equal(document.issuer, ISSUER);
const { keys } = await (await fetch(document.jwks_uri)).json();

/** `NimbusJwtDecoder.withJwkSetUri(…)`: `JWSVerificationKeySelector` of RS256, and the type that is expected. */
function decoded(token, types) {
  const [head, body, signature, ...more] = token.split('.');
  assert.equal(more.length, 0);
  const read = (part) => JSON.parse(Buffer.from(part, 'base64url').toString());
  const header = read(head);
  assert.equal(header.alg, 'RS256');
  assert.ok(types.includes(header.typ), `typ ${header.typ}`);
  // `JWKMatcher.forJWSHeader`: kty, kid, no other use than `sig`, no other algorithm.
  const matching = keys.filter(
    (key) => key.kty === 'RSA' && key.kid === header.kid && [undefined, 'sig'].includes(key.use) && [undefined, 'RS256'].includes(key.alg),
  );
  assert.equal(matching.length, 1, `${matching.length} keys match ${header.kid}`);
  // `RSASSAVerifier` refuses keys of less than 2048 bits.
  const key = createPublicKey({ key: matching[0], format: 'jwk' });
  assert.ok(key.asymmetricKeyDetails.modulusLength >= 2048);
  assert.ok(verify('RSA-SHA256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url')));
  const claims = read(body);
  const now = Date.now() / 1000;
  assert.ok(Number.isInteger(claims.exp) && now - SKEW < claims.exp, 'exp');
  assert.ok(claims.nbf === undefined || now + SKEW > claims.nbf, 'nbf');
  return claims;
}

const options = { execute: [openid.allowInsecureRequests] };
const config = await openid.discovery(new URL(ISSUER), 'server', secret('server'), openid.ClientSecretBasic(secret('server')), options);
const verifier = openid.randomPKCECodeVerifier();
// Spring sends the nonce's hash, and keeps the nonce (`OAuth2AuthorizationRequest`): for us it is any text.
const nonce = createHash('sha256').update('kept in the session').digest('base64url');
const challenge = await openid.calculatePKCECodeChallenge(verifier);
const asked = { redirect_uri: CALLBACK, scope: 'openid', nonce, state: 's', code_challenge: challenge, code_challenge_method: 'S256' };
const person = new Person();
await person.open(openid.buildAuthorizationUrl(config, asked));
const { url } = await person.signUp(CALLBACK);
const checks = { pkceCodeVerifier: verifier, expectedState: 's', expectedNonce: nonce };
const tokens = await openid.authorizationCodeGrant(config, url, checks);

const id = decoded(tokens.id_token, [undefined, 'JWT']);
// `OidcIdTokenValidator`
assert.equal(id.iss, ISSUER);
assert.ok(typeof id.sub === 'string' && id.sub);
assert.ok([id.aud].flat().includes('server') && ([id.aud].flat().length === 1 || id.azp === 'server'));
assert.ok(id.azp === undefined || id.azp === 'server');
assert.ok(Number.isInteger(id.iat) && id.iat <= Date.now() / 1000 + SKEW);
assert.equal(id.nonce, nonce);

// `createAtJwtValidator().audience(…).clientId(…).issuer(…)` (RFC 9068 §4)
const access = decoded(tokens.access_token, ['at+jwt', 'application/at+jwt']);
assert.equal(access.iss, ISSUER);
assert.ok([access.aud].flat().includes('server'));
assert.equal(access.client_id, 'server');
assert.ok(access.sub && access.jti && Number.isInteger(access.iat));
// `JwtGrantedAuthoritiesConverter` makes SCOPE_openid of it.
assert.deepEqual(access.scope.split(' '), ['openid']);

// Neither passes for the other.
assert.throws(() => decoded(tokens.access_token, [undefined, 'JWT']), /typ/);
assert.throws(() => decoded(tokens.id_token, ['at+jwt', 'application/at+jwt']), /typ/);
