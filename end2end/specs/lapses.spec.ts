// 002 and 003: a recovery code and a reset link that come too late, on a server where they lapse soon; and a code that is asked for
// again, where that is soon allowed.

import { withSettings } from '../support/own-server';
import { NEW_PASSWORD, otherThan, phone } from '../support/people';
import {
  askOwnPhone,
  askResetLink,
  beginRecovery,
  chooseNewPassword,
  codeWent,
  comeIn,
  companyByApi,
  enterCode,
  enterRecoveryCode,
  teacherByApi,
} from '../support/steps';
import { expect } from '../support/test';

const LIFETIME = 2;
const test = withSettings(() => ({
  CODE_LIFETIME_RECOVERY: `${LIFETIME}s`,
  LINK_LIFETIME_RESET: `${LIFETIME}s`,
  RESEND_WAIT: '1s',
}));
test.describe.configure({ mode: 'default' });

/** Until what is read in the outbox by now has lapsed: its clock started when it came there. */
async function lapse(): Promise<void> {
  const read = Date.now();
  await expect.poll(() => Date.now() - read).toBeGreaterThan(1_000 * LIFETIME);
}

test('002, Fluxo Alternativo 2: um código expirado tem a Mensagem 2, e um novo vale', async ({ visit, outbox, request }) => {
  const company = await companyByApi(request, outbox);
  await beginRecovery(visit, company.document);
  const stale = await outbox.code(company.email);
  await lapse();
  if (visit.wakes) await visit.reads('O código expirou. Peça outro abaixo.');
  await enterRecoveryCode(visit, stale);
  await visit.isTold('Código inválido ou expirado! Por favor, solicite um novo código.');
  await visit.press('Pedir um novo código');
  const fresh = await outbox.code(company.email);
  await expect(visit.summary).toHaveCount(0);
  await expect(visit.field('Código de Verificação')).toHaveValue('');
  await enterRecoveryCode(visit, fresh);
  await visit.sees('Crie uma nova senha');
});

test('003, EX04: um link expirado diz que expirou e oferece reenviar o e-mail', async ({ visit, outbox, request, guard }) => {
  const teacher = await teacherByApi(request, outbox);
  await askResetLink(visit, teacher.email);
  const stale = await outbox.resetLink(teacher.email);
  await lapse();
  guard.expect(410);
  await visit.open(stale);
  await visit.sees('Link expirado');
  await visit.reads('Este link expirou. Peça outro e use o mais recente');
  await visit.follow('Receber outro link');
  await visit.sees('Esqueci minha senha');
  await visit.fill({ 'E-mail': teacher.email });
  await visit.press('Enviar link');
  await visit.reads('enviamos um link para redefinir a senha');
  await visit.open(await outbox.resetLink(teacher.email));
  await visit.sees('Crie uma nova senha');
});

test('003, EX04: o link expira com a página aberta, e o formulário o diz', async ({ visit, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox);
  await askResetLink(visit, teacher.email);
  await visit.open(await outbox.resetLink(teacher.email));
  await visit.sees('Crie uma nova senha');
  await lapse();
  await chooseNewPassword(visit, NEW_PASSWORD);
  await visit.reads('Este link expirou. Peça outro e use o mais recente');
  await visit.follow('Receber outro link');
  await visit.sees('Esqueci minha senha');
});

test('Telefone: quem pediu o código por WhatsApp recebe-o de novo por WhatsApp', async ({ visit, outbox, request }) => {
  const mine = phone();
  await comeIn(visit, (await teacherByApi(request, outbox)).email);
  await visit.open('/profile/phone');
  await visit.field('WhatsApp').check();
  await askOwnPhone(visit, mine);
  await codeWent(visit, mine.typed);
  await enterCode(visit, otherThan(await outbox.code(mine.e164)));
  await visit.isTold('A confirmação do número de telefone falhou');
  // Longer than the wait until it may be asked for again.
  await lapse();
  await visit.press('Enviar de novo');
  const codes = async () => (await outbox.to(mine.e164)).filter(({ code }) => code !== null);
  await expect.poll(async () => (await codes()).map(({ channel }) => channel)).toEqual(['whatsapp', 'whatsapp']);
  await enterCode(visit, await outbox.code(mine.e164));
  await visit.reads('Celular confirmado.');
});
