// SPEC §13, fresh authentication: asked in place, by password or by code, and on one goes where one was. On a server where a sign-in
// soon no longer counts.

import { withSettings } from '../support/own-server';
import { cpf, maskedCpf, otherThan, PASSWORD, phone } from '../support/people';
import { become, comeIn, teacherByApi } from '../support/steps';
import { expect, type Visit } from '../support/test';

const test = withSettings(() => ({ FRESH_AUTHENTICATION: '1s' }));
test.describe.configure({ mode: 'default' });

/** Waits until the sign-in counts no more: the button of the copy is then one that asks first. */
async function untilStale(visit: Visit): Promise<void> {
  await expect(async () => {
    await visit.open('/profile/data');
    await expect(visit.main.locator('section[aria-labelledby=copy] form[method=post]')).toBeVisible({ timeout: 100 });
  }).toPass();
}

test('the password is asked for beside what was filled in, and a wrong one loses nothing', async ({ visit, outbox, request }) => {
  const mine = cpf();
  await comeIn(visit, (await teacherByApi(request, outbox)).email);
  await untilStale(visit);
  await visit.open('/profile/document');
  await visit.fill({ CPF: mine });
  await visit.press('Salvar CPF');
  await visit.reads('Faz algum tempo que você entrou. Digite sua senha e continue');
  for (const password of ['Errada#2026 mesmo', PASSWORD]) {
    await expect(visit.field('CPF')).toHaveValue(mine);
    await visit.fill({ 'Senha atual': password });
    await visit.press('Salvar CPF');
    if (password !== PASSWORD) await visit.isTold('Dados de acesso incorretos');
  }
  await visit.sees('Meu Perfil');
  await visit.reads('CPF salvo.');
  await visit.reads(maskedCpf(mine));
});

test('without a password a code to the phone does the same', async ({ visit, outbox }) => {
  const mine = cpf();
  const client = await become(visit, { phone: phone() });
  await untilStale(visit);
  await visit.open('/profile/document');
  await visit.fill({ CPF: mine });
  await visit.press('Salvar CPF');
  await visit.reads(`Enviamos um código para ${client.phone.masked}`);
  const code = await outbox.code(client.phone.e164);
  for (const entered of [otherThan(code), code]) {
    await expect(visit.field('CPF')).toHaveValue(mine);
    await visit.fill({ 'Código de confirmação': entered });
    await visit.press('Salvar CPF');
    if (entered !== code) await visit.isTold('Dados de acesso incorretos');
  }
  await visit.sees('Meu Perfil');
  await visit.reads(maskedCpf(mine));
});
