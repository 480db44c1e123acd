// What became of a message, on every page that waits for it: two devices wait, the carrier reports meanwhile, and the code climbs.

import { carrier, Meta, Twilio } from '../support/carriers';
import { email, phone } from '../support/people';
import { Portaria } from '../support/server';
import { askOwnPhone, askToRegister, enterCode, register } from '../support/steps';
import { expect, test as base, type Visit } from '../support/test';

interface Own {
  twilio: Twilio;
  meta: Meta;
  server: Portaria;
}

/** Meta reports; Twilio does not, as no address of ours is https here. */
const test = base.extend<object, Own>({
  twilio: [carrier(() => new Twilio()), { scope: 'worker' }],
  meta: [carrier(() => new Meta()), { scope: 'worker' }],
  server: [
    async ({ twilio, meta }, use) => {
      const server = await Portaria.start({ ...twilio.settings(), ...meta.reporting(), DELIVERY_PATIENCE: '8s' });
      await use(server);
      await server.stop();
      expect([...twilio.wrong, ...meta.wrong], 'the carriers were sent what they ask for').toEqual([]);
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: async ({ server }, use) => use(server.url),
});
test.describe.configure({ mode: 'default' });

const codeIn = (sms: { body: string }) => /#(\d{6})$/.exec(sms.body)?.[1] ?? '';

/** Opens the sign-up of one device on another, by the link that the first one shows. */
async function alsoOn(other: Visit, visit: Visit): Promise<void> {
  await visit.press('Criar link');
  await expect(visit.page.getByRole('img', { name: 'QR code do link para o outro aparelho' })).toBeVisible();
  await other.open((await visit.page.getByRole('code').filter({ hasText: '/continue?token=' }).textContent()) ?? '');
  await other.press('Continuar neste aparelho');
  await other.sees('Digite o código que enviamos');
}

async function bothRead(visits: Visit[], words: string | RegExp): Promise<void> {
  for (const visit of visits) await visit.reads(words);
}

test('two devices see a message fail and its code go by SMS, and the one that waits goes on', async ({ visit, otherDevice, meta, twilio, server }) => {
  const mine = phone();
  await register(visit, { phone: mine });
  const whatsapp = await meta.message(({ to }) => to === mine.e164);
  const other = await otherDevice();
  await alsoOn(other, visit);
  await bothRead([visit, other], 'Enviado por WhatsApp.');
  // Forged by nobody, but out of order and twice: the first final report stands.
  for (const status of ['sent', 'failed', 'failed', 'delivered'] as const) await meta.reports(server.url, whatsapp, status);
  const sms = await twilio.message(({ to }) => to === mine.e164);
  expect(codeIn(sms), 'the same live code').toBe(whatsapp.code);
  await bothRead([visit, other], 'Enviado por SMS.');
  await enterCode(other, whatsapp.code);
  await other.sees('Perfil criado com sucesso');
  await visit.sees('Perfil criado com sucesso');
  await visit.reads('A confirmação foi feita em outro aparelho.');
  expect(twilio.taken.filter(({ to }) => to === mine.e164)).toHaveLength(1);
});

test('a message that arrives is told on both devices, and nothing follows it', async ({ visit, otherDevice, meta, twilio, server }) => {
  const mine = phone();
  await register(visit, { phone: mine });
  const whatsapp = await meta.message(({ to }) => to === mine.e164);
  const other = await otherDevice();
  await alsoOn(other, visit);
  await meta.reports(server.url, whatsapp, 'read');
  await bothRead([visit, other], 'Entregue por WhatsApp.');
  await meta.reports(server.url, whatsapp, 'failed');
  await other.reload();
  await other.reads('Entregue por WhatsApp.');
  expect(twilio.taken.filter(({ to }) => to === mine.e164)).toEqual([]);
});

test('a carrier that accepts and tells nothing is followed, and is believed when it tells after all', async ({ visit, otherDevice, meta, twilio, server }) => {
  const mine = phone();
  await register(visit, { phone: mine });
  const whatsapp = await meta.message(({ to }) => to === mine.e164);
  const other = await otherDevice();
  await alsoOn(other, visit);
  await twilio.message(({ to }) => to === mine.e164);
  await bothRead([visit, other], 'Enviado por SMS.');
  await meta.reports(server.url, whatsapp, 'delivered');
  await bothRead([visit, other], 'Entregue por WhatsApp.');
});

test('a number that is corrected while its code climbs gets no more of it', async ({ visit, otherDevice, meta, twilio, server }) => {
  const [wrong, right] = [phone(), phone()];
  await register(visit, { phone: wrong });
  const old = await meta.message(({ to }) => to === wrong.e164);
  const other = await otherDevice();
  await alsoOn(other, visit);
  await visit.follow('Corrigir o número');
  await visit.fill({ Celular: right.typed });
  await visit.press('Salvar e continuar');
  await visit.reads(right.typed);
  await meta.reports(server.url, old, 'failed');
  const whatsapp = await meta.message(({ to }) => to === right.e164);
  await meta.reports(server.url, whatsapp, 'delivered');
  await visit.reads('Entregue por WhatsApp.');
  expect(twilio.taken.filter(({ to }) => to === wrong.e164), 'the old number is left alone').toEqual([]);
  await enterCode(visit, whatsapp.code);
  await visit.sees('Perfil criado com sucesso');
});

test('a page of one’s own phone says it too, while the code is being typed', async ({ visit, meta, twilio, server }) => {
  const [mine, next] = [phone(), phone()];
  await register(visit, { phone: mine });
  await enterCode(visit, (await meta.message(({ to }) => to === mine.e164)).code);
  await visit.sees('Perfil criado com sucesso');
  await visit.open('/profile/phone');
  await askOwnPhone(visit, next);
  const whatsapp = await meta.message(({ to }) => to === next.e164);
  await visit.reads('Enviado por WhatsApp.');
  await visit.field('Código').fill('12');
  await meta.reports(server.url, whatsapp, 'failed');
  const sms = await twilio.message(({ to }) => to === next.e164);
  await visit.reads('Enviado por SMS.');
  await expect(visit.field('Código'), 'what is typed stays').toHaveValue('12');
  await enterCode(visit, codeIn(sms));
  await visit.sees('Meu Perfil');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('“Ver de novo” tells it on both devices', async ({ visit, otherDevice, meta, server }) => {
    const mine = phone();
    await askToRegister(visit, { phone: mine, email: email() });
    await visit.sees('Digite o código que enviamos');
    const whatsapp = await meta.message(({ to }) => to === mine.e164);
    const other = await otherDevice();
    await alsoOn(other, visit);
    await meta.reports(server.url, whatsapp, 'delivered');
    for (const device of [visit, other]) {
      await device.follow('Ver de novo');
      await device.reads('Entregue por WhatsApp.');
    }
    await enterCode(other, whatsapp.code);
    await other.sees('Perfil criado com sucesso');
    await visit.follow('Ver de novo');
    await visit.sees('Perfil criado com sucesso');
  });
});
