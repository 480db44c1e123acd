// The pages of the school. The browser gets a cookie that means nothing elsewhere; the tokens stay here, where no script of a page can
// read them ("backend for frontend"). Without a script, so that what happens can be read.

import { connect, login, type Problem, type Profile, registerTeacher, SessionEnded, TokenSession } from '@portaria/client';
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Refused, type WhoCalls } from './access.js';
import { escaped, goHome, html } from './html.js';
import { type Answer, text } from './http.js';
import { addLesson, lessonsOf } from './lessons.js';

const COOKIE = 'school';

/** Who is signed in, by the cookie of their browser. A real product stores this, its tokens encrypted. */
const sessions = new Map<string, TokenSession>();

export async function page(request: IncomingMessage, portaria: string, whoCalls: WhoCalls): Promise<Answer> {
  const cookie = new RegExp(`(?:^|; )${COOKIE}=([\\w-]+)`).exec(request.headers.cookie ?? '')?.[1] ?? '';
  try {
    return await answer(request, portaria, whoCalls, cookie);
  } catch (error) {
    if (error instanceof SessionEnded || (error instanceof Refused && error.status === 401)) {
      sessions.delete(cookie);
      return strangersPage(401, 'Sua sessão acabou. Entre de novo.');
    }
    if (error instanceof Refused) {
      return strangersPage(error.status, error.status === 403 ? 'Só professores têm aulas aqui.' : 'A Portaria não responde. Tente mais tarde.');
    }
    throw error;
  }
}

async function answer(request: IncomingMessage, portaria: string, whoCalls: WhoCalls, cookie: string): Promise<Answer> {
  const session = sessions.get(cookie);
  if (request.method === 'GET' && request.url === '/') {
    return session ? lessonsPage(session, whoCalls) : strangersPage(200);
  }
  // A form of another site cannot act for whoever is signed in: such a post comes without the cookie (SameSite), and is not taken at all.
  if (request.method !== 'POST' || !['same-origin', 'none', undefined].includes(request.headers['sec-fetch-site'] as string | undefined)) {
    return html(404, '<p>Não há nada aqui. <a href="/">Início</a>');
  }
  const form = Object.fromEntries(new URLSearchParams(await text(request)));
  switch (request.url) {
    case '/sign-up':
      return signUp(request, portaria, form);
    case '/sign-in':
      return signIn(request, portaria, form);
    case '/sign-out':
      await session?.signOut();
      sessions.delete(cookie);
      return goHome(`${COOKIE}=; Path=/; Max-Age=0`);
    case '/lessons':
      return session ? addOne(session, whoCalls, form['title']) : goHome();
    default:
      return html(404, '<p>Não há nada aqui. <a href="/">Início</a>');
  }
}

/** Portaria limits and lists people by address and device; without this all of them would be this server. */
function onBehalfOf(request: IncomingMessage): Record<string, string> {
  return { 'X-Forwarded-For': request.socket.remoteAddress ?? '', 'User-Agent': request.headers['user-agent'] ?? '' };
}

async function signUp(request: IncomingMessage, portaria: string, form: Record<string, string>): Promise<Answer> {
  const { fullName = '', email = '', password = '', terms } = form;
  if (!terms) {
    return strangersPage(400, 'Aceite os termos para continuar.');
  }
  const { data, error } = await registerTeacher({
    client: connect(portaria),
    headers: onBehalfOf(request),
    body: { fullName, email, password, passwordConfirmation: password, termsAccepted: true },
  });
  return data ? strangersPage(200, data.message) : refused(error);
}

async function signIn(request: IncomingMessage, portaria: string, form: Record<string, string>): Promise<Answer> {
  const { email = '', password = '' } = form;
  const { data, error } = await login({ client: connect(portaria), headers: onBehalfOf(request), body: { email, password } });
  if (!data) {
    return refused(error);
  }
  const cookie = randomBytes(32).toString('base64url');
  sessions.set(cookie, new TokenSession(portaria, TokenSession.tokens(data)));
  // Over https also Secure, and the name begins with __Host-.
  return goHome(`${COOKIE}=${cookie}; Path=/; HttpOnly; SameSite=Lax`);
}

/** The pages are let in by the same check as everybody else who calls the API. */
async function teacherOf(session: TokenSession, whoCalls: WhoCalls): Promise<Profile> {
  const token = await session.accessToken().catch((error: unknown) => {
    throw error instanceof SessionEnded ? error : new Refused(503, 'Portaria does not answer.');
  });
  return whoCalls(`Bearer ${token}`);
}

async function addOne(session: TokenSession, whoCalls: WhoCalls, title: string | undefined): Promise<Answer> {
  const teacher = await teacherOf(session, whoCalls);
  addLesson(teacher.id, title);
  return goHome();
}

async function lessonsPage(session: TokenSession, whoCalls: WhoCalls): Promise<Answer> {
  const teacher = await teacherOf(session, whoCalls);
  const lessons = lessonsOf(teacher.id).map((title) => `<li>${escaped(title)}`);
  return html(
    200,
    `<h1>Aulas de ${escaped(teacher.fullName)}</h1><ul>${lessons.join('')}</ul>
     <form method="post" action="/lessons"><label>Título <input name="title" required></label> <button>Adicionar</button></form>
     <form method="post" action="/sign-out"><button>Sair</button></form>`,
  );
}

/** What Portaria refuses it says in a sentence for people, and for each field. */
function refused(error: Problem | undefined): Answer {
  if (!error?.detail) {
    return strangersPage(503, 'A Portaria não responde. Tente mais tarde.');
  }
  return strangersPage(error.status, [error.detail, ...Object.values(error.errors ?? {}).flat()].join('. '));
}

function strangersPage(status: number, message = ''): Answer {
  return html(
    status,
    `<h1>Escola</h1><p role="status">${escaped(message)}</p>
     <form method="post" action="/sign-in"><h2>Entrar</h2>
       <p><label>E-mail <input name="email" autocomplete="username" required></label>
       <p><label>Senha <input name="password" type="password" autocomplete="current-password" required></label>
       <p><button>Entrar</button></form>
     <form method="post" action="/sign-up"><h2>Cadastrar-se como professor</h2>
       <p><label>Nome completo <input name="fullName" autocomplete="name" required></label>
       <p><label>E-mail <input name="email" type="email" autocomplete="email" required></label>
       <p><label>Senha <input name="password" type="password" autocomplete="new-password" required></label>
       <p><label><input name="terms" type="checkbox" required> Aceito os termos</label>
       <p><button>Cadastrar</button></form>`,
  );
}
