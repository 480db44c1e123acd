// Meu Perfil, and what else an owner does with an account.

import { importedTeacher } from '../imported';
import { email, NEW_PASSWORD, PASSWORD, phone } from '../people';
import { picture } from '../pictures';
import {
  applicationByApi,
  askOwnPhone,
  become,
  changePassword,
  clientByApi,
  comeIn,
  companyByApi,
  register,
  rideToTheEnd,
  signIn,
  signOut,
  type Teacher,
  teacherByApi,
} from '../steps';
import { expect } from '../test';
import type { Scene, Stage } from './stage';

async function openProfile({ visit, request }: Stage, path = '/profile'): Promise<Teacher> {
  const teacher = await teacherByApi(request, visit.outbox);
  await comeIn(visit, teacher.email);
  await visit.open(path);
  await visit.sees(/./);
  return teacher;
}

/** The same for a kind whose e-mail may change. */
async function openAsClient({ visit, request }: Stage, path: string): Promise<void> {
  await comeIn(visit, (await clientByApi(request, visit.outbox)).email);
  await visit.open(path);
  await visit.sees(/./);
}

/** Opens the page of a “Não fui eu” link, without pressing its button. */
async function openNotMe(stage: Stage): Promise<void> {
  const { visit } = stage;
  const teacher = await openProfile(stage, '/profile/password');
  await changePassword(visit, PASSWORD, NEW_PASSWORD);
  await visit.reads('Senha alterada com sucesso!');
  await visit.page.context().clearCookies();
  await visit.open(await visit.outbox.notMeLink(teacher.email));
  await visit.sees('Não foi você?');
}

export const PROFILE: Scene[] = [
  [
    'dashboard-again',
    async ({ visit, request }) => {
      const teacher = await teacherByApi(request, visit.outbox);
      await comeIn(visit, teacher.email);
      await signOut(visit);
      await comeIn(visit, teacher.email);
      await visit.reads('Acesso anterior');
    },
  ],
  [
    'terms-accept',
    async ({ visit }) => {
      await visit.open('/login');
      await signIn(visit, (await importedTeacher()).email, PASSWORD);
      await visit.sees('Leia e aceite os termos');
    },
  ],
  [
    'profile',
    async (stage) => {
      await openProfile(stage);
    },
  ],
  [
    'profile-rider',
    async ({ visit }) => {
      await rideToTheEnd(visit);
      await visit.open('/profile');
      await visit.sees('Meu Perfil');
      await expect(visit.field('Cidade')).toHaveValue('São Paulo');
    },
  ],
  [
    'deletion-choice',
    async (stage) => {
      const { visit } = stage;
      const teacher = await openProfile(stage, '/profile/data');
      await visit.press('Excluir conta');
      await visit.reads('Sua conta será excluída em 14 dias.');
      await visit.open('/login');
      await signIn(visit, teacher.email, PASSWORD);
      await visit.sees('Sua conta está para ser excluída');
    },
  ],
  [
    'undo-deletion',
    async (stage) => {
      const { visit } = stage;
      const teacher = await openProfile(stage, '/profile/data');
      await visit.press('Excluir conta');
      await visit.reads('Sua conta será excluída em 14 dias.');
      await visit.open(await visit.outbox.undoDeletionLink(teacher.email));
      await visit.sees('Desfazer a exclusão');
    },
  ],
  [
    'profile-data',
    async (stage) => {
      await openProfile(stage, '/profile/data');
      await stage.visit.reads('O que guardamos e por quê');
    },
  ],
  [
    'profile-saved',
    async (stage) => {
      const { visit } = stage;
      await openProfile(stage);
      await visit.fill({ Instituição: 'Universidade Federal de Minas Gerais', 'Área de atuação': 'Botânica' });
      await visit.field('Foto').setInputFiles(picture());
      await visit.press('Salvar alterações');
      await visit.reads('Perfil atualizado com sucesso.');
      await expect(visit.main.getByRole('img', { name: 'Sua foto atual' })).toBeVisible();
    },
  ],
  [
    'profile-errors',
    async (stage) => {
      const { visit } = stage;
      await openProfile(stage);
      await visit.fill({ 'Nome completo': ' ', Instituição: 'Universidade '.repeat(8) });
      await visit.press('Salvar alterações');
      await visit.isTold('Informe o nome');
    },
  ],
  [
    'profile-stale',
    async (stage) => {
      const { visit, request } = stage;
      const teacher = await openProfile(stage);
      const { accessToken } = await applicationByApi(request, teacher.email);
      const headers = { Authorization: `Bearer ${accessToken}` };
      expect((await request.patch('/api/auth/profile', { headers, data: { institution: 'UFMG' } })).status()).toBe(200);
      await visit.press('Salvar alterações');
      await visit.isTold('Estes dados mudaram enquanto você editava');
    },
  ],
  [
    'profile-company',
    async ({ visit, request }) => {
      const company = await companyByApi(request, visit.outbox);
      await comeIn(visit, company.email);
      await visit.open('/profile');
      await visit.sees('Meu Perfil');
    },
  ],
  [
    'profile-password',
    async (stage) => {
      await openProfile(stage, '/profile/password');
    },
  ],
  [
    'profile-password-errors',
    async (stage) => {
      const { visit } = stage;
      await openProfile(stage, '/profile/password');
      await changePassword(visit, 'Errada#2026 mesmo', 'curta', 'outra');
      await visit.isTold('As senhas não coincidem');
    },
  ],
  [
    'profile-password-none',
    async ({ visit }) => {
      await become(visit);
      await visit.open('/profile/password');
      await visit.reads('Sua conta não tem senha');
    },
  ],
  [
    'profile-sessions',
    async (stage) => {
      const { visit, request } = stage;
      const teacher = await openProfile(stage);
      for (let n = 0; n < 2; n++) await applicationByApi(request, teacher.email);
      await visit.open('/profile');
      await visit.reads('Encerrar todas as outras');
    },
    '#sessions',
  ],
  [
    'profile-sessions-ended',
    async (stage) => {
      const { visit, request } = stage;
      const teacher = await openProfile(stage);
      await applicationByApi(request, teacher.email);
      await visit.open('/profile');
      await visit.press('Encerrar todas as outras');
      await visit.reads('As outras sessões foram encerradas.');
    },
    '#sessions',
  ],
  [
    'profile-phone',
    async (stage) => {
      await openProfile(stage, '/profile/phone');
    },
  ],
  [
    'profile-phone-code',
    async (stage) => {
      const { visit } = stage;
      await openProfile(stage, '/profile/phone');
      await askOwnPhone(visit, phone());
      await visit.reads('Enviado por WhatsApp.');
    },
  ],
  [
    'profile-phone-errors',
    async (stage) => {
      const { visit } = stage;
      await openProfile(stage, '/profile/phone');
      await visit.fill({ Celular: '(11) 3765-4321' });
      await visit.press('Receber código');
      await visit.isTold('telefone fixo');
    },
  ],
  [
    'profile-email',
    async (stage) => {
      await openAsClient(stage, '/profile/email');
    },
  ],
  [
    'profile-email-errors',
    async (stage) => {
      const { visit } = stage;
      await openAsClient(stage, '/profile/email');
      await visit.fill({ 'E-mail': 'luisa@' });
      await visit.press('Enviar código');
      await visit.isTold('Informe um e-mail válido');
    },
  ],
  [
    'profile-email-code',
    async (stage) => {
      const { visit } = stage;
      await openAsClient(stage, '/profile/email');
      const mine = email();
      await visit.fill({ 'E-mail': mine });
      await visit.press('Enviar código');
      await visit.reads('Enviado por e-mail.');
    },
  ],
  [
    'profile-client',
    async (stage) => {
      await openAsClient(stage, '/profile');
    },
  ],
  [
    'profile-document',
    async (stage) => {
      await openProfile(stage, '/profile/document');
    },
  ],
  [
    'profile-document-errors',
    async (stage) => {
      const { visit } = stage;
      await openProfile(stage, '/profile/document');
      await visit.fill({ CPF: '123.456.789-01' });
      await visit.press('Salvar CPF');
      await visit.isTold('CPF inválido');
    },
  ],
  [
    'not-me',
    async (stage) => {
      await openNotMe(stage);
    },
  ],
  [
    'not-me-access',
    async (stage) => {
      const { visit } = stage;
      const teacher = await openProfile(stage);
      await visit.page.context().clearCookies();
      await comeIn(visit, teacher.email);
      await visit.page.context().clearCookies();
      await visit.open(await visit.outbox.notMyAccessLink(teacher.email));
      await visit.sees('Não reconhece este acesso?');
    },
  ],
  [
    'not-me-new-password',
    async (stage) => {
      const { visit } = stage;
      await openNotMe(stage);
      await visit.press('Não fui eu: proteger minha conta');
      await visit.sees('Crie uma nova senha');
    },
  ],
  [
    'not-me-unknown',
    async ({ visit, guard }) => {
      guard.expect(400);
      await visit.open('/not-me?token=abc');
      await visit.sees('Link inválido');
    },
  ],
  [
    'undo-deletion-unknown',
    async ({ visit, guard }) => {
      guard.expect(400);
      await visit.open('/undo-deletion?token=abc');
      await visit.sees('Link inválido');
    },
  ],
  [
    'document-mine-unknown',
    async ({ visit, guard }) => {
      guard.expect(400);
      await visit.open('/document-mine?token=abc');
      await visit.sees('Link inválido');
    },
  ],
  [
    'english',
    async ({ visit }) => {
      await visit.open('/register/teacher');
      await visit.press('English');
      await expect(visit.page.locator('html')).toHaveAttribute('lang', 'en');
      await visit.awake();
    },
  ],
  [
    'english-code',
    async ({ visit }) => {
      const mine = phone();
      await register(visit, { phone: mine });
      await visit.outbox.code(mine.e164);
      await visit.press('English');
      await visit.sees('Enter the code we sent');
      await visit.awake();
    },
  ],
];
