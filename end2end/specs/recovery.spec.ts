// 002, Recuperar Senha: a new password by CPF or CNPJ and a code to the proved contacts. By the steps of the document.

import { titled } from '../support/brand';
import type { Message } from '../support/outbox';
import { cnpj, cpf, MASKED_EMAIL, NEW_PASSWORD, otherThan, PASSWORD } from '../support/people';
import {
  askRecovery,
  askResetLink,
  beginRecovery,
  chooseNewPassword,
  clientByApi,
  companyByApi,
  enterRecoveryCode,
  signIn,
} from '../support/steps';
import { expect, test } from '../support/test';

/** Whether a message holds a code for a new password; that of a new account's verification has eight digits. */
const isRecoveryCode = ({ code }: Message) => code?.length === 6;

const MESSAGE_1 = 'Senha alterada com sucesso!';
const MESSAGE_2 = 'Código inválido ou expirado! Por favor, solicite um novo código.';
const MESSAGE_3 = 'CPF/CNPJ inválido ou não cadastrado. Por favor, verifique os dados informados.';
const MESSAGE_4 = 'As senhas não coincidem ou não atendem aos requisitos de segurança. Tente novamente.';

const NEW = 'Crie uma nova senha';

test('Fluxo Principal', async ({ visit, outbox, request, page }) => {
  const company = await companyByApi(request, outbox);

  await test.step('1 e 2. Na página de login, “Recuperar senha”', async () => {
    await visit.open('/login');
    await visit.follow('Recuperar senha');
    await visit.sees('Recuperar senha');
    expect(new URL(page.url()).pathname).toBe('/recover-password');
  });

  await test.step('3. O sistema solicita o CPF/CNPJ', async () => {
    await expect(visit.field('CPF ou CNPJ')).toBeVisible();
    await visit.fill({ 'CPF ou CNPJ': company.document });
    await visit.press('Receber código');
  });

  let code = '';
  await test.step('4. Válido, o sistema gera um código e o envia', async () => {
    await visit.sees('Confirme que é você');
    await visit.reads(`Enviamos um código de 6 dígitos por e-mail para ${MASKED_EMAIL}.`);
    await visit.reads(/O código expira em (5\smin|4\smin \d+\ss)/);
    const mail = await outbox.next(company.email, isRecoveryCode);
    expect(mail).toMatchObject({ channel: 'email', subject: 'Seu código para recuperar a senha' });
    code = mail.code ?? '';
    expect(code).toMatch(/^\d{6}$/);
  });

  await test.step('5. O usuário insere o código no campo “Código de Verificação”', async () => {
    await expect(visit.field('Código de Verificação')).toHaveAttribute('autocomplete', 'one-time-code');
    await enterRecoveryCode(visit, code);
  });

  await test.step('6. Válido, o sistema exibe “Nova Senha” e “Confirme a Nova Senha”', async () => {
    await visit.sees(NEW);
    for (const label of ['Nova Senha', 'Confirme a Nova Senha']) {
      await expect(visit.field(label)).toHaveAttribute('autocomplete', 'new-password');
    }
    for (const rule of ['pelo menos 8 caracteres', 'uma letra maiúscula', 'um número', 'um caractere especial']) {
      await visit.reads(rule);
    }
  });

  await test.step('7. O usuário preenche os campos e solicita a alteração', async () => {
    await chooseNewPassword(visit, NEW_PASSWORD);
  });

  await test.step('8. Válidas, o sistema atualiza a senha e exibe a Mensagem 1, na tela de login', async () => {
    await visit.sees('Entrar');
    await visit.reads(MESSAGE_1);
    expect(new URL(page.url()).pathname).toBe('/login');
  });

  await test.step('Pós-Condições: a nova senha já está ativa, a antiga não', async () => {
    await signIn(visit, company.document, PASSWORD);
    await visit.isTold('Dados de acesso incorretos');
    await signIn(visit, company.document, NEW_PASSWORD);
    await visit.sees('Olá, Café do Porto Ltda.');
  });
});

test('4. O código vai aos contatos confirmados, mascarados na página, um de cada um', async ({ visit, outbox, request }) => {
  const client = await clientByApi(request, outbox);
  await beginRecovery(visit, client.document);
  await visit.reads(`Enviamos um código de 6 dígitos por e-mail para ${MASKED_EMAIL} e por WhatsApp para ${client.phone.masked}.`);
  await expect(visit.main).not.toContainText(client.email);
  // So that it is known by which contact the password was set: the others are confirmed again afterwards.
  const code = await outbox.code(client.phone.e164);
  expect(await outbox.code(client.email)).toHaveLength(code.length);
  await enterRecoveryCode(visit, code);
  await visit.sees(NEW);
});

test('4. Um CNPJ com letras, digitado em minúsculas e sem pontuação, vale; depois entra-se por ele', async ({ visit, outbox, request, page }) => {
  const company = await companyByApi(request, outbox, 'alphanumeric');
  const typed = company.document.toLowerCase().replace(/[./-]/g, '');
  await beginRecovery(visit, typed);
  await enterRecoveryCode(visit, await outbox.code(company.email));
  await visit.sees(NEW);
  expect(page.url(), 'no document and no token travels in an address').toMatch(/\/recover-password$/);
  await chooseNewPassword(visit, NEW_PASSWORD);
  await visit.reads(MESSAGE_1);
  await signIn(visit, typed, NEW_PASSWORD);
  await visit.sees('Olá, Café do Porto Ltda.');
});

test('8. Pelo CPF uma pessoa tem uma nova senha, e entra com ela', { tag: '@firefox' }, async ({ visit, outbox, request }) => {
  const client = await clientByApi(request, outbox);
  await beginRecovery(visit, client.document);
  await enterRecoveryCode(visit, await outbox.code(client.email));
  await visit.sees(NEW);
  await chooseNewPassword(visit, NEW_PASSWORD);
  await visit.reads(MESSAGE_1);
  await signIn(visit, client.document, NEW_PASSWORD);
  await visit.sees('Olá, Luísa');
});

test('5. O código pode ser colado com espaços e hífens', async ({ visit, outbox, request }) => {
  const company = await companyByApi(request, outbox);
  await beginRecovery(visit, company.document);
  const code = await outbox.code(company.email);
  await enterRecoveryCode(visit, ` ${code.slice(0, 3)} - ${code.slice(3)} `);
  await visit.sees(NEW);
});

test('Fluxo Alternativo 1: CPF/CNPJ inválido ou não cadastrado, com a mesma Mensagem 3', async ({ visit }) => {
  const unknown = cpf();
  const mistyped = `${unknown.slice(0, -1)}${(Number(unknown.at(-1)) + 1) % 10}`;
  for (const document of [unknown, cnpj('numeric'), cnpj('alphanumeric').toLowerCase(), mistyped, '111.111.111-11', 'cpf']) {
    await askRecovery(visit, document);
    await visit.isTold(MESSAGE_3);
    await visit.isToldAt('CPF ou CNPJ', MESSAGE_3);
    await expect(visit.field('CPF ou CNPJ')).toHaveValue(new RegExp(`^${document.replaceAll('.', '\\.')}$`, 'i'));
    await visit.sees('Recuperar senha');
  }
});

test('Fluxo Alternativo 1: sem CPF/CNPJ, o que falta é dito no campo', async ({ visit, outbox, request }) => {
  const company = await companyByApi(request, outbox);
  await askRecovery(visit, ' ');
  await visit.isTold('Informe o CPF ou o CNPJ');
  await visit.isToldAt('CPF ou CNPJ', 'Informe o CPF ou o CNPJ');
  await visit.fill({ 'CPF ou CNPJ': company.document });
  await visit.press('Receber código');
  await visit.sees('Confirme que é você');
  await expect(visit.page).toHaveTitle(titled('Recuperar senha'));
});

test('Fluxo Alternativo 1: quem pergunta por documentos demais não fica sabendo de mais nenhum', async ({ visit, outbox, request }) => {
  const company = await companyByApi(request, outbox);
  // From the address that the page is opened from.
  for (let n = 0; n < 10; n++) {
    expect((await request.post('/api/auth/recovery', { data: { document: cpf() } })).status()).toBe(404);
  }
  for (const document of [cpf(), company.document]) {
    await beginRecovery(visit, document);
    await visit.reads('Se houver um cadastro com este CPF/CNPJ, enviamos um código de verificação aos contatos confirmados.');
    await enterRecoveryCode(visit, '123456');
    await visit.isTold(MESSAGE_2);
  }
  expect((await outbox.to(company.email)).filter(isRecoveryCode)).toEqual([]);
});

test('Fluxo Alternativo 2: código inválido, e depois o certo', async ({ visit, outbox, request }) => {
  const company = await companyByApi(request, outbox);
  await beginRecovery(visit, company.document);
  const code = await outbox.code(company.email);
  for (const [wrong, why] of [
    [otherThan(code), MESSAGE_2],
    [code.slice(1), 'O código tem 6 dígitos'],
    ['código', 'O código tem 6 dígitos'],
    ['', 'Digite o código'],
  ] as const) {
    await enterRecoveryCode(visit, wrong);
    await visit.isTold(MESSAGE_2, why);
    await visit.isToldAt('Código de Verificação', why);
    await visit.sees('Confirme que é você');
  }
  await enterRecoveryCode(visit, code);
  await visit.sees(NEW);
  await expect(visit.page).toHaveTitle(titled('Recuperar senha'));
});

test('Fluxo Alternativo 2: depois do quinto código errado nem o certo vale, e a página diz até quando', async ({ visit, outbox, request }) => {
  const company = await companyByApi(request, outbox);
  await beginRecovery(visit, company.document);
  const code = await outbox.code(company.email);
  for (let n = 1; n <= 6; n++) {
    if (n > 1) await beginRecovery(visit, company.document);
    await enterRecoveryCode(visit, n < 6 ? otherThan(code) : code);
    await visit.isTold(n < 5 ? MESSAGE_2 : /Foram muitos códigos errados.*1[45]\sminutos/);
  }
  await expect(visit.main).not.toContainText('O código expira em');
});

test('Fluxo Alternativo 2: um código já usado é como um errado', async ({ visit, otherDevice, outbox, request }) => {
  const company = await companyByApi(request, outbox);
  const other = await otherDevice();
  await beginRecovery(visit, company.document);
  await beginRecovery(other, company.document);
  const code = await outbox.code(company.email);
  await enterRecoveryCode(visit, code);
  await visit.sees(NEW);
  await enterRecoveryCode(other, code);
  await other.isTold(MESSAGE_2);
});

test('Fluxo Alternativo 2: “solicite um novo código” pode-se ali mesmo', async ({ visit, outbox, request, page }) => {
  const company = await companyByApi(request, outbox);
  await beginRecovery(visit, company.document);
  const code = await outbox.code(company.email);
  const again = page.getByRole('button', { name: 'Pedir um novo código' });
  if (visit.wakes) {
    await visit.reads(/Você pode pedir de novo em \d+\ss/);
    await expect(again).toHaveAttribute('aria-disabled', 'true');
  }
  // Too early: nothing is sent, and the code that is on its way is still good.
  // Held, it is no button to wait for.
  await again.click({ force: true });
  await visit.sees('Confirme que é você');
  expect((await outbox.to(company.email)).filter(isRecoveryCode)).toHaveLength(1);
  await enterRecoveryCode(visit, code);
  await visit.sees(NEW);
});

test('Fluxo Alternativo 2: outro documento pode ser informado', async ({ visit, outbox, request }) => {
  const company = await companyByApi(request, outbox);
  await beginRecovery(visit, company.document);
  const code = await outbox.code(company.email);
  await enterRecoveryCode(visit, otherThan(code));
  await visit.isTold(MESSAGE_2);
  await visit.follow('Usar outro CPF ou CNPJ');
  await visit.sees('Recuperar senha');
  await expect(visit.page).toHaveTitle(titled('Recuperar senha'));
  await visit.fill({ 'CPF ou CNPJ': company.document });
  await visit.press('Receber código');
  await enterRecoveryCode(visit, code);
  await visit.sees(NEW);
});

test('Fluxo Alternativo 3: senhas que não conferem ou não atendem, com a Mensagem 4 e o motivo no campo', async ({ visit, outbox, request, page }) => {
  const company = await companyByApi(request, outbox);
  await beginRecovery(visit, company.document);
  await enterRecoveryCode(visit, await outbox.code(company.email));
  await visit.sees(NEW);
  const classes = 'A senha deve conter letras maiúsculas, números e caracteres especiais';
  // Neighbours differ in what is told, so that each answer is seen to come.
  for (const [field, why, password, confirmation] of [
    ['Confirme a Nova Senha', 'As senhas não coincidem', NEW_PASSWORD, PASSWORD],
    ['Nova Senha', classes, 'pitangueira#8', 'pitangueira#8'],
    ['Confirme a Nova Senha', 'Digite a senha de novo', NEW_PASSWORD, ''],
    ['Nova Senha', classes, 'Pitangueira#', 'Pitangueira#'],
    ['Nova Senha', 'A senha deve ter pelo menos 8 caracteres', 'Caju#77', 'Caju#77'],
    ['Nova Senha', classes, 'Pitangueira8', 'Pitangueira8'],
    ['Nova Senha', 'Esta senha é fácil de adivinhar', 'Password1!', 'Password1!'],
    ['Nova Senha', 'Informe a nova senha', '', ''],
  ] as const) {
    await chooseNewPassword(visit, password, confirmation);
    await visit.isTold(MESSAGE_4, why);
    await visit.isToldAt(field, new RegExp(why));
    if (password) expect(await page.content()).not.toContain(password);
  }
  // Every reason at once; none of them has spent the right to another try.
  await chooseNewPassword(visit, 'curta', 'outra');
  await visit.isToldAt('Nova Senha', /pelo menos 8 caracteres/);
  await visit.isToldAt('Confirme a Nova Senha', 'As senhas não coincidem');
  // No small letter is asked for.
  await chooseNewPassword(visit, NEW_PASSWORD.toUpperCase());
  await visit.reads(MESSAGE_1);
  await signIn(visit, company.email, NEW_PASSWORD.toUpperCase());
  await visit.sees('Olá, Café do Porto Ltda.');
});

test('Pós-Condições: o dono é avisado, e as sessões em outros aparelhos terminam', async ({ visit, otherDevice, outbox, request }) => {
  const company = await companyByApi(request, outbox);
  const other = await otherDevice();
  for (const it of [visit, other]) {
    await it.open('/login');
    await signIn(it, company.email, PASSWORD);
    await it.sees('Olá, Café do Porto Ltda.');
  }
  await beginRecovery(visit, company.document);
  await enterRecoveryCode(visit, await outbox.code(company.email));
  await visit.sees(NEW);
  await visit.reads('Ao salvar, você sai de todos os aparelhos.');
  await chooseNewPassword(visit, NEW_PASSWORD);
  await visit.reads(MESSAGE_1);
  await expect(visit.main).not.toContainText('Você já entrou');

  const told = await outbox.next(company.email, ({ subject }) => subject === 'Sua senha foi alterada');
  expect(told.body).toContain('Se não foi você, encerre todas as sessões e crie outra senha:');
  for (const it of [visit, other]) {
    await it.open('/dashboard');
    await it.sees('Entrar');
  }
});

test('Pós-Condições: o direito a uma nova senha vale uma vez', async ({ visit, otherDevice, outbox, request }) => {
  const company = await companyByApi(request, outbox);
  const other = await otherDevice();
  await beginRecovery(other, company.document);
  await enterRecoveryCode(other, await outbox.code(company.email));
  await other.sees(NEW);
  // Meanwhile the owner sets one by the link.
  await askResetLink(visit, company.email);
  await visit.open(await outbox.resetLink(company.email));
  await chooseNewPassword(visit, NEW_PASSWORD);
  await visit.reads(MESSAGE_1);

  await chooseNewPassword(other, 'Outra#9 do quintal');
  await other.isTold(MESSAGE_2);
  await other.follow('Pedir um novo código');
  await other.sees('Recuperar senha');
  await signIn(visit, company.email, NEW_PASSWORD);
  await visit.sees('Olá, Café do Porto Ltda.');
});
