// How pages go on: what outlives a reload and a change of the language, what a refusal offers, what has the focus.

import { brand } from '../support/brand';
import { email, otherThan, PASSWORD, phone } from '../support/people';
import { become, beginRecovery, companyByApi, enterCode, NAME, register, signIn, teacherByApi } from '../support/steps';
import { expect, test } from '../support/test';

test('a reload while the code is read loses no step: sign-in, recovery', async ({ visit, otherDevice, outbox, request }) => {
  const { phone: mine } = await become(visit);
  const other = await otherDevice();
  await other.open('/login?by=code');
  await other.fill({ Celular: mine.typed });
  await other.press('Receber código');
  await other.reads(`Se houver uma conta com ${mine.typed}`);
  await other.open('/login?by=code');
  await other.reads(`Se houver uma conta com ${mine.typed}`);
  await other.field('Código').fill(await outbox.code(mine.e164));
  await other.sendCode();
  await other.sees('Olá, Luísa');

  const company = await companyByApi(request, outbox);
  const third = await otherDevice();
  await beginRecovery(third, company.document);
  await third.open('/recover-password');
  await third.sees('Confirme que é você');
  await third.follow('Usar outro CPF ou CNPJ');
  await expect(third.field('CPF ou CNPJ')).toHaveValue('');
});

test('another language loses nothing that was typed', async ({ visit, page }) => {
  await visit.open('/register/teacher');
  await visit.fill({ 'Nome completo': NAME, 'E-mail institucional': 'luisa@exemplo.com.br' });
  await visit.field('Li e aceito').check();
  await visit.press('English');
  await visit.sees(brand.teacher.titleInEnglish);
  await expect(page.getByLabel(/^Full name/)).toHaveValue(NAME);
  await expect(page.getByLabel(/^Institutional/)).toHaveValue('luisa@exemplo.com.br');
  await expect(page.getByLabel(/^I have read/)).toBeChecked();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await visit.press('Português');
  await expect(visit.field('Nome completo')).toHaveValue(NAME);
});

test('who wanted a page of the account comes there after signing in', async ({ visit, outbox, request, page }) => {
  const teacher = await teacherByApi(request, outbox);
  await visit.open('/profile/password');
  await visit.sees('Entrar');
  await signIn(visit, teacher.email, 'Errada#2026 mesmo');
  await visit.isTold('Dados de acesso incorretos.');
  await visit.summary.getByRole('link', { name: 'Não consigo entrar' }).click();
  await visit.sees('Não consigo entrar');
  await visit.open('/profile/password');
  await signIn(visit, teacher.email, PASSWORD);
  await visit.sees('Alterar senha');
  expect(new URL(page.url()).pathname).toBe('/profile/password');
});

test('the code has the focus, and is described by where it went', async ({ visit, page }) => {
  const mine = phone();
  await register(visit, { phone: mine });
  await expect(visit.field('Código')).toBeFocused();
  await expect(visit.field('Código')).toHaveAccessibleDescription(/Digite o código que enviamos.*Enviamos um código de 6 dígitos/);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('a wrong code is told in one message, with the tries that are left', async ({ visit, outbox, page }) => {
  const mine = phone();
  await register(visit, { phone: mine });
  await enterCode(visit, otherThan(await outbox.code(mine.e164)));
  await visit.isTold('A confirmação do número de telefone falhou. Confira os dígitos ou peça outro código.');
  await visit.reads('Restam 4 tentativas.');
  await expect(visit.field('Código'), 'the next one is typed into an empty field').toHaveValue('');
  await expect(page.getByRole('alert')).toHaveCount(1);
});

test('a typed code is sent at its last digit, unless it is changed', async ({ visit, outbox }) => {
  test.skip(!visit.wakes, 'only a page that lives sends it by itself');
  const mine = phone();
  await register(visit, { phone: mine });
  const code = await outbox.code(mine.e164);
  await visit.reads('Ao completar os 6 dígitos, confirmamos automaticamente.');
  const field = visit.field('Código');
  await field.pressSequentially(otherThan(code));
  await field.press('Backspace');
  await visit.page.waitForTimeout(1_500);
  await expect(visit.summary, 'it was changed in time').toHaveCount(0);
  await field.fill('');
  await field.pressSequentially(code);
  await visit.sees('Perfil criado com sucesso');
});

test('an optional e-mail and password are folded away, and come back with their errors', async ({ visit }) => {
  await visit.open('/register/client');
  await expect(visit.field('E-mail')).toBeHidden();
  await visit.fill({ 'Nome completo': NAME, Celular: phone().typed, 'E-mail': 'luisa@' });
  await visit.press('Receber código');
  await visit.isTold('Informe um e-mail válido');
  await expect(visit.field('E-mail')).toBeVisible();
  await visit.fill({ 'E-mail': email() });
  await visit.press('Receber código');
  await visit.sees('Digite o código que enviamos');
});
