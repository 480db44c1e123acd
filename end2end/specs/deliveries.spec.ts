// What became of a message, on every page that waits for it: two devices wait, the carrier reports meanwhile, and the code climbs.

import { carrier, Meta, Twilio } from '../support/carriers';
import { email, type Phone, phone } from '../support/people';
import { Portaria } from '../support/server';
import { askOwnPhone, askToRegister, enterCode, handsOver, NAME, register } from '../support/steps';
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

test.afterEach(({ twilio, meta }) => {
  twilio.recovers();
  meta.recovers();
});

const codeIn = (sms: { body: string }) => /#(\d{6})$/.exec(sms.body)?.[1] ?? '';

/** Opens the sign-up of one device on another, by the link that the first one shows. */
async function alsoOn(other: Visit, visit: Visit): Promise<void> {
  const link = await handsOver(visit);
  await expect(visit.page.getByRole('img', { name: 'QR code do link para o outro aparelho' })).toBeVisible();
  await other.open(link);
  await other.press('Continuar neste aparelho');
  await other.sees('Digite o código que enviamos');
}

async function bothRead(visits: Visit[], words: string | RegExp): Promise<void> {
  for (const visit of visits) await visit.reads(words);
}

/** Looks until the page says it: by itself, or by its link where no WASM is. */
async function eventuallyReads(visit: Visit, words: string): Promise<void> {
  if (visit.wakes) return visit.reads(words);
  await expect(async () => {
    await visit.follow('Atualizar');
    await expect(visit.main.getByText(words).first()).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 20_000 });
}

const UNSUBSCRIBED = { code: 21_610, message: 'Attempt to send to unsubscribed recipient', status: 400 };

/** The first channel of the form is the system's choice. Whoever asks for SMS, and then for WhatsApp, has chosen WhatsApp. */
async function chooseWhatsApp(visit: Visit, twilio: Twilio, mine: Phone): Promise<void> {
  await visit.open('/register/client');
  await visit.fill({ 'Nome completo': NAME, Celular: mine.typed });
  await visit.field('SMS').check();
  twilio.failsWith(400, UNSUBSCRIBED);
  await visit.press('Receber código');
  await visit.sees('Digite o código que enviamos');
  await eventuallyReads(visit, 'Não entregue por SMS.');
  await visit.press('Receber por WhatsApp');
}

async function fromOneDeviceToTheOther(visit: Visit, other: Visit, { meta, twilio, server }: Own): Promise<void> {
  const mine = phone();
  const texts = () => twilio.taken.filter(({ to }) => to === mine.e164);
  await chooseWhatsApp(visit, twilio, mine);
  const whatsapp = await meta.message(({ to }) => to === mine.e164);
  await alsoOn(other, visit);
  await meta.reports(server.url, whatsapp, 'failed');
  for (const device of [visit, other]) await eventuallyReads(device, 'Não entregue por WhatsApp.');
  await other.reads('Não conseguimos entregar a mensagem por WhatsApp. Confira o número ou escolha outro meio.');
  expect(texts(), 'nothing by itself').toEqual([]);
  await other.press('Receber por SMS');
  const sms = await twilio.message(({ to }) => to === mine.e164);
  expect(codeIn(sms), 'the same live code').toBe(whatsapp.code);
  for (const device of [visit, other]) await eventuallyReads(device, 'Enviado por SMS.');
  await meta.reports(server.url, whatsapp, 'delivered');
  await enterCode(visit, whatsapp.code);
  await visit.sees('Perfil criado com sucesso');
  expect(texts()).toHaveLength(1);
}

for (const [where, options] of [
  ['with JavaScript', {}],
  ['without JavaScript', { javaScriptEnabled: false }],
  ['where no WASM comes', { wasm: 'off' as const }],
] as const) {
  test.describe(where, () => {
    test.use(options);

    test('whoever chose WhatsApp sees that it failed, on both devices, and takes SMS on the other', async ({ visit, otherDevice, meta, twilio, server }) => {
      await fromOneDeviceToTheOther(visit, await otherDevice(), { meta, twilio, server });
    });
  });
}

test('where both channels are down, both devices say so, and the number can be corrected on either', async ({ visit, otherDevice, meta, twilio }) => {
  const [mine, right] = [phone(), phone()];
  meta.failsWith(400, Meta.UNDELIVERABLE);
  twilio.failsWith(400, UNSUBSCRIBED);
  await register(visit, { phone: mine });
  const other = await otherDevice();
  await bothRead([visit], 'Não entregue por SMS.');
  await alsoOn(other, visit);
  for (const device of [visit, other]) {
    await device.reads('Não conseguimos entregar a mensagem por SMS. Confira o número ou escolha outro meio.');
    for (const way of ['Receber por WhatsApp', 'Enviar de novo por SMS']) await expect(device.page.getByRole('button', { name: way })).toBeEnabled();
  }
  await other.follow('Corrigir o número');
  await other.fill({ Celular: right.typed });
  await other.press('Salvar e continuar');
  await other.reads(right.typed);
  const whatsapp = await meta.message(({ to }) => to === right.e164);
  expect([...meta.taken, ...twilio.taken].filter(({ to }) => to === mine.e164)).toEqual([]);
  await enterCode(other, whatsapp.code);
  await other.sees('Perfil criado com sucesso');
});

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

  test('“Atualizar” tells it on both devices', async ({ visit, otherDevice, meta, server }) => {
    const mine = phone();
    await askToRegister(visit, { phone: mine, email: email() });
    await visit.sees('Digite o código que enviamos');
    const whatsapp = await meta.message(({ to }) => to === mine.e164);
    const other = await otherDevice();
    await alsoOn(other, visit);
    await meta.reports(server.url, whatsapp, 'delivered');
    for (const device of [visit, other]) {
      await device.follow('Atualizar');
      await device.reads('Entregue por WhatsApp.');
    }
    await enterCode(other, whatsapp.code);
    await other.sees('Perfil criado com sucesso');
    await visit.main.locator('summary', { hasText: 'Continuar em outro aparelho' }).click();
    await visit.follow('Já confirmei em outro aparelho');
    await visit.sees('Perfil criado com sucesso');
  });
});
