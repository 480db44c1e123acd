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
  email: string;
  open(url: string | URL, stop?: string): Promise<Page>;
  cookiesAt(origin: string): string;
  post(url: string, form: Record<string, string>, stop?: string): Promise<Page>;
  register(): Promise<void>;
  confirm(): Promise<Page>;
  signIn(stop?: string): Promise<Page>;
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
  // It is not taken, but whoever brings it is sent to Portaria anew, and comes in by the answer to that.
  assert.match((await teacher.open(callback)).text, /Aulas de Carla Dias/);
  assert.match((await thief.open(callback)).text, /Entrar/);
  assert.equal((await thief.open(here)).text.includes('Aulas de'), false);
});

test("a link in the mail that is opened on another device lets in there, and the first device goes on as well", async () => {
  const here = await opened();
  const [desk, phone] = [new Person(), new Person()];
  await desk.open(`${here}/sign-in`);
  await desk.register();
  phone.email = desk.email;
  assert.equal((await phone.confirm()).url.pathname, '/login');
  const lessons = await phone.signIn();
  assert.deepEqual([lessons.url.href, lessons.status], [`${here}/`, 200]);
  assert.match(lessons.text, /Aulas de Carla Dias/);
  assert.match((await desk.signIn()).text, /Aulas de Carla Dias/);
});

test('a wrong secret is a fault of the school, lets nobody in, and is told to whoever runs it', async (t) => {
  const here = await opened('wrong');
  const log = t.mock.method(console, 'error', () => undefined);
  const teacher = new Person();
  await teacher.open(`${here}/sign-in`);
  const { status, text } = await teacher.signUp();
  assert.equal(status, 502);
  assert.match(text, /<html lang="pt-BR">/);
  assert.match(text, /Não conseguimos concluir sua entrada\. A falha é nossa\. Sua conta está pronta: tente mais tarde\./);
  assert.deepEqual(log.mock.calls.map((call) => call.arguments), [['Portaria refused SCHOOL_SECRET: `portaria client rotate school`']]);
  assert.equal(teacher.cookiesAt(here), '', 'what waited is done');
  assert.match((await teacher.open(here)).text, /Entrar ou cadastrar-se/);
});
