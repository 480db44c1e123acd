// Messages on their way out: what the carriers are sent, and what happens when they do not take it.

import { brand } from '../support/brand';
import { carrier, Meta, MailServer, Twilio } from '../support/carriers';
import { email, phone } from '../support/people';
import { Portaria } from '../support/server';
import { enterCode, NAME, register, registerTeacher } from '../support/steps';
import { expect, test as base, type Visit } from '../support/test';

interface Own {
  twilio: Twilio;
  meta: Meta;
  mail: MailServer;
  server: Portaria;
}

const test = base.extend<object, Own>({
  twilio: [carrier(() => new Twilio()), { scope: 'worker' }],
  meta: [carrier(() => new Meta()), { scope: 'worker' }],
  mail: [carrier(() => new MailServer()), { scope: 'worker' }],
  server: [
    async ({ twilio, meta, mail }, use) => {
      const server = await Portaria.start({ ...twilio.settings(), ...meta.settings(), ...mail.settings() });
      await use(server);
      await server.stop();
      expect([...twilio.wrong, ...meta.wrong], 'the carriers were sent what they ask for').toEqual([]);
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: async ({ server }, use) => use(server.url),
});
// They share the carriers, and tell them to fail.
test.describe.configure({ mode: 'default' });

test.afterEach(({ twilio, meta }) => {
  twilio.recovers();
  meta.recovers();
});

async function registerBySms(visit: Visit, typed: string): Promise<void> {
  await visit.open('/register/client');
  await visit.fill({ 'Nome completo': NAME, Celular: typed });
  await visit.field('SMS').check();
  await visit.press('Receber código');
  await visit.sees('Digite o código que enviamos');
}

test('a code by SMS', async ({ visit, twilio }) => {
  const mine = phone();
  await registerBySms(visit, mine.typed);
  const sms = await twilio.message(({ to }) => to === mine.e164);
  const code = new RegExp(`^${brand.sms}: seu codigo para criar sua conta e (\\d{6})\\. Vale por 5 min\\. Nao compartilhe\\.\\n\\n@127\\.0\\.0\\.1 #\\1$`).exec(sms.body)?.[1];
  expect(code, sms.body).toBeDefined();
  await enterCode(visit, code ?? '');
  await visit.sees('Perfil criado com sucesso');
});

test('a code by WhatsApp', async ({ visit, meta }) => {
  const mine = phone();
  await register(visit, { phone: mine });
  const { code } = await meta.message(({ to }) => to === mine.e164);
  await enterCode(visit, code);
  await visit.sees('Perfil criado com sucesso');
});

test('a link by e-mail', async ({ visit, mail }) => {
  const address = email();
  await registerTeacher(visit, address);
  const letter = await mail.mail(address);
  expect(letter.from?.text).toContain('nao-responda@portaria.example');
  expect(letter.subject).toBe('Verifique sua conta');
  expect(letter.headers.get('auto-submitted')).toBe('auto-generated');
  expect(letter.messageId).toMatch(/^<.+@portaria\.example>$/);
  const link = /Clique no link para ativar sua conta: (http:\S+\/verify\?token=\S+)/.exec(letter.text ?? '')?.[1] ?? '';
  expect(letter.html).toContain(`href="${link}"`);
  // whoever typed this address may have typed any name beside it
  expect(letter.text).toContain('Olá!');
  expect(letter.text).not.toContain('Luísa');
  await visit.open(link);
  await visit.reads('E-mail confirmado. Agora você pode entrar.');
});

test('a carrier in trouble is asked again', async ({ visit, twilio }) => {
  const mine = phone();
  const before = twilio.asked;
  twilio.failsWith(500, { message: 'Internal Server Error' }, 2);
  await registerBySms(visit, mine.typed);
  const sms = await twilio.message(({ to }) => to === mine.e164);
  expect(twilio.asked - before).toBe(3);
  await enterCode(visit, /#(\d{6})$/.exec(sms.body)?.[1] ?? '');
  await visit.sees('Perfil criado com sucesso');
});

test('a WhatsApp that cannot be delivered is followed by SMS, and the page says so', async ({ visit, meta, twilio }) => {
  const mine = phone();
  meta.failsWith(400, Meta.UNDELIVERABLE, 1);
  await register(visit, { phone: mine });
  const sms = await twilio.message(({ to }) => to === mine.e164);
  await visit.reads(/(Enviado|A mensagem) por SMS/);
  await visit.reads('Enviado por SMS.');
  await enterCode(visit, /#(\d{6})$/.exec(sms.body)?.[1] ?? '');
  await visit.sees('Perfil criado com sucesso');
});

test('an SMS that cannot be delivered is told to whoever chose it, and WhatsApp is offered at once', async ({ visit, meta, twilio }) => {
  const mine = phone();
  twilio.failsWith(400, { code: 21_610, message: 'Attempt to send to unsubscribed recipient', status: 400 });
  await registerBySms(visit, mine.typed);
  await visit.reads('Não conseguimos entregar a mensagem por SMS. Confira o número ou escolha outro meio.');
  expect(meta.taken.filter(({ to }) => to === mine.e164), 'the person chose SMS: nothing else goes by itself').toEqual([]);
  await visit.press('Receber por WhatsApp');
  await visit.reads(/(Enviado|A mensagem) por WhatsApp/);
  const { code } = await meta.message(({ to }) => to === mine.e164);
  await expect(visit.main).not.toContainText('Não conseguimos entregar');
  await enterCode(visit, code);
  await visit.sees('Perfil criado com sucesso');
});

test('a number that takes no SMS is told, and can be corrected', async ({ visit, twilio }) => {
  const [wrong, right] = [phone(), phone()];
  twilio.failsWith(400, { code: 21_614, message: "'To' number is not a valid mobile number", status: 400 });
  await registerBySms(visit, wrong.typed);
  await visit.reads('Não conseguimos entregar a mensagem por SMS. Confira o número ou escolha outro meio.');
  await visit.follow('Corrigir o número');
  await visit.fill({ Celular: right.typed });
  await visit.press('Salvar e continuar');
  await visit.reads(right.typed);
  const sms = await twilio.message(({ to }) => to === right.e164);
  await enterCode(visit, /#(\d{6})$/.exec(sms.body)?.[1] ?? '');
  await visit.sees('Perfil criado com sucesso');
});

test('the owner of a phone is told when somebody else registers it', async ({ visit, otherDevice, twilio }) => {
  const mine = phone();
  await registerBySms(visit, mine.typed);
  const code = (message: { body: string }) => /#(\d{6})$/.exec(message.body)?.[1];
  await enterCode(visit, code(await twilio.message(({ to }) => to === mine.e164)) ?? '');
  await visit.sees('Perfil criado com sucesso');
  const other = await otherDevice();
  await other.open('/register/client');
  await other.fill({ 'Nome completo': 'Outra Pessoa', Celular: mine.typed });
  await other.press('Receber código');
  await other.isTold('Telefone já cadastrado');
  const told = await twilio.message((message) => message.to === mine.e164 && code(message) === undefined);
  expect(told.body).toMatch(new RegExp(`^${brand.sms}: voce ja tem uma conta`));
});

test('the server dies between registration and delivery, and nothing is lost', async ({ visit, server, twilio }) => {
  test.slow();
  const mine = phone();
  const before = twilio.asked;
  twilio.failsWith(503, { message: 'Service Unavailable' }, 100);
  await registerBySms(visit, mine.typed);
  await expect.poll(() => twilio.asked - before, { timeout: 20_000 }).toBeGreaterThan(0);
  expect(twilio.taken.filter(({ to }) => to === mine.e164)).toEqual([]);

  await server.kill();
  twilio.recovers();
  await server.again();
  // At most until the lease of the try that died has ended.
  const sms = await twilio.message(({ to }) => to === mine.e164, 90_000);
  await visit.reload();
  await visit.sees('Digite o código que enviamos');
  await enterCode(visit, /#(\d{6})$/.exec(sms.body)?.[1] ?? '');
  await visit.sees('Perfil criado com sucesso');
  expect(twilio.taken.filter(({ to }) => to === mine.e164)).toHaveLength(1);
});
