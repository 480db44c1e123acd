// The pages of the school again. It has no form for a password: people sign up and in at Portaria, and come back.

import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { AuthorizationResponseError, ClientError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
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
          // Nobody was sent from here by this browser: the mail's link was opened on another device than the sign-up began on. Whoever
          // is signed in at Portaria comes in at once, by an answer to what this browser asked; the one at hand is worth nothing.
          return url.searchParams.has('code') && !teacher ? goToSignIn() : goHome();
        }
        try {
          return goHome(keep(cookie, { teacher: await back(await known(), url, browser.waiting) }));
        } catch (error) {
          if (saysNo(error)) {
            return strangersPage(403, 'Você não entrou. Tente de novo.', keep(cookie));
          }
          console.error(isOfSecret(error) ? 'Portaria refused SCHOOL_SECRET: `portaria client rotate school`' : error);
          return faultPage(keep(cookie));
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

/** Portaria, or the person, said no; or it is not the answer to what was asked. Anything else is a fault of ours. */
function saysNo(error: unknown): boolean {
  return [AuthorizationResponseError, ClientError].some((kind) => error instanceof kind) || hasCode(error, 'invalid_grant');
}

/** Portaria does not take the school for who it says it is. */
function isOfSecret(error: unknown): boolean {
  const asks = error instanceof WWWAuthenticateChallengeError && error.cause.some(({ scheme }) => scheme === 'basic');
  return asks || hasCode(error, 'invalid_client');
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof ResponseBodyError && error.error === code;
}

/** A form of another site cannot act for whoever is in. */
function isOwnForm(request: IncomingMessage): boolean {
  return ['same-origin', 'none', undefined].includes(request.headers['sec-fetch-site'] as string | undefined);
}

function goToSignIn(): Answer {
  return { status: 303, headers: { Location: '/sign-in' } };
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
  return setting(cookie, html(status, `<h1>Escola</h1><p role="status">${escaped(message)}</p><p><a href="/sign-in">Entrar ou cadastrar-se</a></p>`));
}

/** Whoever just signed up is told what of it holds. */
function faultPage(cookie: string): Answer {
  const message = 'Não conseguimos concluir sua entrada. A falha é nossa. Sua conta está pronta: tente mais tarde.';
  return setting(cookie, html(502, `<h1>Escola</h1><p role="alert">${message}</p><p><a href="/">Início</a></p>`));
}

function setting(cookie: string | undefined, answer: Answer): Answer {
  return cookie ? { ...answer, headers: { ...answer.headers, 'Set-Cookie': cookie } } : answer;
}
