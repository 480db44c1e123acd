// With no carrier set up, Portaria in development shows each message instead of sending it: here a program reads them. People look at
// /dev/outbox in a browser. In production there is no such page, and the link is in the teacher's mailbox.

import { setTimeout as pause } from 'node:timers/promises';

interface Message {
  to: string;
  code: string | null;
  link: string | null;
}

/** The newest message to this address or number that has a link or code. Waits a little for it. */
async function newest(portaria: string, to: string, has: 'code' | 'link'): Promise<string> {
  for (let tries = 0; tries < 100; tries += 1) {
    const response = await fetch(new URL('/dev/outbox.json', portaria));
    if (!response.ok) {
      throw new Error(`${response.url} answers ${response.status}: is Portaria there, in development and without carriers?`);
    }
    const messages = (await response.json()) as Message[];
    const found = messages.find((message) => message.to === to && message[has] !== null)?.[has];
    if (found) {
      return found;
    }
    await pause(100);
  }
  throw new Error(`There is no ${has} for ${to} at ${portaria}/dev/outbox.`);
}

/** The token in the link that proves this address. */
export async function tokenMailedTo(portaria: string, email: string): Promise<string> {
  return new URL(await newest(portaria, email, 'link')).searchParams.get('token') ?? '';
}

/** The code that proves this number, as `+5511987654321`. */
export function codeSentTo(portaria: string, phone: string): Promise<string> {
  return newest(portaria, phone, 'code');
}
