// 004 as its document writes it: plain HTTP, the document's own bodies, and a cookie jar that nobody looks into.

import { type APIRequestContext, expect } from '@playwright/test';
import { address, cpf, email, phone, username } from '../support/people';
import { picture } from '../support/pictures';
import { test } from '../support/test';

interface Me {
  email: string;
  password: string;
  name: string;
  username: string;
}

const me = (): Me => ({ email: email(), password: 'senha12345', name: 'Rian Lucas', username: username() });

const profile = () => ({
  phone: phone().typed.replace(/\D/g, ''),
  birthDate: '2000-01-15',
  gender: 'M',
  cpf: cpf().replace(/\D/g, ''),
  state: 'SP',
  city: 'São Paulo',
});

async function register(request: APIRequestContext, rider: Me): Promise<void> {
  const answer = await request.post('/auth/register', { data: rider });
  expect(answer.status()).toBe(201);
  expect(await answer.json()).toEqual({
    success: true,
    message: 'Cadastro realizado com sucesso',
    data: {
      message: 'Usuário registrado com sucesso. Código de verificação enviado para o email.',
      email: rider.email,
      emailVerificationRequired: true,
    },
  });
}

test('the document, step by step', async ({ request, outbox }) => {
  const rider = me();
  await register(request, rider);

  const early = await request.post('/auth/login', { data: { email: rider.email, password: rider.password } });
  expect([early.status(), (await early.json()).error.code]).toEqual([403, 'AUTH_001']);

  const verified = await request.post('/api/email-verification/verify', {
    data: { email: rider.email, code: await outbox.code(rider.email) },
  });
  expect(verified.status()).toBe(200);
  expect(await verified.json()).toMatchObject({
    success: true,
    message: 'Email verificado',
    data: { success: true, message: 'Email verificado com sucesso!', email: rider.email },
  });

  // Nothing but what the document says: the proof is in the cookie jar.
  const completed = await request.post(`/auth/registerComplete/${rider.email}`, { multipart: { photo: picture(), ...profile() } });
  expect(completed.status()).toBe(200);
  const { success, message, data } = await completed.json();
  expect([success, message]).toEqual([true, 'Cadastro completo com sucesso']);
  expect(data.token.split('.')).toHaveLength(3);

  const login = await request.post('/auth/login', { data: { email: rider.email, password: rider.password } });
  expect(login.status()).toBe(200);
  expect(await login.json()).toMatchObject({ success: true, message: 'Login realizado com sucesso' });
  const mine = await request.get('/api/auth/profile', { headers: { Authorization: `Bearer ${data.token}` } });
  expect(await mine.json()).toMatchObject({ fullName: rider.name, email: rider.email });
});

test('every field of the third step wrong, all told at once', async ({ request, outbox }) => {
  const rider = me();
  await register(request, rider);
  await request.post('/api/email-verification/verify', { data: { email: rider.email, code: await outbox.code(rider.email) } });
  const photo = { name: 'eu.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<svg/>') };
  const wrong = { phone: '119', birthDate: '2023-02-29', gender: 'X', cpf: '11111111111', state: 'sp', city: 'A' };
  const answer = await request.post(`/auth/registerComplete/${rider.email}`, { multipart: { photo, ...wrong } });
  expect(answer.status()).toBe(400);
  const { error } = await answer.json();
  expect(Object.keys(error.fields).sort()).toEqual(['birthDate', 'city', 'cpf', 'gender', 'phone', 'photo', 'state']);
});

test('nobody else can finish it', async ({ request, playwright, baseURL, outbox }) => {
  const rider = me();
  await register(request, rider);
  const code = await outbox.code(rider.email);
  await request.post('/api/email-verification/verify', { data: { email: rider.email, code } });

  const stranger = await playwright.request.newContext({ baseURL, extraHTTPHeaders: { 'X-Forwarded-For': address() } });
  const other = me();
  await register(stranger, other);
  const proof = await stranger.post('/api/email-verification/verify', {
    data: { email: other.email, code: await outbox.code(other.email) },
  });
  const { signupToken } = (await proof.json()).data;
  const carried: Record<string, string>[] = [{}, { Authorization: 'Bearer abc' }, { Authorization: `Bearer ${signupToken}` }];
  for (const headers of carried) {
    for (const victim of [rider.email, email()]) {
      const answer = await stranger.post(`/auth/registerComplete/${victim}`, { headers, multipart: profile() });
      expect([answer.status(), (await answer.json()).error.code]).toEqual([403, 'AUTH_001']);
    }
  }
  // The code was spent: entering it again proves nothing.
  const again = await stranger.post('/api/email-verification/verify', { data: { email: rider.email, code } });
  expect(again.status()).toBe(400);
  // Nor does the page take it: the stranger has no session there.
  const page = await stranger.post('/complete-profile', { multipart: { _form: 'complete_profile', cpf: cpf() }, maxRedirects: 0 });
  expect([page.status(), page.headers().location]).toEqual([303, '/login?next=%2Fcomplete-profile']);
  await stranger.dispose();

  const mine = await request.post(`/auth/registerComplete/${rider.email}`, { multipart: profile() });
  expect(mine.status()).toBe(200);
});
