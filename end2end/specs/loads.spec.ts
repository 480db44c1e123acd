// Whole journeys in one document: with WASM nothing is loaded but the first page.

import { brand } from '../support/brand';
import { test as base } from '../support/test';
import { cnpj, email, NEW_PASSWORD, PASSWORD, phone } from '../support/people';
import { picture } from '../support/pictures';
import { askOwnPhone, changePassword, chooseNewPassword, clientByApi, codeWent, confirm, discard, enterCode, enterRecoveryCode, fillProfile, fillTeacher, handsOver, NAME, profile, rider, signIn, signOut, teacherByApi } from '../support/steps';
import { expect } from '../support/test';

/** Counts the documents that are loaded, and expects one. */
const test = base.extend<{ loads: void }>({
  loads: [
    async ({ page }, use) => {
      const loads: string[] = [];
      page.on('request', (request) => {
        if (request.isNavigationRequest()) loads.push(`${request.method()} ${new URL(request.url()).pathname}`);
      });
      await use();
      expect(loads).toHaveLength(1);
    },
    { auto: true },
  ],
});

test('a client, from the home page to the dashboard, out and in again by a code', { tag: '@firefox' }, async ({ visit, outbox }) => {
  const mine = phone();
  await visit.open('/');
  await visit.follow('Criar conta');
  await visit.sees('Que tipo de conta você quer criar?');
  await visit.follow(brand.client.name);
  await visit.sees(brand.client.title);
  await visit.press('Receber código');
  await visit.isTold('Informe o nome');
  await visit.fill({ 'Nome completo': NAME, Celular: mine.typed });
  await visit.press('Receber código');
  await visit.sees('Digite o código que enviamos');
  await visit.follow('Corrigir o número');
  await visit.sees(brand.client.title);
  await visit.press('Salvar e continuar');
  await visit.sees('Digite o código que enviamos');
  await enterCode(visit, await outbox.code(mine.e164));
  await visit.sees('Perfil criado com sucesso');
  await visit.follow('Ir para o início');
  await visit.sees('Olá, Luísa');
  await visit.press('English');
  await visit.sees('Hello, Luísa');
  await visit.press('Português');
  await visit.sees('Olá, Luísa');
  await visit.press('Sair');
  await visit.sees('Uma conta segura para os serviços que você usa');
  await visit.follow('Entrar');
  await visit.follow('Entrar com código no celular');
  await visit.fill({ Celular: mine.typed });
  await visit.press('Receber código');
  await visit.reads('o código está a caminho');
  await visit.field('Código').fill(await outbox.code(mine.e164));
  await visit.sendCode();
  await visit.sees('Olá, Luísa');
});

test('a teacher, who opens the link on the phone', async ({ visit, otherDevice, outbox }) => {
  const address = email();
  await visit.open('/');
  await visit.follow(brand.teacher.title);
  await visit.sees(brand.teacher.title);
  await fillTeacher(visit, { name: NAME, email: address, password: PASSWORD });
  await visit.field('Li e aceito').check();
  await visit.press('Criar conta');
  await visit.sees('Verifique seu email para ativar sua conta');
  await handsOver(visit);
  const other = await otherDevice();
  await other.open(await outbox.link(address));
  await confirm(other);
  await visit.sees('E-mail confirmado');
  await visit.main.getByRole('link', { name: 'Entrar' }).click();
  await signIn(visit, address, PASSWORD);
  await visit.sees('Olá, Luísa');
});

test('a company, up to its CNPJ that is wrong and then right', async ({ visit }) => {
  const number = cnpj('numeric');
  await visit.open('/register');
  await visit.follow(brand.company.name);
  await visit.sees(brand.company.title);
  await visit.fill({ 'Nome da empresa': 'Café do Porto Ltda.', CNPJ: `${number.slice(0, -1)}X`, 'E-mail da empresa': email() });
  await visit.fill({ Senha: PASSWORD, 'Confirme a senha': PASSWORD });
  await visit.field('Li e aceito').check();
  await visit.press('Criar conta');
  await visit.isTold('CNPJ inválido');
  // What was typed stays, the password too.
  await expect(visit.field('Senha')).toHaveValue(PASSWORD);
  await visit.fill({ CNPJ: number });
  await visit.press('Criar conta');
  await visit.sees('Verifique seu email para ativar sua conta');
  await discard(visit);
  await visit.sees('Que tipo de conta você quer criar?');
});

test('a rider, with a photo and an error on the way', async ({ visit, outbox, page }) => {
  const me = rider();
  await visit.open('/register');
  await visit.follow(brand.rider.name);
  await visit.sees(brand.rider.title);
  await visit.fill({ 'Nome completo': me.name, 'Nome de usuário': me.username, 'E-mail': me.email, Senha: me.password });
  await visit.press('Receber código');
  await visit.sees('Digite o código que enviamos');
  await enterCode(visit, await outbox.code(me.email));
  await visit.sees('Complete seu perfil');
  await fillProfile(visit, { ...profile(), cpf: '529.982.247-26' });
  await visit.field('Foto').setInputFiles(picture());
  await visit.press('Concluir cadastro');
  await visit.isTold('CPF inválido');
  // The file is still chosen, and shown.
  await expect(page.getByRole('img', { name: 'Prévia da sua foto' })).toBeVisible();
  await fillProfile(visit, profile());
  await visit.press('Concluir cadastro');
  await visit.sees('Olá, Rian');
  await expect(visit.main.getByRole('img')).toBeVisible();
});

test('a new password by CPF, and in with it', async ({ visit, outbox, request }) => {
  const client = await clientByApi(request, outbox);
  await visit.open('/login');
  await signIn(visit, client.document, 'Errada#2026 mesmo');
  await visit.isTold('Dados de acesso incorretos');
  await visit.follow('Recuperar senha');
  await visit.sees('Recuperar senha');
  await visit.fill({ 'CPF ou CNPJ': client.document });
  await visit.press('Receber código');
  await visit.sees('Confirme que é você');
  await enterRecoveryCode(visit, await outbox.code(client.email));
  await visit.sees('Crie uma nova senha');
  await chooseNewPassword(visit, 'curta');
  await visit.isTold('As senhas não coincidem ou não atendem');
  await chooseNewPassword(visit, NEW_PASSWORD);
  await visit.reads('Senha alterada com sucesso!');
  await signIn(visit, client.document, NEW_PASSWORD);
  await visit.sees('Olá, Luísa');
});

test('a profile: data, photo, password, phone, sessions', async ({ visit, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox);
  const mine = phone();
  await visit.open('/login');
  await signIn(visit, teacher.email, PASSWORD);
  await visit.sees('Olá, Luísa');
  await visit.follow('Meu Perfil');
  await visit.sees('Meu Perfil');
  await visit.fill({ Instituição: 'UFMG' });
  await visit.field('Foto').setInputFiles(picture());
  await visit.press('Salvar alterações');
  await visit.reads('Perfil atualizado com sucesso.');
  await expect(visit.main.getByRole('img', { name: 'Sua foto atual' })).toBeVisible();
  await visit.follow('Alterar Senha');
  await visit.sees('Alterar senha');
  await changePassword(visit, PASSWORD, NEW_PASSWORD);
  await visit.reads('Senha alterada com sucesso!');
  await visit.follow('Adicionar celular');
  await askOwnPhone(visit, mine);
  await codeWent(visit, mine.typed);
  await enterCode(visit, await outbox.code(mine.e164));
  await visit.reads('Celular confirmado.');
  await signOut(visit);
});
