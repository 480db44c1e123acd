// What ends by itself: codes, links, waits and locks, on a server where they end soon.

import { withSettings } from '../support/own-server';
import { address, otherThan, PASSWORD, phone } from '../support/people';
import { confirm, become, enterCode, register, signIn, teacherByApi } from '../support/steps';
import { expect } from '../support/test';

const LIFETIME = 8;
const test = withSettings(() => ({
  CODE_LIFETIME_PHONE: `${LIFETIME}s`,
  LINK_LIFETIME_EMAIL: `${LIFETIME}s`,
  RESEND_WAIT: '2s',
  LOCKOUT_FAILURES: '2',
  LOCKOUT_DURATION: '3s',
}));
test.describe.configure({ mode: 'default' });

/** Past the end of what was just sent. */
const PATIENCE = { timeout: 1_000 * (LIFETIME + 10) };

test('EX04: a link that has expired is told, and another one is to be had', async ({ visit, outbox, request, guard }) => {
  const teacher = await teacherByApi(request, outbox, false);
  const link = await outbox.link(teacher.email);
  // As a mail scanner looks at it: that proves nothing. Seldom and from elsewhere, because looking is counted.
  const headers = { Accept: 'text/html', 'X-Forwarded-For': address() };
  const looked = async () => (await request.get(link, { headers })).status();
  await expect.poll(looked, { ...PATIENCE, intervals: [1_000] }).toBe(410);
  guard.expect(410);
  await visit.open(link);
  await visit.sees('Link expirado');
  await visit.reads('Este link expirou. Peça outro e use o mais recente');
  // By one press: the link knows whom it was for.
  await visit.press('Receber outro link');
  await visit.sees('Entrar');
  await visit.open(await outbox.link(teacher.email));
  await confirm(visit);
});

test('a code that has expired is told, refused, and followed by another', async ({ visit, outbox }) => {
  const mine = phone();
  await register(visit, { phone: mine });
  const stale = await outbox.code(mine.e164);
  if (visit.wakes) await visit.reads(/O código expira em \d+\ss/);
  await expect(async () => {
    if (!visit.wakes) await visit.open('/register/client');
    // What the server says: the page's own clock may be a moment ahead.
    await expect(visit.main.locator('.alert')).toHaveText('O código expirou. Peça outro abaixo.', { timeout: 500 });
  }).toPass(PATIENCE);
  await enterCode(visit, stale);
  await visit.isTold('Este código expirou. Peça outro.');
  await visit.press('Enviar de novo por WhatsApp');
  await visit.reads('Enviamos o código de novo.');
  const fresh = await outbox.code(mine.e164);
  if (fresh !== stale) {
    await enterCode(visit, fresh);
    await visit.sees('Perfil criado com sucesso');
  }
});

test('after the wait the same live code is sent again', async ({ visit, outbox }) => {
  const mine = phone();
  await register(visit, { phone: mine });
  const code = await outbox.code(mine.e164);
  const again = visit.page.getByRole('button', { name: 'Receber por SMS' });
  if (visit.wakes) {
    await visit.reads('Você já pode pedir de novo.');
    await expect(again).not.toHaveAttribute('aria-disabled');
  } else {
    await expect(async () => {
      await visit.open('/register/client');
      await expect(visit.main).not.toContainText('Você pode pedir de novo em', { timeout: 100 });
    }).toPass(PATIENCE);
  }
  await enterCode(visit, otherThan(code));
  await visit.isTold('falhou');
  if (visit.wakes) await expect(again).not.toHaveAttribute('aria-disabled');
  await again.click();
  await visit.reads('Enviamos o código de novo.');
  // The wrong code and what was said of it are gone.
  await expect(visit.field('Código')).toHaveValue('');
  await expect(visit.summary).toHaveCount(0);
  await visit.reads(/(Enviado|A mensagem) por SMS/);
  const message = await outbox.next(mine.e164);
  expect(message).toMatchObject({ channel: 'sms', code });
  await enterCode(visit, code);
  await visit.sees('Perfil criado com sucesso');
});

test('too early an answer to “send again” says how long to wait', async ({ visit, outbox, page }) => {
  const mine = phone();
  await register(visit, { phone: mine });
  await outbox.code(mine.e164);
  if (visit.wakes) {
    await expect(page.getByRole('button', { name: 'Enviar de novo por WhatsApp' })).toHaveAttribute('aria-disabled', 'true');
    await visit.reads('Você já pode pedir de novo.');
  }
  await visit.press('Enviar de novo por WhatsApp');
  if (visit.wakes) await visit.reads('Enviamos o código de novo.');
  else await visit.reads(/Acabamos de enviar. Você pode pedir de novo em \d+\ssegundo|Enviamos o código de novo./);
});

test('a lock ends, and the count begins anew', async ({ visit, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox);
  await visit.open('/login');
  for (let n = 0; n < 2; n++) {
    await signIn(visit, teacher.email, 'Errada#2026 mesmo');
    await visit.isTold('Dados de acesso incorretos');
  }
  await expect(async () => {
    await visit.open('/login');
    await signIn(visit, teacher.email, PASSWORD);
    await expect(visit.page.getByRole('heading', { level: 1 })).toHaveText('Olá, Luísa', { timeout: 2_000 });
  }).toPass(PATIENCE);
});

test('the waits of another person are not ours', async ({ visit, otherDevice, outbox }) => {
  const mine = phone();
  await register(visit, { phone: mine });
  await enterCode(visit, otherThan(await outbox.code(mine.e164)));
  await become(await otherDevice());
});
