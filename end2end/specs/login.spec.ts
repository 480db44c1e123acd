// Coming in: what is told, and what is not.

import { email, otherThan, PASSWORD, phone } from '../support/people';
import { become, comeIn, signIn, signOut, teacherByApi } from '../support/steps';
import { expect, test } from '../support/test';

const GENERIC = 'Dados de acesso incorretos. Confira e tente de novo';
const LOCKED = /Bloqueamos o acesso após várias tentativas. Tente de novo em 1[45]\sminutos/;

test('an empty form tells both errors', async ({ visit }) => {
  await visit.open('/login');
  await visit.press('Entrar');
  await visit.isTold('Informe seu e-mail, usuário, celular, CPF ou CNPJ', 'Informe a senha');
  await visit.isToldAt('E-mail, usuário', /Informe seu e-mail/);
  await visit.isToldAt('Senha', 'Informe a senha');
});

test('an unknown account and a wrong password are told alike, and the password is cleared', async ({ visit, outbox, request, page }) => {
  const teacher = await teacherByApi(request, outbox);
  for (const identifier of [email(), teacher.email, '529.982.247-25', phone().typed]) {
    await visit.open('/login');
    await signIn(visit, identifier, 'Errada#2026 mesmo');
    await visit.isTold(GENERIC);
    await expect(visit.field('E-mail, usuário')).toHaveValue(identifier);
    await expect(visit.field('Senha')).toHaveValue('');
    expect(page.url()).not.toContain('Errada');
  }
});

test('that the address is not proved yet is told with the right password alone, and a link is offered', async ({ visit, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox, false);
  await visit.open('/login');
  await signIn(visit, teacher.email, 'Errada#2026 mesmo');
  await visit.isTold(GENERIC);
  await visit.open('/login');
  await signIn(visit, teacher.email, PASSWORD);
  await visit.isTold('Falta confirmar seu e-mail');
  await visit.press('Receber outro link');
  await visit.reads('Se houver uma confirmação pendente');
  await visit.sees('Entrar');
});

for (const known of [true, false]) {
  test(`five wrong passwords lock ${known ? 'an account' : 'an identifier that nobody has'}`, async ({ visit, outbox, request }) => {
    const identifier = known ? (await teacherByApi(request, outbox)).email : email();
    for (let n = 0; n < 5; n++) {
      await visit.open('/login');
      await signIn(visit, identifier, 'Errada#2026 mesmo');
      await visit.isTold(GENERIC);
    }
    await visit.open('/login');
    await signIn(visit, identifier, PASSWORD);
    await visit.isTold(LOCKED);
  });
}

test.describe('by a one-time code', () => {
  test('a phone without an account gets the same answer, and no message', async ({ visit, outbox }) => {
    const nobody = phone();
    await visit.open('/login?by=code');
    await visit.fill({ Celular: nobody.typed });
    await visit.press('Receber código');
    await visit.reads(`Se houver uma conta com ${nobody.typed}, o código está a caminho por WhatsApp.`);
    await visit.field('Código').fill('123456');
    await visit.sendCode();
    await visit.isTold('Código incorreto');
    expect(await outbox.to(nobody.e164)).toHaveLength(0);
    expect(visit.page.url()).not.toContain(nobody.typed.slice(-4));
  });

  test('a wrong code is told, and the right one still lets in', async ({ visit, otherDevice, outbox }) => {
    const { phone } = await become(visit);
    const other = await otherDevice();
    await other.open('/login?by=code');
    await other.fill({ Celular: 'onze 98765-4321' });
    await other.press('Receber código');
    await other.isToldAt('Celular', /Número de telefone inválido/);
    await other.fill({ Celular: phone.typed });
    await other.press('Receber código');
    await other.reads(`Se houver uma conta com ${phone.typed}`);
    const code = await outbox.code(phone.e164);
    await other.field('Código').fill(otherThan(code));
    await other.sendCode();
    await other.isTold('Código incorreto');
    await other.field('Código').fill(`${code.slice(0, 3)}-${code.slice(3)}`);
    await other.sendCode();
    await other.sees('Olá, Luísa');
  });

  test('another number can be given', async ({ visit }) => {
    await visit.open('/login?by=code');
    await visit.fill({ Celular: phone().typed });
    await visit.press('Receber código');
    await visit.reads('o código está a caminho');
    await visit.follow('Usar outro número');
    await expect(visit.field('Celular')).toBeVisible();
    await visit.follow('Entrar com senha');
    await expect(visit.field('E-mail, usuário')).toBeVisible();
  });
});

test('whoever signed out comes in again in the same page, and stays', { tag: '@firefox' }, async ({ visit, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox);
  await comeIn(visit, teacher.email);
  for (let n = 0; n < 2; n++) {
    await signOut(visit);
    await visit.main.getByRole('link', { name: 'Entrar' }).click();
    await visit.sees('Entrar');
    await signIn(visit, teacher.email, PASSWORD);
    await visit.sees('Olá, Luísa');
  }
  await visit.follow('Meu Perfil');
  await visit.sees('Meu Perfil');
  await expect(visit.page.getByRole('button', { name: 'Sair', exact: true })).toBeVisible();
});

test('who is in already is told so', async ({ visit }) => {
  await become(visit);
  await visit.open('/login');
  await visit.sees('Você já entrou');
  await visit.main.getByRole('link', { name: 'Ir para o início' }).click();
  await visit.sees('Olá, Luísa');
});
