// What a product is told: received and verified with the reference library of Standard Webhooks, listed and replayed by the operator.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { Webhook } from 'standardwebhooks';
import { Outbox } from '../support/outbox';
import { phone } from '../support/people';
import { Portaria } from '../support/server';
import { until } from '../support/until';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

interface Told {
  id: string;
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
}

/** Takes what the library verifies, and answers 401 to everything else. */
async function receiver(secret: string) {
  const taken: Told[] = [];
  const webhook = new Webhook(secret);
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    try {
      const told = webhook.verify(body, request.headers as Record<string, string>) as Omit<Told, 'id'>;
      taken.push({ id: String(request.headers['webhook-id']), ...told });
      response.writeHead(204).end();
    } catch {
      response.writeHead(401).end();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
  return { taken, url, close: () => server.closeAllConnections() };
}

const post = (url: string, body: object) =>
  fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

test('the reference library verifies what is sent, and an operator lists it and sends it again', async () => {
  const [right, wrong] = [await receiver(SECRET), await receiver(`whsec_${Buffer.alloc(24, 7).toString('base64')}`)];
  const entry = (url: string) =>
    `[[webhooks]]\nurl = "${url}"\nsecret = "${SECRET}"\nevents = ["account.created", "account.proved", "account.completed"]\n`;
  const server = await Portaria.start({}, entry(right.url) + entry(wrong.url));
  try {
    const mine = phone();
    expect((await post(`${server.url}/api/auth/register/client`, { fullName: 'Ana Souza', phone: mine.typed })).status).toBe(202);
    const code = await new Outbox(server.url).code(mine.e164);
    expect((await post(`${server.url}/api/auth/phone/verify`, { phone: mine.typed, code })).status).toBe(201);
    await until('three events', 15_000, async () => right.taken.length === 3);
    expect(right.taken.map(({ type }) => type)).toEqual(['account.created', 'account.proved', 'account.completed']);
    for (const { data, timestamp } of right.taken) {
      expect(data).toEqual({ id: expect.any(Number), kind: 'cliente' });
      expect(Math.abs(Date.parse(timestamp) - Date.now())).toBeLessThan(60_000);
    }

    const host = new URL(right.url).host;
    const row = (id: string, rows: string) => rows.split('\n').find((line) => line.startsWith(id)) ?? '';
    const listed = await server.command('webhooks', 'list');
    for (const { id, type } of right.taken) expect(row(id, listed)).toMatch(new RegExp(`${type} +delivered +1 .*${host}$`));
    const refused = await server.command('webhooks', 'list', '--queued', '--event', 'account.created');
    expect(refused.trim().split('\n')).toHaveLength(2);
    expect(refused).toMatch(new RegExp(`account\\.created +queued +1 +http-401 +${new URL(wrong.url).host}`));
    expect(wrong.taken).toEqual([]);

    const again = right.taken[1]!;
    expect(await server.command('webhooks', 'replay', again.id)).toContain(host);
    await until('it comes again', 15_000, async () => right.taken.length === 4);
    expect(right.taken[3]).toEqual(again);
    await expect(server.command('webhooks', 'replay', '00000000-0000-0000-0000-000000000000')).rejects.toThrow('there is no event with the id');
  } finally {
    await server.stop();
    right.close();
    wrong.close();
  }
});
