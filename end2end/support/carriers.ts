// Stubs for the carriers: a real SMTP server, and HTTP servers that check what Twilio and Meta require (by their references of 2026).

import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { Settings } from './server';
import { until } from './until';

interface Answer {
  status: number;
  body: unknown;
}

/** A carrier with an HTTP API. It refuses wrong requests and records what is wrong with them. */
abstract class Carrier<Message> {
  readonly taken: Message[] = [];
  /** The number of requests, accepted or not. */
  asked = 0;
  readonly wrong: string[] = [];
  private answers: Answer[] = [];
  private server?: Server;

  /** Gives this answer to the next `times` requests, then works again. */
  failsWith(status: number, body: unknown, times = 1): void {
    this.answers = Array.from({ length: times }, () => ({ status, body }));
  }

  recovers(): void {
    this.answers = [];
  }

  async start(): Promise<void> {
    this.server = createServer(async (request, response) => {
      this.asked += 1;
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const answer = this.answers.shift() ?? this.judge(request, body);
      response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer.body));
    }).listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  /** Waits for a message that fits. `patience` is in milliseconds. */
  async message(fits: (message: Message) => boolean, patience = 20_000): Promise<Message> {
    return until('a message at its carrier', patience, async () => this.taken.find(fits));
  }

  protected get origin(): string {
    return `http://127.0.0.1:${(this.server?.address() as AddressInfo).port}`;
  }

  protected judge(request: IncomingMessage, body: string): Answer {
    try {
      return this.take(request, body);
    } catch (error) {
      this.wrong.push(String(error));
      return { status: 400, body: { error: String(error) } };
    }
  }

  protected abstract take(request: IncomingMessage, body: string): Answer;
  abstract settings(): Settings;
}

function mustBe(what: string, found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    throw new Error(`${what} is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
  }
}

export interface Sms {
  to: string;
  body: string;
}

/** The Twilio Messages API. */
export class Twilio extends Carrier<Sms> {
  private readonly sid = `AC${'0123456789abcdef'.repeat(2)}`;
  private readonly from = '+15005550006';

  settings(): Settings {
    return { TWILIO_ACCOUNT_SID: this.sid, TWILIO_AUTH_TOKEN: 'um-segredo', TWILIO_FROM: this.from, TWILIO_BASE_URL: this.origin };
  }

  protected take({ method, url, headers }: IncomingMessage, body: string): Answer {
    mustBe('the request', [method, url], ['POST', `/2010-04-01/Accounts/${this.sid}/Messages.json`]);
    mustBe('the credentials', headers.authorization, `Basic ${Buffer.from(`${this.sid}:um-segredo`).toString('base64')}`);
    mustBe('the type', headers['content-type'], 'application/x-www-form-urlencoded');
    const fields = Object.fromEntries(new URLSearchParams(body));
    mustBe('the fields', Object.keys(fields).sort(), ['Body', 'From', 'To', 'ValidityPeriod']);
    const { To: to = '', From: from, Body: text = '', ValidityPeriod: validity } = fields;
    mustBe('the sender', from, this.from);
    mustBe('the number', /^\+55\d{11}$/.test(to), true);
    // One segment: GSM-7, and no longer than 160.
    mustBe('the text', /^[\x20-\x7e\n]{1,160}$/.test(text), true);
    mustBe('the validity', Number(validity) >= 1 && Number(validity) <= 36_000, true);
    this.taken.push({ to, body: text });
    const sid = `SM${'0123456789abcdef'.repeat(2)}`;
    return {
      status: 201,
      body: {
        account_sid: this.sid,
        api_version: '2010-04-01',
        body: text,
        date_created: new Date().toUTCString(),
        date_sent: null,
        date_updated: new Date().toUTCString(),
        direction: 'outbound-api',
        error_code: null,
        error_message: null,
        from,
        messaging_service_sid: null,
        num_media: '0',
        num_segments: '1',
        price: null,
        price_unit: null,
        sid,
        status: 'queued',
        subresource_uris: {},
        to,
        uri: `/2010-04-01/Accounts/${this.sid}/Messages/${sid}.json`,
      },
    };
  }
}

export interface WhatsApp {
  to: string;
  code: string;
  /** Meta's id of the message, by which it reports. */
  id: string;
}

/** What Meta signs its reports with, if it reports. */
const APP_SECRET = 'um-segredo-da-meta';

/** The Meta Cloud API, for an authentication template. */
export class Meta extends Carrier<WhatsApp> {
  /** “Message undeliverable”: usually the number has no WhatsApp. */
  static readonly UNDELIVERABLE = {
    error: {
      message: '(#131026) Message undeliverable',
      type: 'OAuthException',
      code: 131_026,
      error_data: { messaging_product: 'whatsapp', details: 'Message Undeliverable.' },
      fbtrace_id: 'A1b2C3',
    },
  };

  settings(): Settings {
    return {
      WHATSAPP_TOKEN: 'uma-senha',
      WHATSAPP_PHONE_NUMBER_ID: '106540352242922',
      WHATSAPP_TEMPLATE: 'codigo_portaria',
      WHATSAPP_BASE_URL: `${this.origin}/v23.0`,
    };
  }

  /** The same, with its reports at `/hooks/whatsapp`. */
  reporting(): Settings {
    return { ...this.settings(), WHATSAPP_APP_SECRET: APP_SECRET };
  }

  /** Reports what became of a message, signed. Its sender's id is business-scoped and tells nothing. */
  async reports(server: string, { id }: WhatsApp, status: 'sent' | 'delivered' | 'read' | 'failed'): Promise<void> {
    const value = { messaging_product: 'whatsapp', statuses: [{ id, status, timestamp: '1795000000', recipient_id: 'BR.1234' }] };
    const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field: 'messages', value }] }] });
    const signature = `sha256=${createHmac('sha256', APP_SECRET).update(body).digest('hex')}`;
    const headers = { 'Content-Type': 'application/json', 'X-Hub-Signature-256': signature };
    const answer = await fetch(`${server}/hooks/whatsapp`, { method: 'POST', headers, body });
    mustBe('the answer to a report', answer.status, 200);
  }

  protected take({ method, url, headers }: IncomingMessage, body: string): Answer {
    mustBe('the request', [method, url], ['POST', '/v23.0/106540352242922/messages']);
    mustBe('the credentials', headers.authorization, 'Bearer uma-senha');
    mustBe('the type', headers['content-type'], 'application/json');
    const sent = JSON.parse(body);
    const to = String(sent.to);
    const code = String(sent.template?.components?.[0]?.parameters?.[0]?.text);
    mustBe('the number', /^55\d{11}$/.test(to), true);
    mustBe('the code', /^\d{6}$/.test(code), true);
    const parameters = [{ type: 'text', text: code }];
    const wanted = {
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to,
      type: 'template',
      template: {
        name: 'codigo_portaria',
        language: { code: 'pt_BR' },
        components: [
          { type: 'body', parameters },
          { type: 'button', sub_type: 'url', index: '0', parameters },
        ],
      },
    };
    mustBe('the body', sorted(sent), sorted(wanted));
    const id = `wamid.HBgNNTU${this.taken.length}=`;
    this.taken.push({ to: `+${to}`, code, id });
    return {
      status: 200,
      body: { messaging_product: 'whatsapp', contacts: [{ input: to, wa_id: to }], messages: [{ id }] },
    };
  }
}

/** Sorts the keys of objects, so that their order does not matter in a comparison. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

export class MailServer {
  readonly taken: ParsedMail[] = [];
  private readonly server = new SMTPServer({
    // No encryption on the loopback.
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) => {
      if (username === 'portaria' && password === 'uma senha') done(null, { user: username });
      else done(new Error('who are you?'));
    },
    onData: (stream, _session, done) => {
      simpleParser(stream).then(
        (mail) => {
          this.taken.push(mail);
          done();
        },
        (error: Error) => done(error),
      );
    },
  });

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server.server, 'listening');
  }

  async stop(): Promise<void> {
    await new Promise<void>((done) => this.server.close(done));
  }

  async mail(to: string): Promise<ParsedMail> {
    return until(`an e-mail to ${to}`, 20_000, async () =>
      this.taken.find((mail) => (Array.isArray(mail.to) ? mail.to : [mail.to]).some((it) => it?.text === to)),
    );
  }

  settings(): Settings {
    const { port } = this.server.server.address() as AddressInfo;
    return { SMTP_URL: `smtp://portaria:uma%20senha@127.0.0.1:${port}`, MAIL_FROM: 'Portaria <nao-responda@portaria.example>' };
  }
}

/** Returns a fixture: a carrier that is started before the tests and stopped after them. */
export function carrier<T extends { start(): Promise<void>; stop(): Promise<void> }>(make: () => T) {
  return async ({}: object, use: (carrier: T) => Promise<void>) => {
    const carrier = make();
    await carrier.start();
    await use(carrier);
    await carrier.stop();
  };
}
