// The development outbox of a server: the messages that would have been sent by e-mail, SMS or WhatsApp.

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

/** Returns each message only once. */
export class Outbox {
  private readonly read = new Set<string>();

  constructor(private readonly url: string) {}

  /** Returns all messages to this address or number, newest first. */
  async to(to: string): Promise<Message[]> {
    const answer = await fetch(`${this.url}/dev/outbox.json`);
    const messages = (await answer.json()) as Message[];
    return messages.filter((message) => message.to === to);
  }

  /** Waits for the next unread message that fits. */
  async next(to: string, fits: (message: Message) => boolean = () => true): Promise<Message> {
    const message = await until(`a message to ${to}`, 15_000, async () =>
      (await this.to(to)).reverse().find((message) => !this.read.has(message.id) && fits(message)),
    );
    this.read.add(message.id);
    return message;
  }

  async code(to: string): Promise<string> {
    const { code } = await this.next(to, ({ code }) => code !== null);
    return code ?? '';
  }

  async link(to: string): Promise<string> {
    return this.linkTo('/verify', to);
  }

  async resetLink(to: string): Promise<string> {
    return this.linkTo('/reset-password', to);
  }

  /** The “não fui eu” of a change. */
  async notMeLink(to: string): Promise<string> {
    return this.linkTo('/not-me', to, (message) => !tellsOfAccess(message));
  }

  /** The “não fui eu” of a sign-in from a new device. */
  async notMyAccessLink(to: string): Promise<string> {
    return this.linkTo('/not-me', to, tellsOfAccess);
  }

  async documentMineLink(to: string): Promise<string> {
    return this.linkTo('/document-mine', to);
  }

  async undoDeletionLink(to: string): Promise<string> {
    return this.linkTo('/undo-deletion', to);
  }

  private async linkTo(path: string, to: string, fits: (message: Message) => boolean = () => true): Promise<string> {
    const { link } = await this.next(to, (message) => (message.link?.includes(`${path}?token=`) ?? false) && fits(message));
    return link ?? '';
  }
}

function tellsOfAccess({ subject, body }: Message): boolean {
  return subject === 'Novo acesso à sua conta' || body.includes('novo acesso a sua conta');
}
