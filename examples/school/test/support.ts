import { confirmEmail, connect, login, registerTeacher, type Tokens, TokenSession } from '@portaria/client';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import { tokenMailedTo } from '../src/outbox.js';
import { PORTARIA } from '../src/settings.js';

export const PASSWORD = 'Ipê-amarelo-em-flor-7';
export const client = connect(PORTARIA);

/** Opens it until the tests are over, and returns its address. */
export async function opened(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function newEmail(): string {
  return `ana-${randomUUID()}@escola.example`;
}

/** A teacher who has signed in. */
export async function teacher(): Promise<Tokens> {
  const email = newEmail();
  const form = { fullName: 'Ana Lima', email, password: PASSWORD, passwordConfirmation: PASSWORD, termsAccepted: true } as const;
  await registerTeacher({ client, body: form, throwOnError: true });
  await confirmEmail({ client, query: { token: await tokenMailedTo(PORTARIA, email) }, throwOnError: true });
  const { data } = await login({ client, body: { email, password: PASSWORD }, throwOnError: true });
  return TokenSession.tokens(data);
}

/** The status of the API for this token. */
export async function asked(school: string, token: string): Promise<number> {
  const response = await fetch(`${school}/api/lessons`, { headers: { Authorization: `Bearer ${token}` } });
  await response.text();
  return response.status;
}
