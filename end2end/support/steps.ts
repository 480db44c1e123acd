// What specs do on their way to what they are about.

import { type APIRequestContext, expect } from '@playwright/test';
import { address, email, PASSWORD, type Phone, phone } from './people';
import type { Outbox } from './outbox';
import type { Visit } from './test';

export const NAME = 'Luísa Tavares';

export interface Client {
  name?: string;
  phone: Phone;
  email?: string;
  password?: string;
}

/** The client's first form, sent. */
export async function askToRegister(visit: Visit, { name = NAME, phone, email, password }: Client): Promise<void> {
  await visit.open('/register/client');
  await visit.fill({ 'Nome completo': name, Celular: phone.typed });
  if (email) await visit.fill({ 'E-mail': email });
  if (password) await visit.fill({ Senha: password, 'Confirme a senha': password });
  await visit.press('Continuar e receber o código');
}

/** To the step where the code is entered. */
export async function register(visit: Visit, client: Client): Promise<void> {
  await askToRegister(visit, client);
  await visit.sees('Confirme com o código');
}

export async function enterCode(visit: Visit, code: string): Promise<void> {
  await visit.field('Código').fill(code);
  await visit.press('Confirmar');
}

/** A client, signed in, on the last page of the wizard. */
export async function become(visit: Visit, client: Client = { phone: phone() }): Promise<Client> {
  await register(visit, client);
  await enterCode(visit, await visit.outbox.code(client.phone.e164));
  await visit.sees('Perfil criado com sucesso');
  return client;
}

export interface Teacher {
  name: string;
  email: string;
  password: string;
}

/** The teacher's first form, filled in. */
export async function fillTeacher(visit: Visit, teacher: Teacher): Promise<void> {
  await visit.fill({ 'Nome completo': teacher.name, 'E-mail institucional': teacher.email });
  await visit.fill({ Senha: teacher.password, 'Confirme a senha': teacher.password });
}

export async function registerTeacher(visit: Visit, email: string): Promise<void> {
  await visit.open('/register/teacher');
  await fillTeacher(visit, { name: NAME, email, password: PASSWORD });
  await visit.field('Li e aceito').check();
  await visit.press('Registrar');
  await visit.sees('Verifique seu email para ativar sua conta');
}

/** The login page's form, sent. */
export async function signIn(visit: Visit, identifier: string, password: string): Promise<void> {
  await visit.fill({ 'E-mail, usuário': identifier, Senha: password });
  await visit.press('Entrar');
}

/** A teacher's account made by the API, for specs that are about something else. */
export async function teacherByApi(request: APIRequestContext, outbox: Outbox, proved = true): Promise<Teacher> {
  const teacher = { name: NAME, email: email(), password: PASSWORD };
  const headers = { 'X-Forwarded-For': address() };
  const answer = await request.post('/api/auth/register/teacher', {
    headers,
    data: {
      fullName: teacher.name,
      email: teacher.email,
      password: PASSWORD,
      passwordConfirmation: PASSWORD,
      termsAccepted: true,
    },
  });
  expect(answer.status()).toBe(201);
  if (proved) {
    const opened = await request.get(await outbox.link(teacher.email), { headers: { ...headers, Accept: 'application/json' } });
    expect(opened.status()).toBe(200);
  }
  return teacher;
}
