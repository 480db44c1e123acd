// Every page in every state that looks different. Each is checked by axe, checked in a narrow window, and photographed.

import type { APIRequestContext } from '@playwright/test';
import { cnpj, cpf, email, NEW_PASSWORD, otherThan, PASSWORD, phone } from './people';
import { picture } from './pictures';
import {
  applicationByApi,
  askOwnPhone,
  askRecovery,
  askResetLink,
  askToRegister,
  askToRide,
  become,
  beginRecovery,
  changePassword,
  chooseNewPassword,
  clientByApi,
  comeIn,
  companyByApi,
  enterCode,
  enterRecoveryCode,
  fillProfile,
  fillTeacher,
  profile,
  register,
  registerTeacher,
  rider,
  rideTo,
  signIn,
  type Teacher,
  teacherByApi,
} from './steps';
import { expect, type Visit } from './test';

export interface Stage {
  visit: Visit;
  request: APIRequestContext;
  guard: { expect(status: number): void };
}

export type Scene = [name: string, play: (stage: Stage) => Promise<void>];

/** A page right after it was opened. */
const page = (name: string, path: string, heading: string): Scene => [
  name,
  async ({ visit }) => {
    await visit.open(path);
    await visit.sees(heading);
  },
];

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

async function openProfile({ visit, request }: Stage, path = '/profile'): Promise<Teacher> {
  const teacher = await teacherByApi(request, visit.outbox);
  await comeIn(visit, teacher.email);
  await visit.open(path);
  await visit.sees(/./);
  return teacher;
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

export const SCENES: Scene[] = [
  page('home', '/', 'Entre com tranquilidade.'),
  page('register', '/register', 'Que conta você quer criar?'),
  page('client', '/register/client', 'Criar conta de cliente'),
  page('teacher', '/register/teacher', 'Registrar como Professor'),
  page('company', '/register/company', 'Criar conta de empresa'),
  page('carona', '/register/carona', 'Criar conta de caronista'),
  page('login', '/login', 'Entrar'),
  page('login-verified', '/login?notice=verified', 'Entrar'),
  page('login-by-code', '/login?by=code', 'Entrar com um código'),
  page('verify-email-without-sign-up', '/verify-email', 'Verifique seu email para ativar sua conta'),
  page('resend-verification', '/resend-verification', 'Receber outro link de confirmação'),
  page('resend-verification-sent', '/resend-verification?notice=link_sent', 'Receber outro link de confirmação'),
  page('continue', '/continue?token=abc', 'Continuar o cadastro aqui?'),
  page('continue-without-token', '/continue', 'Continuar o cadastro aqui?'),
  page('forgot-password', '/forgot-password', 'Esqueci minha senha'),
  page('forgot-password-sent', '/forgot-password?notice=reset_link_sent', 'Esqueci minha senha'),
  page('recover-password', '/recover-password', 'Recuperar senha'),
  page('contest', '/contest', 'Contestar um documento'),
  page('contest-begun', '/contest?notice=contest_begun', 'Contestar um documento'),
  page('login-password-changed', '/login?notice=password_changed', 'Entrar'),
  page('terms', '/terms', 'Termos de serviço e privacidade'),
  [
    'not-found',
    async ({ visit, guard }) => {
      guard.expect(404);
      await visit.open('/nao-existe');
      await visit.sees('Esta porta não existe');
    },
  ],
  [
    'client-errors',
    async ({ visit }) => {
      await visit.open('/register/client');
      await visit.fill({ Celular: '(11) 3765-4321', 'E-mail': 'luisa@', Senha: 'curta', 'Confirme a senha': 'outra' });
      await visit.press('Continuar e receber o código');
      await visit.isTold('Informe o nome');
    },
  ],
  [
    'client-taken',
    async ({ visit }) => {
      const me = await become(visit);
      await visit.press('Fazer outro cadastro');
      await visit.sees('Que conta você quer criar?');
      await askToRegister(visit, me);
      await visit.isTold('Telefone já cadastrado');
    },
  ],
  [
    'register-pending',
    async ({ visit }) => {
      await register(visit, { phone: phone() });
      await visit.open('/register');
      await visit.reads('Você tem um cadastro em andamento');
    },
  ],
  [
    'home-pending',
    async ({ visit }) => {
      await register(visit, { phone: phone() });
      await visit.open('/');
      await visit.reads('Continuar meu cadastro');
    },
  ],
  [
    'code',
    async ({ visit }) => {
      const mine = phone();
      await register(visit, { phone: mine });
      await visit.outbox.code(mine.e164);
      await visit.reload();
      await visit.reads(/O código vale por mais/);
    },
  ],
  [
    'code-wrong',
    async ({ visit }) => {
      const mine = phone();
      await register(visit, { phone: mine });
      await enterCode(visit, otherThan(await visit.outbox.code(mine.e164)));
      await visit.isTold('A confirmação do número de telefone falhou');
    },
  ],
  [
    'code-blocked',
    async ({ visit }) => {
      const mine = phone();
      await register(visit, { phone: mine });
      const wrong = otherThan(await visit.outbox.code(mine.e164));
      for (let n = 0; n < 5; n++) {
        await visit.open('/register/client');
        await enterCode(visit, wrong);
        await visit.isTold(n < 4 ? 'falhou' : 'Foram muitos códigos errados');
      }
    },
  ],
  [
    'hand-off',
    async ({ visit }) => {
      await register(visit, { phone: phone() });
      await visit.press('Criar link');
      await visit.reads(/\/continue\?token=/);
    },
  ],
  [
    'client-correct',
    async ({ visit }) => {
      await register(visit, { phone: phone(), email: email(), password: PASSWORD });
      await visit.follow('Corrigir o número');
      await visit.sees('Criar conta de cliente');
    },
  ],
  [
    'done',
    async ({ visit }) => {
      await become(visit);
    },
  ],
  [
    'dashboard',
    async ({ visit }) => {
      await become(visit, { phone: phone(), email: email() });
      await visit.follow('Ir para o painel');
      await visit.sees('Olá, Luísa');
    },
  ],
  [
    'teacher-errors',
    async ({ visit }) => {
      await visit.open('/register/teacher');
      await visit.press('Registrar');
      await visit.isTold('Você deve aceitar os termos de serviço');
    },
  ],
  [
    'teacher-taken',
    async ({ visit, request }) => {
      const teacher = await teacherByApi(request, visit.outbox, false);
      await visit.open('/register/teacher');
      await fillTeacher(visit, teacher);
      await visit.field('Li e aceito').check();
      await visit.press('Registrar');
      await visit.isTold('Email já cadastrado');
    },
  ],
  [
    'company-errors',
    async ({ visit }) => {
      await visit.open('/register/company');
      await visit.fill({ CNPJ: cnpj('numeric').replace(/\d$/, 'X') });
      await visit.press('Registrar');
      await visit.isTold('CNPJ inválido');
    },
  ],
  [
    'check-email',
    async ({ visit }) => {
      await registerTeacher(visit, email());
    },
  ],
  [
    'verify-unknown',
    async ({ visit, guard }) => {
      guard.expect(400);
      await visit.open('/verify?token=abc');
      await visit.sees('Link inválido');
    },
  ],
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
      await visit.isTold('Confira o e-mail');
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
      await visit.isTold('Seu contato ainda não foi confirmado');
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
  [
    'carona-errors',
    async ({ visit }) => {
      await askToRide(visit, { name: '', username: 'a b', email: 'rian@', password: 'curta' });
      await visit.isTold('Informe o nome');
    },
  ],
  [
    'carona-code',
    async ({ visit }) => {
      const me = rider();
      await askToRide(visit, me);
      await visit.outbox.code(me.email);
      await visit.reload();
      await visit.reads(/O código vale por mais/);
    },
  ],
  [
    'carona-resumed',
    async ({ visit }) => {
      await rideTo(visit);
      await visit.open('/register/carona');
      await visit.sees('E-mail confirmado');
    },
  ],
  [
    'verify-email-by-code-refused',
    async ({ visit }) => {
      await visit.open('/verify-email?email=rian@exemplo.com.br');
      await visit.fill({ Código: '12345678' });
      await visit.press('Confirmar');
      await visit.isTold('A confirmação do e-mail falhou');
    },
  ],
  [
    'complete-profile',
    async ({ visit }) => {
      await rideTo(visit);
    },
  ],
  [
    'complete-profile-photo',
    async ({ visit }) => {
      await rideTo(visit);
      await visit.field('Foto').setInputFiles(picture());
      await visit.reads('Enquadre a foto');
      await visit.field('Aproximação').fill('200');
    },
  ],
  [
    'complete-profile-errors',
    async ({ visit }) => {
      await rideTo(visit);
      await fillProfile(visit, { ...profile(), phone: '119', cpf: '123.456.789-01', city: 'A' });
      await visit.field('Foto').setInputFiles({ name: 'eu.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') });
      await visit.reads('Não conseguimos abrir a foto');
      await visit.field('Foto').setInputFiles([]);
      await visit.press('Concluir cadastro');
      await visit.isTold('CPF inválido');
    },
  ],
  [
    'dashboard-rider',
    async ({ visit }) => {
      await rideTo(visit);
      await visit.field('Foto').setInputFiles(picture());
      await visit.reads('Enquadre a foto');
      await fillProfile(visit, profile());
      await visit.press('Concluir cadastro');
      await visit.sees('Olá, Rian');
    },
  ],
  [
    'profile',
    async (stage) => {
      await openProfile(stage);
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
      await visit.reads('Enviamos um código para');
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
];
