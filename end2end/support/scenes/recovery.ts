// Signing in and recovering a password.

import type { APIRequestContext } from '@playwright/test';
import { cpf, email, otherThan, PASSWORD, phone } from '../people';
import {
  askRecovery,
  askResetLink,
  beginRecovery,
  chooseNewPassword,
  clientByApi,
  comeIn,
  companyByApi,
  contestTaken,
  enterCode,
  enterRecoveryCode,
  signIn,
  teacherByApi,
} from '../steps';
import type { Visit } from '../test';
import type { Scene } from './stage';

/** 002, up to the form for the new password. */
async function chooseAfterCode(visit: Visit, request: APIRequestContext): Promise<void> {
  const client = await clientByApi(request, visit.outbox);
  await beginRecovery(visit, client.document);
  await enterRecoveryCode(visit, await visit.outbox.code(client.email));
  await visit.sees('Crie uma nova senha');
}

/** 003, up to the form for the new password. */
async function openResetLink(visit: Visit, request: APIRequestContext): Promise<void> {
  const teacher = await teacherByApi(request, visit.outbox);
  await askResetLink(visit, teacher.email);
  await visit.open(await visit.outbox.resetLink(teacher.email));
  await visit.sees('Crie uma nova senha');
}

export const RECOVERY: Scene[] = [
  [
    'reset-unknown',
    async ({ visit, guard }) => {
      guard.expect(400);
      await visit.open('/reset-password?token=abc');
      await visit.sees('Link inválido');
    },
  ],
  [
    'recover-unknown',
    async ({ visit }) => {
      await askRecovery(visit, cpf());
      await visit.isTold('CPF/CNPJ inválido ou não cadastrado');
    },
  ],
  [
    'recover-code',
    async ({ visit, request }) => {
      await beginRecovery(visit, (await clientByApi(request, visit.outbox)).document);
    },
  ],
  [
    'recover-code-wrong',
    async ({ visit, request }) => {
      const client = await clientByApi(request, visit.outbox);
      await beginRecovery(visit, client.document);
      await enterRecoveryCode(visit, otherThan(await visit.outbox.code(client.email)));
      await visit.isTold('Código inválido ou expirado!');
    },
  ],
  [
    'recover-code-blocked',
    async ({ visit, request }) => {
      const client = await clientByApi(request, visit.outbox);
      await beginRecovery(visit, client.document);
      const wrong = otherThan(await visit.outbox.code(client.email));
      for (let n = 0; n < 5; n++) {
        await beginRecovery(visit, client.document);
        await enterRecoveryCode(visit, wrong);
        await visit.isTold(n < 4 ? 'Código inválido' : 'Foram muitos códigos errados');
      }
    },
  ],
  [
    'recover-new-password',
    async ({ visit, request }) => {
      await chooseAfterCode(visit, request);
    },
  ],
  [
    'recover-new-password-errors',
    async ({ visit, request }) => {
      await chooseAfterCode(visit, request);
      await chooseNewPassword(visit, 'curta', 'outra');
      await visit.isTold('As senhas não coincidem ou não atendem');
    },
  ],
  [
    'forgot-password-errors',
    async ({ visit }) => {
      await askResetLink(visit, 'luisa@');
      await visit.isTold('Informe um e-mail válido');
    },
  ],
  [
    'reset',
    async ({ visit, request }) => {
      await openResetLink(visit, request);
    },
  ],
  [
    'reset-errors',
    async ({ visit, request }) => {
      await openResetLink(visit, request);
      await chooseNewPassword(visit, 'curta', 'outra');
      await visit.isTold('As senhas não coincidem');
    },
  ],
  [
    'login-wrong',
    async ({ visit }) => {
      await visit.open('/login');
      await signIn(visit, email(), 'Errada#2026 mesmo');
      await visit.isTold('Dados de acesso incorretos');
    },
  ],
  [
    'login-not-verified',
    async ({ visit, request }) => {
      const teacher = await teacherByApi(request, visit.outbox, false);
      await visit.open('/login');
      await signIn(visit, teacher.email, PASSWORD);
      await visit.isTold('Falta confirmar seu e-mail');
    },
  ],
  [
    'login-empty',
    async ({ visit }) => {
      await visit.open('/login');
      await visit.press('Entrar');
      await visit.isTold('Informe a senha');
    },
  ],
  [
    'login-locked',
    async ({ visit }) => {
      const nobody = email();
      for (let n = 0; n <= 5; n++) {
        await visit.open('/login');
        await signIn(visit, nobody, 'Errada#2026 mesmo');
        await visit.isTold(n < 5 ? 'Dados de acesso incorretos' : 'Bloqueamos o acesso');
      }
    },
  ],
  [
    'login-in',
    async ({ visit, request }) => {
      await comeIn(visit, (await teacherByApi(request, visit.outbox)).email);
      await visit.open('/login');
      await visit.sees('Você já entrou');
    },
  ],
  [
    'login-by-code-errors',
    async ({ visit }) => {
      await visit.open('/login?by=code');
      await visit.fill({ Celular: '119' });
      await visit.press('Receber código');
      await visit.isTold('Número de telefone inválido');
    },
  ],
  [
    'login-code-wrong',
    async ({ visit, request }) => {
      const client = await clientByApi(request, visit.outbox);
      await visit.open('/login?by=code');
      await visit.fill({ Celular: client.phone.typed });
      await visit.press('Receber código');
      await enterCode(visit, otherThan(await visit.outbox.code(client.phone.e164)));
      await visit.isTold(/Código/);
    },
  ],
  [
    'contest-errors',
    async ({ visit }) => {
      await visit.open('/contest');
      await visit.fill({ 'CPF ou CNPJ': '123', 'Seu e-mail ou celular': 'luisa@' });
      await visit.press('Enviar código');
      await visit.isTold(/./);
    },
  ],
  [
    'contest-code',
    async ({ visit, request }) => {
      const company = await companyByApi(request, visit.outbox);
      const mine = email();
      await visit.open('/contest');
      await visit.fill({ 'CPF ou CNPJ': company.document, 'Seu e-mail ou celular': mine });
      await visit.press('Enviar código');
      await visit.sees('Confirme que o contato é seu');
    },
  ],
  [
    'document-mine',
    async ({ visit, request }) => {
      const company = await companyByApi(request, visit.outbox);
      await contestTaken(visit, { cnpj: company.document, email: email() });
      await visit.open(await visit.outbox.documentMineLink(company.email));
      await visit.sees('Este documento é meu');
    },
  ],
  [
    'login-code-entry',
    async ({ visit }) => {
      await visit.open('/login?by=code');
      await visit.fill({ Celular: phone().typed });
      await visit.press('Receber código');
      await visit.reads('o código está a caminho');
    },
  ],
];
