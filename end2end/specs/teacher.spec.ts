// 003, UC-06: a teacher registers, proves the address, signs in and out. By the steps of the document.

import { brand } from '../support/brand';
import { email, PASSWORD } from '../support/people';
import { confirm, fillTeacher, NAME, registerTeacher, signIn, teacherByApi } from '../support/steps';
import { expect, test } from '../support/test';

test('registration, verification, login, dashboard and logout', { tag: '@firefox' }, async ({ visit, outbox, page, context }) => {
  const address = email();
  await test.step('Fluxo Principal - Registro', async () => {
    await visit.open('/');
    await visit.follow(brand.teacher.title);
    await visit.sees(brand.teacher.title);
    await visit.reads('Passo 1 de 3');
    for (const label of ['Nome completo', 'E-mail institucional', 'Senha', 'Confirme a senha', 'Instituição', 'Área de atuação']) {
      await expect(visit.field(label)).toBeVisible();
    }
    await visit.fill({ 'Instituição': 'Universidade Estadual de Maringá', 'Área de atuação': 'Botânica' });
    await fillTeacher(visit, { name: NAME, email: `  ${address.toUpperCase()} `, password: PASSWORD });
    await visit.field('Li e aceito').check();
    await visit.press('Criar conta');
    await visit.sees('Verifique seu email para ativar sua conta');
    await visit.reads('Passo 2 de 3');
    await visit.reads(address);
  });

  await test.step('Fluxo Alternativo - Verificação de E-mail', async () => {
    const mail = await outbox.next(address);
    expect(mail.channel).toBe('email');
    expect(mail.subject).toBe('Verifique sua conta');
    expect(mail.body).toContain(`Clique no link para ativar sua conta: ${mail.link}`);
    await visit.open(mail.link ?? '');
    await visit.sees('Entrar');
    await visit.reads('E-mail confirmado. Agora você pode entrar.');
    expect(new URL(page.url()).pathname).toBe('/login');
    expect(page.url()).not.toContain('token');
  });

  await test.step('Fluxo Principal - Login', async () => {
    await visit.field('Lembrar-me').check();
    await signIn(visit, address, PASSWORD);
    await visit.sees('Olá, Luísa');
    for (const text of [address, 'Universidade Estadual de Maringá', 'Botânica', 'Confirmado']) await visit.reads(text);
    const session = (await context.cookies()).find((cookie) => cookie.httpOnly && cookie.name.includes('session'));
    const days = ((session?.expires ?? 0) - Date.now() / 1000) / 86_400;
    expect(days).toBeGreaterThan(29);
    expect(days).toBeLessThan(31);
  });

  await test.step('Fluxo Alternativo - Logout', async () => {
    await visit.press('Sair');
    await visit.sees('Uma conta segura para os serviços que você usa');
    await visit.reads('Você saiu da sua conta.');
    await visit.open('/dashboard');
    await visit.sees('Entrar');
  });
});

test('without Lembrar-me the session ends with the browser', async ({ visit, outbox, request, context }) => {
  const teacher = await teacherByApi(request, outbox);
  await visit.open('/login');
  await signIn(visit, teacher.email, PASSWORD);
  await visit.sees('Olá, Luísa');
  const session = (await context.cookies()).find((cookie) => cookie.httpOnly && cookie.name.includes('session'));
  expect(session?.expires).toBe(-1);
});

test('EX01: an address in use is told, and sign-in and recovery are offered', async ({ visit, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox);
  await visit.open('/register/teacher');
  await fillTeacher(visit, { ...teacher, name: 'Outra Pessoa', email: teacher.email.toUpperCase() });
  await visit.field('Li e aceito').check();
  await visit.press('Criar conta');
  await visit.isTold('Email já cadastrado');
  await visit.isToldAt('E-mail institucional', 'Email já cadastrado');
  await expect(visit.field('Nome completo')).toHaveValue('Outra Pessoa');
  await expect(visit.main.getByRole('link', { name: 'Criar nova senha' }).first()).toHaveAttribute('href', '/forgot-password');
  await visit.summary.getByRole('link', { name: 'Entrar na minha conta' }).click();
  await visit.sees('Entrar');
});

test('EX02: every error is told at once, and what was right stays', async ({ visit, page }) => {
  await visit.open('/register/teacher');
  await visit.fill({ 'Nome completo': NAME, 'E-mail institucional': 'luisa@', Senha: 'curta', 'Confirme a senha': 'outra' });
  await visit.fill({ 'Área de atuação': 'Botânica' });
  await visit.press('Criar conta');
  await visit.isTold('Informe um e-mail válido', 'As senhas não coincidem', 'Você deve aceitar os termos de serviço');
  await visit.isToldAt('E-mail institucional', /Informe um e-mail válido/);
  await visit.isToldAt('Senha', /A senha deve/);
  await visit.isToldAt('Confirme a senha', 'As senhas não coincidem');
  await visit.isToldAt('Li e aceito', 'Você deve aceitar os termos de serviço');
  await expect(visit.field('Nome completo')).toHaveValue(NAME);
  await expect(visit.field('E-mail institucional')).toHaveValue('luisa@');
  await expect(visit.field('Área de atuação')).toHaveValue('Botânica');
  expect(await page.content()).not.toContain('curta');

  const address = email();
  await fillTeacher(visit, { name: NAME, email: address, password: PASSWORD });
  await visit.field('Li e aceito').check();
  await visit.press('Criar conta');
  await visit.sees('Verifique seu email para ativar sua conta');
});

for (const [what, password, told] of [
  ['lacks a kind of character', 'jacaranda do quintal 7', 'A senha deve conter letras maiúsculas, minúsculas, números e caracteres especiais'],
  ['is easy to guess', 'Password1!', 'Esta senha é fácil de adivinhar'],
] as const) {
  test(`a password that ${what} is refused`, async ({ visit }) => {
    await visit.open('/register/teacher');
    await fillTeacher(visit, { name: NAME, email: email(), password });
    await visit.field('Li e aceito').check();
    await visit.press('Criar conta');
    await visit.isTold(told);
    await visit.isToldAt('Senha', new RegExp(told));
    await expect(visit.field('Li e aceito')).toBeChecked();
  });
}

test('EX03: credentials that are wrong get one generic message', async ({ visit, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox);
  await visit.open('/login');
  await signIn(visit, teacher.email, 'Errada#2026 mesmo');
  await visit.isTold('Dados de acesso incorretos. Confira e tente de novo');
  await expect(visit.field('E-mail, usuário')).toHaveValue(teacher.email);
});

test('EX04: a link that is no good offers another', async ({ visit, outbox, request, guard }) => {
  const teacher = await teacherByApi(request, outbox, false);
  const link = await outbox.link(teacher.email);
  guard.expect(400);
  await visit.open('/verify?token=nenhum');
  await visit.sees('Link inválido');
  await visit.follow('Receber outro link');
  await visit.sees('Receber outro link de confirmação');
  await visit.fill({ 'E-mail': teacher.email });
  await visit.press('Enviar link');
  await visit.reads('Se houver uma confirmação pendente para este e-mail, o link está a caminho.');
  // Too early for another: the same answer, and the first link is still good.
  await visit.open(link);
  await confirm(visit);
});

test('a link opened again is a success again', async ({ visit, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox, false);
  const link = await outbox.link(teacher.email);
  for (let n = 0; n < 2; n++) {
    await visit.open(link);
    await confirm(visit);
  }
});

test('whoever did not ask takes the address out of the sign-up', async ({ visit, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox, false);
  const link = await outbox.link(teacher.email);
  await visit.open(`${link}&not_me=1`);
  await visit.sees('Confirme seu e-mail');
  await visit.reads(brand.teacher.name);
  await visit.press('Não fui eu');
  await visit.reads('Pronto: o endereço foi retirado do cadastro.');
});

test('whoever reads the mailbox may set another password than the one of the sign-up', async ({ visit, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox, false);
  await visit.open(await outbox.link(teacher.email));
  await visit.press('Confirmar e criar outra senha');
  await visit.reads('A senha definida no cadastro não vale mais');
  await visit.fill({ 'Nova Senha': 'Outra#Senha 92', 'Confirme a Nova Senha': 'Outra#Senha 92' });
  await visit.press('Salvar nova senha');
  await signIn(visit, teacher.email, 'Outra#Senha 92');
  await visit.sees('Olá, Luísa');
});

test('a mail scanner that opens the link proves nothing: a button does', async ({ visit, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox, false);
  const link = await outbox.link(teacher.email);
  const scanned = await request.get(link, { headers: { Accept: 'text/html' } });
  expect(scanned.status()).toBe(200);
  expect((await scanned.text()).replaceAll(/<\/?one-word>/g, '')).toContain('Confirme seu e-mail');
  await visit.open('/login');
  await signIn(visit, teacher.email, PASSWORD);
  await visit.isTold('Falta confirmar seu e-mail');
});

test('the page that waits moves on by itself when the link is opened elsewhere', { tag: '@firefox' }, async ({ visit, otherDevice, outbox }) => {
  const address = email();
  await registerTeacher(visit, address);
  const other = await otherDevice();
  await other.open(await outbox.link(address));
  await confirm(other);
  if (!visit.wakes) await visit.open('/register/teacher');
  await visit.sees('E-mail confirmado');
  await visit.reads('Passo 3 de 3');
  await visit.main.getByRole('link', { name: 'Entrar' }).click();
  await signIn(visit, address, PASSWORD);
  await visit.sees('Olá, Luísa');
});

test('correcting the address keeps what was typed, password included, and the link goes there', async ({ visit, outbox }) => {
  const [wrong, right] = [email(), email()];
  await registerTeacher(visit, wrong);
  await visit.follow('Corrigir o endereço');
  await expect(visit.field('Nome completo')).toHaveValue(NAME);
  await expect(visit.field('E-mail institucional')).toHaveValue(wrong);
  await expect(visit.field('Li e aceito')).toBeChecked();
  await expect(visit.field('Senha')).toHaveValue('');
  await visit.fill({ 'E-mail institucional': right });
  await visit.press('Salvar e continuar');
  await visit.sees('Verifique seu email para ativar sua conta');
  await visit.open(await outbox.link(right));
  await visit.reads('E-mail confirmado. Agora você pode entrar.');
  await signIn(visit, right, PASSWORD);
  await visit.sees('Olá, Luísa');
});
