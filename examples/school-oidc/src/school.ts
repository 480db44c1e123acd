// The pages of the school again. It has no form for a password: people sign up and in at Portaria, and come back.

import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { ClientError, ResponseBodyError, AuthorizationResponseError } from 'openid-client';
import { escaped, goHome, html } from 'school/html';
import { type Answer, serve, text } from 'school/http';
import { addLesson, lessonsOf } from 'school/lessons';
import { away, back, type Config, discovered, sent, type Teacher, type Waiting } from './sign-in.js';

const COOKIE = 'school';

/** What a browser means, by its cookie: somebody who was sent to Portaria, or who is in. A real product stores this, and forgets the old. */
type Browser = { waiting: Waiting } | { teacher: Teacher };

/**
 * @param portaria the `PUBLIC_URL` of Portaria
 * @param here the address of the school
 */
export function school(portaria: string, here: string, id: string, secret: string): Server {
  const browsers = new Map<string, Browser>();
  let config: Promise<Config> | undefined;
  /** Fetched when first needed. What failed is tried again. */
  const known = () => (config ??= discovered(portaria, id, secret).catch((error: unknown) => ((config = undefined), Promise.reject(error))));

  /** A new cookie at each step, so that one that was planted before is worth nothing. */
  function keep(before: string, browser?: Browser): string {
    browsers.delete(before);
    const cookie = browser ? randomBytes(32).toString('base64url') : '';
    if (browser) {
      browsers.set(cookie, browser);
    }
    // Over https also Secure, and the name begins with __Host-.
    return `${COOKIE}=${cookie}; Path=/; HttpOnly; SameSite=Lax${browser ? '' : '; Max-Age=0'}`;
  }

  return serve(async (request) => {
    const cookie = new RegExp(`(?:^|; )${COOKIE}=([\\w-]+)`).exec(request.headers.cookie ?? '')?.[1] ?? '';
    const browser = browsers.get(cookie);
    const teacher = browser && 'teacher' in browser ? browser.teacher : undefined;
    const url = new URL(request.url ?? '/', here);
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /':
        return teacher ? lessonsPage(teacher) : strangersPage(200);
      case 'GET /sign-in': {
        const { address, waiting } = await sent(await known(), `${here}/callback`);
        return goTo(address, keep(cookie, { waiting }));
      }
      case 'GET /callback':
        if (!browser || !('waiting' in browser)) {
          return goHome();
        }
        try {
          return goHome(keep(cookie, { teacher: await back(await known(), url, browser.waiting) }));
        } catch (error) {
          if (!saysNo(error)) {
            throw error;
          }
          return strangersPage(403, 'Você não entrou. Tente de novo.', keep(cookie));
        }
      case 'POST /lessons':
        if (teacher && isOwnForm(request)) {
          addLesson(teacher.id, new URLSearchParams(await text(request)).get('title'));
        }
        return goHome();
      case 'POST /sign-out':
        return teacher && isOwnForm(request) ? goTo(away(await known(), teacher, `${here}/`), keep(cookie)) : goHome();
      default:
        return html(404, '<p>Não há nada aqui. <a href="/">Início</a>');
    }
  });
}

/** Portaria, or the person, said no; or it is not the answer to what was asked. Anything else is a fault. */
function saysNo(error: unknown): boolean {
  return [AuthorizationResponseError, ResponseBodyError, ClientError].some((kind) => error instanceof kind);
}

/** A form of another site cannot act for whoever is in. */
function isOwnForm(request: IncomingMessage): boolean {
  return ['same-origin', 'none', undefined].includes(request.headers['sec-fetch-site'] as string | undefined);
}

function goTo(address: URL, cookie: string): Answer {
  return { status: 303, headers: { Location: address.href, 'Set-Cookie': cookie } };
}

function lessonsPage({ id, name }: Teacher): Answer {
  const lessons = lessonsOf(id).map((title) => `<li>${escaped(title)}`);
  return html(
    200,
    `<h1>Aulas de ${escaped(name)}</h1><ul>${lessons.join('')}</ul>
     <form method="post" action="/lessons"><label>Título <input name="title" required></label> <button>Adicionar</button></form>
     <form method="post" action="/sign-out"><button>Sair</button></form>`,
  );
}

function strangersPage(status: number, message = '', cookie?: string): Answer {
  const answer = html(status, `<h1>Escola</h1><p role="status">${escaped(message)}</p><p><a href="/sign-in">Entrar ou cadastrar-se</a></p>`);
  return cookie ? { ...answer, headers: { ...answer.headers, 'Set-Cookie': cookie } } : answer;
}
