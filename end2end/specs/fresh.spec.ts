// SPEC §13, fresh authentication: asked in place, by password or by code, and on one goes where one was. On a server where a sign-in
// soon no longer counts.

import { withSettings } from '../support/own-server';
import { cpf, email, maskedCpf, otherThan, PASSWORD, phone } from '../support/people';
import {
  asksWhoItIs,
  askOwnPhone,
  become,
  clientByApi,
  codeWent,
  comeIn,
  enterCode,
  fillProfile,
  profile,
  rideTo,
  showsWhoItIs,
  teacherByApi,
  untilStale,
} from '../support/steps';
import { expect, type Visit } from '../support/test';

const test = withSettings(() => ({ FRESH_AUTHENTICATION: '1s' }));
test.describe.configure({ mode: 'default' });

/** Longer than a sign-in counts here. */
const STALE = 1_200;

/** Enters a code after the sign-in has stopped counting, and again beside the password. */
async function confirmLate(visit: Visit, code: string): Promise<void> {
  await visit.page.waitForTimeout(STALE);
  await enterCode(visit, code);
  await asksWhoItIs(visit);
  await visit.fill({ 'Senha atual': PASSWORD });
  await enterCode(visit, code);
  await visit.sees('Meu Perfil');
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
    await showsWhoItIs(visit, 'Salvar CPF', password);
    if (password !== PASSWORD) await visit.isToldAt('Senha atual', 'A senha atual está incorreta');
  }
  await visit.sees('Meu Perfil');
  await visit.reads('CPF salvo.');
  await visit.reads(maskedCpf(mine));
});

test('without a password a code to the phone does the same, and is told of as any other', async ({ visit, outbox }) => {
  const mine = cpf();
  const client = await become(visit, { phone: phone() });
  await untilStale(visit);
  await visit.open('/profile/document');
  await visit.fill({ CPF: mine });
  await visit.press('Salvar CPF');
  await asksWhoItIs(visit);
  await codeWent(visit, client.phone.masked);
  await visit.reads('O código expira em');
  const code = await outbox.code(client.phone.e164);
  await expect(visit.main.getByRole('button', { name: /^Enviar de novo por/ })).toBeVisible();
  for (const entered of [otherThan(code), code]) {
    await expect(visit.field('CPF')).toHaveValue(mine);
    await visit.fill({ 'Código de confirmação': entered });
    await visit.press('Salvar CPF');
    if (entered === code) break;
    await visit.isToldAt('Código de confirmação', 'Código incorreto');
    await codeWent(visit, client.phone.masked);
    await visit.reads('O código expira em');
    await visit.reads('Restam 4 tentativas.');
  }
  await visit.sees('Meu Perfil');
  await visit.reads(maskedCpf(mine));
});

test('a phone: its code is asked for, and confirmed, by whoever shows who they are', async ({ visit, outbox, request }) => {
  const mine = phone();
  await comeIn(visit, (await teacherByApi(request, outbox)).email);
  await untilStale(visit);
  await visit.open('/profile/phone');
  await askOwnPhone(visit, mine);
  await asksWhoItIs(visit);
  await expect(visit.field('Celular')).toHaveValue(mine.typed);
  await showsWhoItIs(visit, 'Receber código');
  await codeWent(visit, mine.typed);
  await confirmLate(visit, await outbox.code(mine.e164));
  await visit.reads(mine.masked);
});

test('an e-mail likewise', async ({ visit, outbox, request }) => {
  const mine = email();
  await comeIn(visit, (await clientByApi(request, outbox)).email);
  await untilStale(visit);
  await visit.open('/profile/email');
  await visit.fill({ 'E-mail': mine });
  await visit.press('Enviar código');
  await asksWhoItIs(visit);
  await expect(visit.field('E-mail')).toHaveValue(mine);
  await showsWhoItIs(visit, 'Enviar código');
  await confirmLate(visit, await outbox.code(mine));
  await visit.reads('E-mail confirmado.');
});

test('a first password: whoever sets it is asked who they are before they type it', async ({ visit, outbox }) => {
  const client = await become(visit, { phone: phone() });
  await untilStale(visit);
  await visit.open('/profile/password');
  await expect(visit.field('Nova senha')).toHaveCount(0);
  await visit.press('Receber código');
  await asksWhoItIs(visit);
  await codeWent(visit, client.phone.masked);
  await visit.fill({ 'Código de confirmação': await outbox.code(client.phone.e164) });
  await visit.press('Confirmar');
  await visit.reads('Confirmamos que é você.');
  await expect(visit.field('Nova senha')).toBeVisible();
});

test('the copy of one’s data: the same page has its button then', async ({ visit, outbox, request, page }) => {
  const teacher = await teacherByApi(request, outbox);
  await comeIn(visit, teacher.email);
  await untilStale(visit);
  await visit.press('Baixar meus dados');
  await showsWhoItIs(visit, 'Baixar meus dados');
  await visit.reads('Confirmamos que é você. Agora é só baixar o arquivo.');
  expect(new URL(page.url()).pathname).toBe('/profile/data');
  // Whoever is slower than a sign-in counts here is asked again, on the same page.
  await page.waitForTimeout(STALE);
  await visit.press('Baixar meus dados');
  await visit.sees('Meus dados');
  await expect(visit.main.locator('section[aria-labelledby=copy] form[method=post]')).toBeVisible();
});

test('the deletion: whoever only found the browser open deletes nothing', async ({ visit, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox);
  await comeIn(visit, teacher.email);
  await untilStale(visit);
  await visit.press('Excluir conta');
  await showsWhoItIs(visit, 'Excluir conta', 'Errada#2026 mesmo');
  await visit.isToldAt('Senha atual', 'A senha atual está incorreta');
  await visit.open('/dashboard');
  await visit.sees(/^Olá, /);
  await visit.open('/profile/data');
  await visit.press('Excluir conta');
  await showsWhoItIs(visit, 'Excluir conta');
  await visit.reads('Sua conta será excluída em 14 dias.');
});

test('the rider’s third step: what was filled in stays', async ({ visit }) => {
  const me = await rideTo(visit);
  const mine = profile();
  await visit.page.waitForTimeout(STALE);
  await fillProfile(visit, mine);
  await visit.press('Concluir cadastro');
  await asksWhoItIs(visit);
  await expect(visit.field('CPF')).toHaveValue(mine.cpf);
  await showsWhoItIs(visit, 'Concluir cadastro', me.password);
  await visit.sees('Olá, Rian');
});
