// Auth.js (https://authjs.dev), the core of `next-auth` and its likes, with a stock provider of `type: 'oidc'`: a product of others, so
// that the person is asked. Its refresh is the one that its documentation shows.

import assert from 'node:assert/strict';
import { Auth, customFetch } from '@auth/core';
import { ISSUER, Person, fetchSpoiling, secret, spoilt } from './person.mjs';

const PRODUCT = 'http://127.0.0.1:8767';
const CALLBACK = `${PRODUCT}/auth/callback/portaria`;

function product({ fetched = fetch, lifetime = 60 } = {}) {
  const provider = {
    id: 'portaria',
    name: 'Portaria',
    type: 'oidc',
    issuer: ISSUER,
    clientId: 'authjs',
    clientSecret: secret('authjs'),
    checks: ['pkce', 'state', 'nonce'],
    // Who it is stands in userinfo alone: our ID tokens tell nothing of a person.
    idToken: false,
    authorization: { params: { scope: 'openid profile email offline_access' } },
    [customFetch]: fetched,
  };
  const callbacks = {
    async jwt({ token, account }) {
      if (account) {
        return { ...token, access: account.access_token, refresh: account.refresh_token, until: Date.now() + lifetime * 1000 };
      }
      if (Date.now() < token.until) {
        return token;
      }
      const form = { grant_type: 'refresh_token', refresh_token: token.refresh, client_id: 'authjs', client_secret: secret('authjs') };
      const tokens = await (await fetch(`${ISSUER}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) })).json();
      return { ...token, access: tokens.access_token, refresh: tokens.refresh_token ?? token.refresh, error: tokens.error };
    },
    session: ({ session, token }) => ({ ...session, access: token.access, error: token.error }),
  };
  const quiet = { error: () => {}, warn: () => {}, debug: () => {} };
  const config = { providers: [provider], callbacks, secret: 'x'.repeat(32), trustHost: true, basePath: '/auth', logger: quiet };
  return async (person, path, form) => {
    const headers = { Cookie: person.cookiesAt(PRODUCT) };
    const init = form ? { method: 'POST', body: new URLSearchParams(form), headers } : { headers };
    const response = await Auth(new Request(new URL(path, PRODUCT), init), config);
    person.keep(PRODUCT, response.headers.getSetCookie());
    return response;
  };
}

/** Presses the button of the product, and returns where the person is sent. */
async function sent(ask, person) {
  const { csrfToken } = await (await ask(person, '/auth/csrf')).json();
  const answer = await ask(person, '/auth/signin/portaria', { csrfToken, callbackUrl: PRODUCT });
  return answer.headers.get('location');
}

async function session(ask, person) {
  return (await ask(person, '/auth/session')).json();
}

const ask = product();
const person = new Person();
const login = await person.open(await sent(ask, person));
assert.equal(login.url.pathname, '/login');
const page = await person.signUp(CALLBACK);
assert.match(page.text, /Entrar em Loja do Zé\?/);
const back = await person.agree(page, CALLBACK);
const entered = await ask(person, back.url);
assert.equal(entered.headers.get('location'), PRODUCT, 'it did not let the person in');
const { user, access } = await session(ask, person);
assert.deepEqual([user.name, user.email], [person.name, person.email]);

// Its refresh, at the end of a lifetime of nothing.
const short = product({ lifetime: 0 });
const again = await person.open(await sent(short, person), CALLBACK);
await short(person, again.url);
const first = await session(short, person);
const second = await session(short, person);
assert.ok(first.error === undefined && first.access && second.access);
assert.notEqual(first.access, second.access);
assert.notEqual(first.access, access);
const who = await (await fetch(`${ISSUER}/oauth/userinfo`, { headers: { Authorization: `Bearer ${second.access}` } })).json();
assert.equal(who.email, person.email);

/** Comes back as somebody whose session at the product is over, and must not get in. */
async function isKeptOut(ask, spoilCallback) {
  const stranger = new Person();
  stranger.keep(ISSUER, person.cookiesAt(ISSUER).split('; '));
  const { url } = await stranger.open(await sent(ask, stranger), CALLBACK);
  await ask(stranger, spoilCallback?.(url) ?? url);
  assert.equal(await session(ask, stranger), null);
  return { stranger, url };
}

const changed = (name, value) => (url) => {
  const other = new URL(url);
  other.searchParams.set(name, value);
  return other;
};
await isKeptOut(ask, changed('state', 'another'));
await isKeptOut(ask, changed('iss', 'https://evil.example'));
await isKeptOut(ask, changed('code', 'another'));
// A code that comes to another browser of the product: neither its verifier nor its nonce is there.
const { url: stolen } = await isKeptOut(ask, changed('state', 'another'));
const thief = new Person();
await sent(ask, thief);
await ask(thief, stolen);
assert.equal(await session(ask, thief), null);
// It trusts TLS, and reads the claims of an ID token without its signature; what these claims say it checks.
const claims = (change) => (token) => {
  const [head, body, signature] = token.split('.');
  const read = JSON.parse(Buffer.from(body, 'base64url').toString());
  return [head, Buffer.from(JSON.stringify({ ...read, ...change })).toString('base64url'), signature].join('.');
};
await isKeptOut(product({ fetched: fetchSpoiling(claims({ nonce: 'another' })) }));
await isKeptOut(product({ fetched: fetchSpoiling(claims({ aud: 'another' })) }));
await isKeptOut(product({ fetched: fetchSpoiling(claims({ iss: 'https://evil.example' })) }));
await isKeptOut(product({ fetched: fetchSpoiling(spoilt['no signature']) }));
