// Every page in every state that looks different. Each is checked by axe, checked in a narrow window, and photographed.

import { brand } from '../brand';
import { PROFILE } from './profile';
import { RECOVERY } from './recovery';
import { SIGN_UP } from './signup';
import { page, type Scene } from './stage';

/** Pages as they are when somebody opens them. */
const OPENED: Scene[] = [
  page('home', '/', 'Entre com tranquilidade.'),
  page('register', '/register', 'Que conta você quer criar?'),
  page('client', '/register/client', brand.client.title),
  page('teacher', '/register/teacher', brand.teacher.title),
  page('company', '/register/company', brand.company.title),
  page('carona', '/register/carona', brand.rider.title),
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
    'terms-unknown',
    async ({ visit, guard }) => {
      guard.expect(404);
      await visit.open('/terms?version=2020-01');
      await visit.reads('O texto dessa versão não está guardado aqui.');
    },
  ],
  [
    'not-found',
    async ({ visit, guard }) => {
      guard.expect(404);
      await visit.open('/nao-existe');
      await visit.sees('Esta porta não existe');
    },
  ],
];

export const SCENES: Scene[] = [...OPENED, ...SIGN_UP, ...RECOVERY, ...PROFILE];
