// What pages of the school look like.

import { createHash } from 'node:crypto';
import type { Answer } from './http.js';

/** The school allows this style by its hash, and nothing else. */
const STYLE = `
  :root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif; accent-color: #2c6e63 }
  main { max-width: 26rem; margin: 2rem auto; padding: 0 1rem }
  input:not([type=checkbox]) { display: block; box-sizing: border-box; width: 100%; margin-top: 0.25rem }
  input, button { padding: 0.5rem 0.75rem; font: inherit }
  h2 { margin-top: 2.5rem }
`;
const POLICY = `default-src 'none'; img-src data:; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

export function html(status: number, main: string): Answer {
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', 'Content-Security-Policy': POLICY };
  const head = `<meta name="viewport" content="width=device-width"><title>Escola</title><link rel="icon" href="data:,"><style>${STYLE}</style>`;
  return { status, headers, body: `<!doctype html><html lang="pt-BR">${head}<main>${main}</main>` };
}

export function goHome(cookie?: string): Answer {
  return { status: 303, headers: { Location: '/', ...(cookie && { 'Set-Cookie': cookie }) } };
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
