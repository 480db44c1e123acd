// Every page in every state that looks different. What is done with each stands in `specs/scenes.spec.ts`.

import { brand, isOurs } from '../brand';
import { PRODUCT } from './products';
import { PROFILE } from './profile';
import { RECOVERY } from './recovery';
import { SIGN_UP } from './signup';
import { instead, page, saying, type Scene } from './stage';

/** Pages as they are when somebody opens them. */
const OPENED: Scene[] = [
  page('home', '/', 'Uma conta segura para os serviços que você usa'),
  page('register', '/register', 'Que tipo de conta você quer criar?'),
  page('client', '/register/client', brand.client.title),
  page('teacher', '/register/teacher', brand.teacher.title),
  page('company', '/register/company', brand.company.title),
  page('carona', '/register/carona', brand.rider.title),
  page('login', '/login', 'Entrar'),
  saying('login-verified', '/login', 'verified', 'Entrar'),
  page('login-by-code', '/login?by=code', 'Entrar com um código'),
  page('sign-in-help', '/sign-in-help', 'Não consigo entrar'),
  page('verify-email-without-sign-up', '/verify-email', 'Confirme seu e-mail'),
  page('resend-verification', '/resend-verification', 'Receber outro link de confirmação'),
  instead('resend-verification-sent', '/resend-verification', 'link_asked', 'Confira seu e-mail'),
  page('continue-without-token', '/continue', 'Link incompleto'),
  page('forgot-password', '/forgot-password', 'Esqueci minha senha'),
  instead('forgot-password-sent', '/forgot-password', 'reset_link_sent', 'Confira seu e-mail'),
  page('recover-password', '/recover-password', 'Recuperar senha'),
  page('contest', '/contest', 'Contestar um documento'),
  instead('contest-begun', '/contest', 'contest_begun', 'Recebemos sua contestação'),
  saying('login-password-changed', '/login', 'password_changed', 'Entrar'),
  saying('login-ended', '/login?next=%2Fprofile', 'ended', 'Entrar'),
  saying('login-blocked', '/login', 'blocked', 'Entrar'),
  saying('login-deletion-asked', '/login', 'deletion_asked', 'Entrar'),
  page('terms', '/terms', 'Termos de serviço e privacidade'),
  page('accessibility', '/accessibility', 'Declaração de acessibilidade'),
  [
    'terms-unknown',
    async ({ visit, guard }) => {
      guard.expect(404);
      await visit.open('/terms?version=2020-01');
      await visit.reads('Não encontramos essa versão dos termos.');
    },
  ],
  [
    'not-found',
    async ({ visit, guard }) => {
      guard.expect(404);
      await visit.open('/nao-existe');
      await visit.sees('Página não encontrada');
    },
  ],
];

/** Of the states that pages come to, those that show what a brand changes: each of its colours, its words in messages, its kinds. */
const SHOW_A_BRAND = new Set([
  'client-errors',
  'code',
  'code-blocked',
  'hand-off',
  'done',
  'check-email',
  'complete-profile-photo',
  'dashboard-teacher',
  'dashboard-rider',
  'english',
  'login-wrong',
  'recover-new-password',
  'profile-saved',
  'profile-data',
  'profile-sessions-ended',
  'product-consent',
  'products',
]);

const STATES: Scene[] = [...SIGN_UP, ...RECOVERY, ...PROFILE, ...PRODUCT];

/** Under another brand no state of a page looks otherwise that none of these shows. */
export const SCENES: Scene[] = [...OPENED, ...(isOurs ? STATES : STATES.filter(([name]) => SHOW_A_BRAND.has(name)))];
