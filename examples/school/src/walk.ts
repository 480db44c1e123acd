// A teacher's way, step by step: signs up, proves the e-mail, signs in, uses the API of the school, and leaves. `npm run walk`.

import { confirmEmail, connect, login, type Problem, registerTeacher, TokenSession } from '@portaria/client';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { tokenMailedTo } from './outbox.js';
import { school } from './school.js';
import { PORTARIA } from './settings.js';

const PASSWORD = 'Ipê-amarelo-em-flor-7';

/** Calls the API of the school with this token, or with none. */
async function lessons(url: string, token?: string, title?: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${url}/api/lessons`, {
    method: title ? 'POST' : 'GET',
    headers: token ? { Authorization: `Bearer ${token}` } : {},
    ...(title && { body: JSON.stringify({ title }) }),
  });
  return { status: response.status, body: await response.json() };
}

/** A refusal in one line: the sentence for the person, and what is wrong at which field. */
function told(problem: Problem): Error {
  const fields = Object.entries(problem.errors ?? {}).map(([field, texts]) => `${field}: ${texts.join(' ')}`);
  return new Error([`${problem.type}: ${problem.detail}`, ...fields].join('\n  '));
}

export async function walk(portaria: string, url: string, say: (line: string) => void): Promise<void> {
  const client = connect(portaria);
  const email = `maria-${randomUUID()}@escola.example`;

  say('1. Without a token the school answers');
  say(`   ${JSON.stringify(await lessons(url))}`);

  say(`2. Maria signs up as ${email}`);
  const signedUp = await registerTeacher({
    client,
    body: { fullName: 'Maria Souza', email, password: PASSWORD, passwordConfirmation: PASSWORD, termsAccepted: true },
  });
  // Each call answers { data } or { error }; the compiler knows both, and what `error.type` may be.
  if (signedUp.error) {
    throw told(signedUp.error);
  }
  say(`   "${signedUp.data.message}"`);

  say('3. Before she proves her e-mail she cannot sign in');
  const early = await login({ client, body: { email, password: PASSWORD } });
  if (early.error?.type !== 'urn:portaria:problem:not-verified') {
    throw new Error('She is let in without having proved her e-mail.');
  }
  say(`   "${early.error.detail}"`);

  say('4. She opens the link in her mail');
  const token = await tokenMailedTo(portaria, email);
  const proved = await confirmEmail({ client, query: { token }, throwOnError: true });
  say(`   "${proved.data.message}"`);

  say('5. She signs in');
  const signedIn = await login({ client, body: { email, password: PASSWORD } });
  if (signedIn.error) {
    throw told(signedIn.error);
  }
  const session = new TokenSession(portaria, TokenSession.tokens(signedIn.data));
  say(`   as ${signedIn.data.user.kind} number ${signedIn.data.user.id}, with an access token for ${signedIn.data.expiresIn} s`);

  say('6. With her token the school lets her in');
  const access = await session.accessToken();
  say(`   ${JSON.stringify(await lessons(url, access, 'Frações'))}`);
  say(`   ${JSON.stringify(await lessons(url, access))}`);

  say('7. Her tokens are exchanged for new ones, which work as well');
  await session.renew();
  const renewed = await session.accessToken();
  say(`   ${JSON.stringify(await lessons(url, renewed))}`);

  say('8. She signs out. Neither token opens anything now');
  await session.signOut();
  say(`   ${JSON.stringify(await lessons(url, renewed))}`);
  say(`   ${JSON.stringify(await lessons(url, access))}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const server = school(PORTARIA).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await walk(PORTARIA, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, console.log);
  server.close();
}
