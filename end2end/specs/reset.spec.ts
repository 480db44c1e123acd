// 003, UC-06, Recuperação de Senha: a new password by a link. By the steps of the document.

import { titled } from '../support/brand';
import { email, NEW_PASSWORD, PASSWORD } from '../support/people';
import { askResetLink, chooseNewPassword, signIn, teacherByApi } from '../support/steps';
import { expect, test } from '../support/test';

const SENT = 'Se houver uma conta com este e-mail, enviamos um link para redefinir a senha.';
const CHANGED = 'Senha alterada com sucesso!';
const NEW = 'Crie uma nova senha';

test('Fluxo Alternativo - Recuperação de Senha', async ({ visit, outbox, request, page }) => {
  const teacher = await teacherByApi(request, outbox);

  await test.step('1. Na tela de login, “Esqueci minha senha”', async () => {
    await visit.open('/login');
    await visit.follow('Esqueci minha senha');
  });

  await test.step('2. O sistema exibe formulário solicitando e-mail', async () => {
    await visit.sees('Esqueci minha senha');
    expect(new URL(page.url()).pathname).toBe('/forgot-password');
    await expect(visit.field('E-mail')).toHaveAttribute('autocomplete', 'email');
  });

  await test.step('3. O usuário informa o e-mail e submete', async () => {
    await visit.fill({ 'E-mail': ` ${teacher.email.toUpperCase()} ` });
    await visit.press('Enviar link');
    await visit.sees('Confira seu e-mail');
    await visit.reads(SENT);
    await expect(visit.field('E-mail'), 'it is not asked for again').toHaveCount(0);
    expect(page.url(), 'what was typed is not in the address').not.toContain('pessoa');
  });

  let link = '';
  await test.step('4 a 6. Registrado, o sistema envia e-mail com link para redefinição de senha', async () => {
    const mail = await outbox.next(teacher.email, ({ link }) => link?.includes('/reset-password?token=') ?? false);
    expect(mail).toMatchObject({ channel: 'email', subject: 'Redefina sua senha' });
    expect(mail.body).toContain(`Clique no link para criar uma nova senha: ${mail.link}`);
    link = mail.link ?? '';
  });

  await test.step('7 e 8. O usuário acessa o link recebido, o que não o gasta', async () => {
    for (let n = 0; n < 2; n++) {
      await visit.open(link);
      await visit.sees(NEW);
    }
  });

  await test.step('9. O sistema exibe formulário para nova senha', async () => {
    for (const label of ['Nova Senha', 'Confirme a Nova Senha']) {
      await expect(visit.field(label)).toHaveAttribute('autocomplete', 'new-password');
    }
    for (const rule of ['pelo menos 8 caracteres', 'uma letra minúscula', 'uma letra maiúscula', 'um número', 'um caractere especial']) {
      await visit.reads(rule);
    }
  });

  await test.step('10 e 11. O usuário preenche e submete; o sistema atualiza a senha', async () => {
    await chooseNewPassword(visit, NEW_PASSWORD);
  });

  await test.step('12. O sistema redireciona para página de login com mensagem de sucesso', async () => {
    await visit.sees('Entrar');
    await visit.reads(CHANGED);
    expect(new URL(page.url()).pathname).toBe('/login');
    expect(page.url()).not.toContain('token');
    await signIn(visit, teacher.email, PASSWORD);
    await visit.isTold('Dados de acesso incorretos');
    await signIn(visit, teacher.email, NEW_PASSWORD);
    await visit.sees('Olá, Luísa');
  });
});

test('4. A resposta é a mesma para um e-mail não registrado ou não confirmado, e nada é enviado', async ({ visit, outbox, request }) => {
  const unproved = await teacherByApi(request, outbox, false);
  const known = await teacherByApi(request, outbox);
  const said: string[] = [];
  for (const address of [email(), unproved.email, known.email]) {
    await askResetLink(visit, address);
    await visit.reads(SENT);
    said.push(await visit.main.innerText());
  }
  expect(new Set(said).size, 'the pages do not tell them apart').toBe(1);
  await outbox.resetLink(known.email);
  expect((await outbox.to(unproved.email)).filter(({ link }) => link?.includes('/reset-password'))).toEqual([]);
});

test('3. O que não é e-mail é dito no campo, e fica para ser corrigido', async ({ visit, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox);
  await askResetLink(visit, '');
  await visit.isTold('Informe o e-mail');
  await visit.isToldAt('E-mail', 'Informe o e-mail');
  await askResetLink(visit, 'luisa@');
  await visit.isTold('Informe um e-mail válido');
  await visit.isToldAt('E-mail', /Informe um e-mail válido/);
  await expect(visit.field('E-mail')).toHaveValue('luisa@');
  await visit.fill({ 'E-mail': teacher.email });
  await visit.press('Enviar link');
  await visit.reads(SENT);
  await expect(visit.page).toHaveTitle(titled('Confira seu e-mail'));
});

test('6. Pedir de novo cedo demais tem a mesma resposta, e o primeiro link ainda vale', async ({ visit, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox);
  for (let n = 0; n < 2; n++) {
    await askResetLink(visit, teacher.email);
    await visit.reads(SENT);
  }
  await visit.open(await outbox.resetLink(teacher.email));
  await chooseNewPassword(visit, NEW_PASSWORD);
  await visit.reads(CHANGED);
  expect((await outbox.to(teacher.email)).filter(({ subject }) => subject === 'Redefina sua senha')).toHaveLength(1);
});

test('7. O endereço do link não viaja a lugar nenhum', async ({ visit, outbox, request, page }) => {
  const teacher = await teacherByApi(request, outbox);
  await askResetLink(visit, teacher.email);
  const link = await outbox.resetLink(teacher.email);
  const opened = await request.get(link, { headers: { Accept: 'text/html' } });
  expect(opened.status()).toBe(200);
  expect(opened.headers()['referrer-policy']).toBe('no-referrer');
  const referers: (string | undefined)[] = [];
  page.on('request', async (it) => referers.push((await it.allHeaders()).referer));
  await visit.open(link);
  await visit.follow('Receber outro link');
  await visit.sees('Esqueci minha senha');
  expect(referers.filter((referer) => referer?.includes('token'))).toEqual([]);
});

test('10. Senhas recusadas: o motivo está no campo, e o link continua valendo', async ({ visit, outbox, request, page }) => {
  const teacher = await teacherByApi(request, outbox);
  await askResetLink(visit, teacher.email);
  await visit.open(await outbox.resetLink(teacher.email));
  const classes = 'A senha deve conter letras maiúsculas, minúsculas, números e caracteres especiais';
  // Neighbours differ in what is told, so that each answer is seen to come.
  for (const [field, why, password, confirmation] of [
    ['Confirme a Nova Senha', 'As senhas não coincidem', NEW_PASSWORD, PASSWORD],
    ['Nova Senha', classes, NEW_PASSWORD.toUpperCase(), NEW_PASSWORD.toUpperCase()],
    ['Confirme a Nova Senha', 'Digite a senha de novo', NEW_PASSWORD, ''],
    ['Nova Senha', classes, 'pitangueira#8', 'pitangueira#8'],
    ['Nova Senha', 'A senha deve ter pelo menos 8 caracteres', 'Caju#77', 'Caju#77'],
    ['Nova Senha', classes, 'Pitangueira8', 'Pitangueira8'],
    ['Nova Senha', 'Esta senha é fácil de adivinhar', 'Password1!', 'Password1!'],
  ] as const) {
    await chooseNewPassword(visit, password, confirmation);
    await visit.isTold(why);
    await visit.isToldAt(field, new RegExp(why));
    expect(await page.content()).not.toContain(password);
  }
  await chooseNewPassword(visit, 'curta', 'outra');
  await visit.isToldAt('Nova Senha', /pelo menos 8 caracteres/);
  await visit.isToldAt('Confirme a Nova Senha', 'As senhas não coincidem');
  await chooseNewPassword(visit, NEW_PASSWORD);
  await visit.reads(CHANGED);
});

test('11. O dono é avisado, as sessões em outros aparelhos terminam, e o bloqueio do login também', async ({ visit, otherDevice, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox);
  const other = await otherDevice();
  await other.open('/login');
  await signIn(other, teacher.email, PASSWORD);
  await other.sees('Olá, Luísa');
  for (let n = 0; n < 5; n++) {
    await visit.open('/login');
    await signIn(visit, teacher.email, 'Errada#2026 mesmo');
    await visit.isTold('Dados de acesso incorretos');
  }
  await askResetLink(visit, teacher.email);
  await visit.open(await outbox.resetLink(teacher.email));
  await visit.reads('Ao salvar, você sai de todos os aparelhos.');
  await chooseNewPassword(visit, NEW_PASSWORD);
  await visit.reads(CHANGED);

  const told = await outbox.next(teacher.email, ({ subject }) => subject === 'Sua senha foi alterada');
  expect(told.body).toContain('Se não foi você, encerre todas as sessões e crie outra senha:');
  await other.open('/dashboard');
  await other.sees('Entrar');
  await signIn(visit, teacher.email, NEW_PASSWORD);
  await visit.sees('Olá, Luísa');
});

test('EX04: um link já usado ou copiado pela metade não abre, e outro é oferecido', async ({ visit, outbox, request, guard }) => {
  const teacher = await teacherByApi(request, outbox);
  await askResetLink(visit, teacher.email);
  const link = await outbox.resetLink(teacher.email);
  await visit.open(link);
  await chooseNewPassword(visit, NEW_PASSWORD);
  await visit.reads(CHANGED);
  guard.expect(400);
  for (const bad of [link, link.slice(0, -3), '/reset-password?token=nenhum', '/reset-password']) {
    await visit.open(bad);
    await visit.sees('Link inválido');
    await visit.reads('Este link não é válido, já foi usado ou foi substituído por um mais recente');
    await visit.follow('Receber outro link');
    await visit.sees('Esqueci minha senha');
    await expect(visit.field('E-mail')).toBeVisible();
  }
});

test('EX04: um link que deixa de valer com a página aberta é recusado, e outro é oferecido', async ({ visit, otherDevice, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox);
  await askResetLink(visit, teacher.email);
  const link = await outbox.resetLink(teacher.email);
  const other = await otherDevice();
  for (const it of [visit, other]) await it.open(link);
  await chooseNewPassword(visit, NEW_PASSWORD);
  await visit.reads(CHANGED);
  await chooseNewPassword(other, 'Outra#9 do quintal');
  await other.reads('Este link não é válido, já foi usado ou foi substituído por um mais recente.');
  await other.follow('Receber outro link');
  await other.sees('Esqueci minha senha');
  await signIn(visit, teacher.email, NEW_PASSWORD);
  await visit.sees('Olá, Luísa');
});
