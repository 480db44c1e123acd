// What a page is after a while, and the pages of development, on a server of their own: there a link and a sign-in soon count no more, and
// the outbox holds nobody else's messages.

import { Outbox } from '../outbox';
import { email, PASSWORD, phone } from '../people';
import type { Settings } from '../server';
import { askResetLink, asksWhoItIs, become, rideTo, teacherByApi, untilStale } from '../steps';
import { expect } from '../test';
import type { Scene, Stage } from './stage';

export const LATE_SETTINGS: Settings = { LINK_LIFETIME_EMAIL: '1s', LINK_LIFETIME_RESET: '1s', FRESH_AUTHENTICATION: '1s' };

/** Opens a link until it has expired, seldom: looking is counted. */
async function openLate({ visit, guard }: Stage, link: string): Promise<void> {
  guard.expect(410);
  await expect(async () => {
    await visit.open(link);
    await expect(visit.page.getByRole('heading', { level: 1 })).toHaveText('Link expirado', { timeout: 100 });
  }).toPass({ intervals: [1_000] });
}

/** Leaves a code for a phone and a link for an e-mail in the outbox, each in a message. */
export async function leaveMessages(url: string): Promise<void> {
  const [outbox, number, address] = [new Outbox(url), phone(), email()];
  const post = async (path: string, body: object, status: number) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(answer.status, await answer.text()).toBe(status);
  };
  const client = { fullName: 'Maria Souza', phone: number.typed, password: PASSWORD, passwordConfirmation: PASSWORD };
  await post('/api/auth/register/client', client, 202);
  await outbox.code(number.e164);
  await post('/api/register', { nome: 'Maria Souza', email: address, senha: PASSWORD, tipo_usuario: 'professor' }, 201);
  await outbox.link(address);
}

/** The pages of development: no product's, and no forms that anybody fills in. */
export const OF_DEVELOPMENT = new Set(['outbox', 'outbox-message', 'components']);

/** Those of the outbox first, while it holds what was left there and nothing else. */
export const LATE: Scene[] = [
  [
    'outbox',
    async ({ visit: { page } }) => {
      await page.goto('/dev/outbox');
      await expect(page.getByRole('navigation').getByRole('listitem')).toHaveCount(2);
    },
  ],
  [
    'outbox-message',
    async ({ visit: { page } }) => {
      await page.goto('/dev/outbox');
      await page.getByRole('navigation').getByRole('link').filter({ hasText: '@' }).click();
      await expect(page.getByRole('article').getByRole('heading', { level: 2 })).toHaveText('Verifique sua conta');
    },
  ],
  [
    'components',
    async ({ visit }) => {
      await visit.open('/dev/components');
    },
  ],
  [
    'verify-expired',
    async (stage) => {
      const { visit, request } = stage;
      const teacher = await teacherByApi(request, visit.outbox, false);
      await openLate(stage, await visit.outbox.link(teacher.email));
    },
  ],
  [
    'reset-expired',
    async (stage) => {
      const { visit } = stage;
      const rider = await rideTo(visit);
      await askResetLink(visit, rider.email);
      await openLate(stage, await visit.outbox.resetLink(rider.email));
    },
  ],
  [
    'step-up',
    async ({ visit }) => {
      await become(visit, { phone: phone(), password: PASSWORD });
      await untilStale(visit);
      await visit.open('/profile/document');
      await visit.fill({ CPF: '529.982.247-25' });
      await visit.press('Salvar CPF');
      await asksWhoItIs(visit);
    },
  ],
  [
    'step-up-by-code',
    async ({ visit }) => {
      await become(visit);
      await untilStale(visit);
      await visit.open('/profile/password');
      await visit.press('Receber código');
      await asksWhoItIs(visit);
    },
  ],
];
