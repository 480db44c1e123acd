import { createServer, type IncomingMessage, type Server } from 'node:http';

/** More than any form here has. A body that is longer is not read to its end. */
const LONGEST_BODY = 10_000;

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

export function json(status: number, body: unknown): Answer {
  return { status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

export function serve(answer: (request: IncomingMessage) => Promise<Answer>): Server {
  return createServer((request, response) => {
    answer(request)
      .catch((error: unknown): Answer => {
        console.error(error);
        return json(500, { message: 'That is our fault.' });
      })
      .then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
  });
}

/** The body; empty if it is too long. */
export async function text(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const part of request) {
    text += part;
    if (text.length > LONGEST_BODY) {
      return '';
    }
  }
  return text;
}
