// The school by OpenID Connect, as people meet it: with a browser that runs no script.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { PORTARIA } from 'school/settings';
import { school } from '../src/school.js';

interface Page {
  url: URL;
  status: number;
  text: string;
}

/** `ops/openid-clients/person.mjs`: somebody whom the clients of others send to Portaria as well. */
interface Person {
  name: string;
  open(url: string | URL, stop?: string): Promise<Page>;
  post(url: string, form: Record<string, string>, stop?: string): Promise<Page>;
  signUp(stop?: string): Promise<Page>;
}

const helpers = new URL('../../../../ops/openid-clients/person.mjs', import.meta.url).href;
const { Person } = (await import(helpers)) as { Person: new () => Person };

async function opened(secret = process.env['SCHOOL_SECRET'] ?? ''): Promise<string> {
  // Its own address stands in what it asks for, so it is found before.
  const place = createServer().listen(0, '127.0.0.1');
  await once(place, 'listening');
  const { port } = place.address() as AddressInfo;
  place.close();
  await once(place, 'close');
  const here = `http://127.0.0.1:${port}`;
  const server = school(PORTARIA, here, 'school', secret).listen(port, '127.0.0.1');
  await once(server, 'listening');
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  return here;
}

test('a teacher signs up from nothing, adds a lesson, signs out, and finds it again', async () => {
  const here = await opened();
  const teacher = new Person();
  assert.match((await teacher.open(here)).text, /Entrar ou cadastrar-se/);
  assert.equal((await teacher.open(`${here}/sign-in`)).url.origin, PORTARIA);
  const lessons = await teacher.signUp();
  assert.deepEqual([lessons.url.href, lessons.status], [`${here}/`, 200]);
  assert.match(lessons.text, /Aulas de Carla Dias/);
  await teacher.post(`${here}/lessons`, { title: '<b>Frações' });
  const left = await teacher.post(`${here}/sign-out`, {});
  assert.equal(left.url.href, `${here}/`);
  assert.match(left.text, /Entrar ou cadastrar-se/);
  // Signed out there, too.
  assert.equal((await teacher.open(`${here}/sign-in`)).url.pathname, '/login');
});

test('whoever is signed in at Portaria comes in at once, and what was not asked for is not taken', async () => {
  const here = await opened();
  const teacher = new Person();
  await teacher.open(`${here}/sign-in`);
  const callback = (await teacher.signUp(`${here}/callback`)).url;
  // Another browser brings the answer; then the right one, with another state, and its own again, too late.
  const thief = new Person();
  await thief.open(`${here}/sign-in`);
  assert.equal((await thief.open(callback)).status, 403);
  const changed = new URL(callback);
  changed.searchParams.set('state', 'another');
  assert.equal((await teacher.open(changed)).status, 403);
  assert.match((await teacher.open(callback)).text, /Entrar ou cadastrar-se/);
  assert.match((await teacher.open(`${here}/sign-in`)).text, /Aulas de Carla Dias/);
});

test('a wrong secret is a fault of the school, and lets nobody in', async () => {
  const here = await opened('wrong');
  const teacher = new Person();
  await teacher.open(`${here}/sign-in`);
  assert.equal((await teacher.signUp()).status, 500);
  assert.match((await teacher.open(here)).text, /Entrar ou cadastrar-se/);
});
