// What would have left by e-mail, SMS or WhatsApp: the development outbox of a server.

import { until } from './until';

export interface Message {
  id: string;
  channel: 'email' | 'sms' | 'whatsapp';
  to: string;
  subject: string | null;
  body: string;
  code: string | null;
  link: string | null;
}

/** Reads each message once. */
export class Outbox {
  private readonly read = new Set<string>();

  constructor(private readonly url: string) {}

  /** All to that address or number, newest first. */
  async to(to: string): Promise<Message[]> {
    const answer = await fetch(`${this.url}/dev/outbox.json`);
    const messages = (await answer.json()) as Message[];
    return messages.filter((message) => message.to === to);
  }

  /** The next unread one that fits. */
  async next(to: string, fits: (message: Message) => boolean = () => true): Promise<Message> {
    const message = await until(`a message to ${to}`, 15_000, async () =>
      (await this.to(to)).reverse().find((message) => !this.read.has(message.id) && fits(message)),
    );
    this.read.add(message.id);
    return message;
  }

  /** The next unread code. */
  async code(to: string): Promise<string> {
    const { code } = await this.next(to, ({ code }) => code !== null);
    return code ?? '';
  }

  /** The next unread link that proves an address. */
  async link(to: string): Promise<string> {
    return this.linkTo('/verify', to);
  }

  /** The next unread link that leads to a new password. */
  async resetLink(to: string): Promise<string> {
    return this.linkTo('/reset-password', to);
  }

  /** The next unread “Não fui eu”. */
  async notMeLink(to: string): Promise<string> {
    return this.linkTo('/not-me', to);
  }

  /** The next unread “Este documento é meu”. */
  async documentMineLink(to: string): Promise<string> {
    return this.linkTo('/document-mine', to);
  }

  private async linkTo(path: string, to: string): Promise<string> {
    const { link } = await this.next(to, ({ link }) => link?.includes(`${path}?token=`) ?? false);
    return link ?? '';
  }
}
