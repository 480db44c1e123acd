// A person with a browser that runs no script: follows addresses, keeps cookies, fills in forms. And what every product's check needs.

import assert from 'node:assert/strict';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';

/** The issuer: `PUBLIC_URL`. */
export const ISSUER = process.env.PORTARIA_URL;
export const PASSWORD = 'Ipê-amarelo-em-flor-7';

/** The secret of a product of `portaria.toml`. */
export function secret(client) {
  return process.env[`SECRET_${client}`];
}

/** The newest mail to somebody that has a link. Waits for it a little. */
export async function mailedLink(email) {
  for (let tries = 0; tries < 200; tries += 1) {
    const messages = await (await fetch(`${ISSUER}/dev/outbox.json`)).json();
    const link = messages.find((message) => message.to === email && message.link)?.link;
    if (link) {
      return link;
    }
    await pause(50);
  }
  throw new Error(`no link for ${email}`);
}

export function newEmail() {
  return `carla-${randomUUID()}@escola.example`;
}

/** As a browser asks. `fetch` says of itself that a script asks (`Sec-Fetch-Mode`). */
async function asked(url, { method, headers, body = '' }) {
  const form = body && { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(String(body)) };
  const sent = request(url, { method, headers: { ...headers, ...form } }).end(String(body));
  const [response] = await once(sent, 'response');
  let text = '';
  response.setEncoding('utf8');
  for await (const part of response) {
    text += part;
  }
  return { status: response.statusCode, headers: response.headers, text };
}

export class Person {
  email = newEmail();
  name = 'Carla Dias';
  /** Of each origin: names and values. */
  #cookies = new Map();
  // People come from many machines, and limits are not what is tried.
  #address = `10.${randomInt(256)}.${randomInt(256)}.${1 + randomInt(254)}`;

  /** Opens an address and goes wherever it leads; `stop`: the beginning of an address that is not opened, but returned. */
  open(url, stop) {
    return this.#follow(new URL(url, ISSUER), { method: 'GET' }, stop);
  }

  /** Sends a form of a page of the provider. */
  post(path, form, stop) {
    const init = { method: 'POST', body: new URLSearchParams(form), headers: { Origin: ISSUER, 'Sec-Fetch-Site': 'same-origin' } };
    return this.#follow(new URL(path, ISSUER), init, stop);
  }

  async #follow(first, init, stop) {
    let url = first;
    let next = init;
    for (let hops = 0; hops < 12; hops += 1) {
      if (stop && url.href.startsWith(stop)) {
        return { url, status: 0, text: '' };
      }
      const { status, headers, text } = await asked(url, { ...next, headers: { ...this.#headers(url), ...next.headers } });
      this.#keep(url, headers['set-cookie'] ?? []);
      const leaves = status === 200 && /<meta http-equiv="refresh" content="0;url=([^"]*)">/.exec(text)?.[1].replaceAll('&amp;', '&');
      if (!leaves && (status < 300 || status >= 400)) {
        return { url, status, text };
      }
      url = new URL(leaves || headers.location, url);
      next = { method: 'GET' };
    }
    throw new Error(`it goes round at ${url}`);
  }

  #headers(url) {
    const cookies = [...(this.#cookies.get(url.origin) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
    return {
      Accept: 'text/html',
      'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      'X-Forwarded-For': this.#address,
      'Sec-Fetch-Mode': 'navigate',
      ...(cookies && { Cookie: cookies }),
    };
  }

  #keep(url, cookies) {
    const kept = this.#cookies.get(url.origin) ?? new Map();
    this.#cookies.set(url.origin, kept);
    for (const cookie of cookies) {
      const [pair, ...attributes] = cookie.split('; ');
      const at = pair.indexOf('=');
      const gone = attributes.some((attribute) => /^max-age=0$/i.test(attribute)) || /expires=thu, 01[ -]jan[ -]1970/i.test(cookie);
      if (gone) {
        kept.delete(pair.slice(0, at));
      } else {
        kept.set(pair.slice(0, at), pair.slice(at + 1));
      }
    }
  }

  /** The cookies of an origin, as they are sent; and some that came in another way. */
  cookiesAt(origin) {
    return [...(this.#cookies.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  keep(origin, cookies) {
    this.#keep(new URL(origin), cookies);
  }

  /** From nothing: a teacher who was sent to sign in signs up, opens the link in the mail, signs in. Returns where that leads. */
  async signUp(stop) {
    await this.register();
    const proved = await this.open(await mailedLink(this.email));
    assert.equal(proved.url.pathname, '/login', 'the link in the mail was not taken');
    return this.signIn(stop);
  }

  /** The form of a teacher who was sent to sign in. */
  async register() {
    const form = { _form: 'sign_up', slug: 'teacher', name: this.name, email: this.email, password: PASSWORD };
    const told = await this.post('/register/teacher', { ...form, password_confirmation: PASSWORD, terms: 'true' });
    assert.equal(told.status, 200, told.text);
  }

  /** Opens the link in the mail in another browser than the sign-up began in, and presses its button. Returns where that leads. */
  async confirm() {
    const { url } = await this.open(await mailedLink(this.email));
    return this.post(url, { _form: 'prove_link', token: url.searchParams.get('token') });
  }

  signIn(stop) {
    return this.post('/login', { _form: 'sign_in', identifier: this.email, password: PASSWORD }, stop);
  }

  /** Says yes on the page that asks whether a product may. */
  agree(page, stop) {
    assert.match(page.text, /action="\/oauth\/consent"/, `${page.url} does not ask`);
    const hidden = [...page.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map(([, name, value]) => [name, value]);
    return this.post('/oauth/consent', [...hidden, ['answer', 'yes']], stop);
  }

  async isSignedIn() {
    return (await this.open('/dashboard')).url.pathname === '/dashboard';
  }
}

/** Whether an error is about this, by its message or by what caused it. */
export function isAbout(word) {
  return (error) => inspect(error, { depth: 6 }).includes(word);
}

/** The same text with another letter in its middle: of a signature, one that is wrong. */
function broken(text) {
  const at = Math.floor(text.length / 2);
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
}

/** Ways to spoil an ID token, each of which a client must notice. */
export const spoilt = {
  'another person': (token) => {
    const [head, body, signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    return [head, Buffer.from(JSON.stringify({ ...claims, sub: '1' })).toString('base64url'), signature].join('.');
  },
  'a broken signature': (token) => {
    const [head, body, signature] = token.split('.');
    return [head, body, broken(signature)].join('.');
  },
  'no signature': (token) => {
    const head = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    return `${head}.${token.split('.')[1]}.`;
  },
};

/** A `fetch` whose answers have an ID token that is spoilt in this way. */
export function fetchSpoiling(spoil) {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (!String(url).endsWith('/oauth/token') || !response.ok) {
      return response;
    }
    const tokens = await response.json();
    return Response.json({ ...tokens, id_token: spoil(tokens.id_token) }, { headers: { 'Cache-Control': 'no-store' } });
  };
}
