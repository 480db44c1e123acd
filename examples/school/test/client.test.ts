// What is written by hand of @portaria/client, and that refusals come with their types.

import { getProfile, registerTeacher, SessionEnded, type Tokens, TokenSession } from '@portaria/client';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PORTARIA } from '../src/settings.js';
import { client, teacher } from './support.js';

test('a session renews its tokens once, whoever asks, and stores them', async () => {
  const before = await teacher();
  const kept: Tokens[] = [];
  const session = new TokenSession(PORTARIA, { ...before, endsAt: Date.now() }, (tokens) => void kept.push(tokens));
  const profiles = await Promise.all([1, 2, 3].map(() => getProfile({ client: session.client, throwOnError: true })));
  assert.deepEqual(profiles.map(({ data }) => data.fullName), ['Ana Lima', 'Ana Lima', 'Ana Lima']);
  assert.equal(kept.length, 1);
  assert.notEqual(kept[0]?.refreshToken, before.refreshToken);
  assert.equal(await session.accessToken(), kept[0]?.accessToken);

  // Another process with the old pair, within the grace: the same successor.
  const late: Tokens[] = [];
  await new TokenSession(PORTARIA, before, (tokens) => void late.push(tokens)).renew();
  assert.equal(late[0]?.refreshToken, kept[0]?.refreshToken);
});

test('a session that is over says so, and is signed out without complaint', async () => {
  const session = new TokenSession(PORTARIA, await teacher());
  await session.signOut();
  await session.signOut();
  await assert.rejects(session.renew(), SessionEnded);
});

test('a server that does not answer ends no session', async () => {
  const session = new TokenSession('http://127.0.0.1:9', { accessToken: 'a', refreshToken: 'b', endsAt: 0 });
  await assert.rejects(session.renew(), (error) => error instanceof Error && !(error instanceof SessionEnded));
});

test('a refusal names every field', async () => {
  const { error, response } = await registerTeacher({
    client,
    body: { fullName: '', email: 'ana', password: 'x', passwordConfirmation: 'y', termsAccepted: true },
  });
  assert.equal(response?.status, 400);
  assert.equal(error?.type, 'urn:portaria:problem:invalid-fields');
  // @ts-expect-error: no problem has this type, and the compiler knows it.
  assert.ok(error?.type !== 'urn:portaria:problem:made-up');
  assert.deepEqual(Object.keys(error?.errors ?? {}).sort(), ['email', 'fullName', 'password', 'passwordConfirmation']);
});
