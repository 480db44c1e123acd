// The pages of the school, as a browser meets them.

import { confirmEmail } from '@portaria/client';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokenMailedTo } from '../src/outbox.js';
import { school } from '../src/school.js';
import { PORTARIA } from '../src/settings.js';
import { client, newEmail, opened, PASSWORD } from './support.js';

class Browser {
  private cookie = '';
  /** All that ever came here. */
  seen = '';

  constructor(private readonly url: string) {}

  async get(): Promise<{ status: number; text: string }> {
    return this.send('/', {});
  }

  async post(path: string, form: Record<string, string>, site = 'same-origin'): Promise<{ status: number; text: string }> {
    return this.send(path, { method: 'POST', body: new URLSearchParams(form), headers: { 'Sec-Fetch-Site': site } });
  }

  private async send(path: string, init: { method?: string; body?: URLSearchParams; headers?: Record<string, string> }) {
    const headers = { ...init.headers, ...(this.cookie && { Cookie: this.cookie }) };
    const response = await fetch(this.url + path, { ...init, headers, redirect: 'manual' });
    const text = await response.text();
    this.cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? this.cookie;
    this.seen += JSON.stringify([...response.headers]) + text;
    return { status: response.status, text };
  }
}

test('a teacher signs up, adds a lesson and signs out in the browser, which never sees a token', async () => {
  const browser = new Browser(await opened(school(PORTARIA)));
  const email = newEmail();
  const bad = await browser.post('/sign-up', { fullName: 'Ana Lima', email, password: '123', terms: 'on' });
  assert.equal(bad.status, 400);
  assert.match(bad.text, /A senha deve/);
  assert.equal((await browser.post('/sign-up', { fullName: 'Ana Lima', email, password: PASSWORD, terms: 'on' })).status, 200);
  assert.equal((await browser.post('/sign-in', { email, password: PASSWORD })).status, 403);
  await confirmEmail({ client, query: { token: await tokenMailedTo(PORTARIA, email) }, throwOnError: true });
  assert.equal((await browser.post('/sign-in', { email, password: 'outra' })).status, 401);
  assert.equal((await browser.post('/sign-in', { email, password: PASSWORD })).status, 303);
  assert.equal((await browser.post('/lessons', { title: '<b>Frações' })).status, 303);
  const lessons = await browser.get();
  assert.match(lessons.text, /Aulas de Ana Lima.*<li>&#60;b&#62;Frações/s);
  assert.equal((await browser.post('/lessons', { title: 'Of somebody else' }, 'cross-site')).status, 404);
  assert.doesNotMatch((await browser.get()).text, /somebody else/);
  assert.equal((await browser.post('/sign-out', {})).status, 303);
  assert.match((await browser.get()).text, /Entrar/);
  assert.doesNotMatch(browser.seen, /eyJ/);
});

test('a stranger with a made-up cookie is a stranger, and Portaria away is said', async () => {
  const browser = new Browser(await opened(school('http://127.0.0.1:9')));
  assert.match((await browser.get()).text, /Entrar/);
  assert.equal((await browser.post('/lessons', { title: 'Frações' })).status, 303);
  assert.equal((await browser.post('/sign-in', { email: 'ana@escola.example', password: PASSWORD })).status, 503);
});
