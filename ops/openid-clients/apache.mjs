// Apache with `mod_auth_openidc` in front of a static page, as a product that knows nothing of people. APACHE is its address.

import assert from 'node:assert/strict';
import { ISSUER, Person } from './person.mjs';

const { APACHE } = process.env;
const PAGE = `${APACHE}/private/`;
const BACK = `${APACHE}/private/back`;

const person = new Person();
assert.equal((await fetch(`${APACHE}/`)).status, 200, 'what is public');
const login = await person.open(PAGE);
assert.equal(login.url.origin, ISSUER, 'nobody is let in without signing in');
// Signs up from nothing, and stands before the page that was asked for.
const page = await person.signUp();
assert.deepEqual([page.url.href, page.status], [PAGE, 200], page.text);
assert.match(page.text, /The lessons of the day/);

/** What it knows of the session. */
async function info() {
  const { status, text } = await person.open(`${BACK}?info=json`);
  assert.equal(status, 200, text);
  return JSON.parse(text);
}

const first = await info();
assert.deepEqual([first.userinfo.email, first.userinfo.name], [person.email, person.name]);
assert.equal(first.id_token.iss, ISSUER);
// It renews its access token by the refresh token before each page, as its settings here say.
await person.open(PAGE);
const second = await info();
assert.ok(first.access_token && second.access_token);
assert.notEqual(first.access_token, second.access_token);

// Answers that nobody asked for, and such as were changed on the way.
const stranger = new Person();
assert.notEqual((await stranger.open(`${BACK}?code=x&state=y`)).status, 200);
const mixed = new Person();
await mixed.open(PAGE);
const back = (await mixed.signUp(BACK)).url;
const changed = new URL(back);
changed.searchParams.set('code', 'another');
assert.notEqual((await mixed.open(changed)).url.href, PAGE);
assert.notEqual((await stranger.open(back)).url.href, PAGE, 'another browser');

// Signs out there and here, and comes back to a page of the product.
const bye = await person.open(`${BACK}?logout=${encodeURIComponent(`${APACHE}/bye.html`)}`);
assert.deepEqual([bye.url.href, bye.status], [`${APACHE}/bye.html`, 200]);
assert.equal((await person.open(PAGE)).url.origin, ISSUER);
assert.equal(await person.isSignedIn(), false);
