// What a page that lives does for every field alike: when it is left, a phone or a document is written out and what is certainly wrong is
// told; an error goes as soon as the value is right.

import { cnpj, cpf, landline, PASSWORD, phone, type Phone } from '../support/people';
import { askToRegister, become, profile, register, rideTo } from '../support/steps';
import { expect, test, type Visit } from '../support/test';

const bare = (text: string): string => text.replace(/[^0-9A-Z]/g, '');

/** Types into a field, and leaves it for the next one. */
async function leave(visit: Visit, label: string, typed: string): Promise<void> {
  await visit.field(label).fill(typed);
  await visit.page.keyboard.press('Tab');
}

async function isWritten(visit: Visit, label: string, typed: string, written: string): Promise<void> {
  await leave(visit, label, typed);
  await expect(visit.field(label)).toHaveValue(written);
  await expect(visit.field(label)).not.toHaveAttribute('aria-invalid');
}

const national = (phone: Phone): string => phone.e164.slice(3);

test.describe('is written out when it is left', () => {
  test('a phone, in each form that asks for one', { tag: '@firefox' }, async ({ visit }) => {
    const mine = phone();
    await visit.open('/register/client');
    await isWritten(visit, 'Celular', national(mine), mine.typed);
    await isWritten(visit, 'Celular', `+55 ${national(mine)}`, mine.typed);
    await visit.open('/login?by=code');
    await isWritten(visit, 'Celular', national(mine), mine.typed);
    await rideTo(visit);
    const fixed = landline();
    await isWritten(visit, 'Telefone', bare(fixed), fixed);
  });

  test('a CPF or a CNPJ, whichever it is', async ({ visit }) => {
    const documents = [cpf(), cnpj('numeric'), cnpj('alphanumeric')];
    for (const path of ['/recover-password', '/contest']) {
      await visit.open(path);
      for (const document of documents) await isWritten(visit, 'CPF ou CNPJ', bare(document).toLowerCase(), document);
    }
    await visit.open('/register/company');
    for (const document of documents.slice(1)) await isWritten(visit, 'CNPJ', bare(document).toLowerCase(), document);
    await rideTo(visit);
    await isWritten(visit, 'CPF', bare(documents[0] ?? ''), documents[0] ?? '');
  });

  test('at the sign-in only what can be nothing else', async ({ visit }) => {
    // Fifty-two is no area code, so it is no phone.
    const [mine, document] = [phone(), '529.982.247-25'];
    await visit.open('/login');
    await isWritten(visit, 'E-mail, usuário', mine.typed.replace('-', ' '), mine.typed);
    await isWritten(visit, 'E-mail, usuário', document.replaceAll('.', ' '), document);
    // User names may be made of digits.
    for (const typed of [bare(document), national(mine), 'rian.lucas', 'ana@exemplo.com.br']) {
      await isWritten(visit, 'E-mail, usuário', typed, typed);
    }
    await visit.open('/contest');
    await isWritten(visit, 'Seu e-mail ou celular', national(mine), mine.typed);
    await isWritten(visit, 'Seu e-mail ou celular', 'ana@exemplo.com.br', 'ana@exemplo.com.br');
  });

  test('what is no phone and no document stays as it was typed', async ({ visit }) => {
    await rideTo(visit);
    for (const [label, typed] of [['CPF', 'meu CPF é 123'], ['Telefone', '11 9876']] as const) {
      await leave(visit, label, typed);
      await expect(visit.field(label)).toHaveValue(typed);
    }
  });
});

test.describe('an error', () => {
  test('of the first form goes as soon as its field is right, also from above, and with the last one the summary', async ({ visit, page }) => {
    await visit.open('/register/teacher');
    await visit.press('Criar conta');
    await visit.isTold('Informe o nome');
    const told = await visit.summary.getByRole('listitem').count();
    const right = async (label: string, typed: string) => {
      await visit.field(label).fill(typed);
      await expect(visit.field(label)).not.toHaveAttribute('aria-invalid');
      await expect(visit.field(label)).not.toHaveAccessibleDescription(/Erro/);
    };
    await right('Nome completo', 'L');
    await expect(visit.summary.getByRole('listitem')).toHaveCount(told - 1);
    await visit.field('E-mail institucional').pressSequentially('luisa@exemplo');
    await visit.isToldAt('E-mail institucional', /Informe o e-mail|Informe um e-mail válido/);
    await right('E-mail institucional', 'luisa@exemplo.com.br');
    await right('Senha', 'Jacarandá#7 no quintal');
    await visit.field('Li e aceito').check();
    await expect(visit.field('Li e aceito')).not.toHaveAttribute('aria-invalid');
    // Only the server compares the two passwords.
    await expect(visit.summary.getByRole('listitem')).toHaveCount(1);
    await visit.field('Li e aceito').uncheck();
    await expect(visit.field('Li e aceito')).not.toHaveAttribute('aria-invalid');
    await expect(page).toHaveTitle(/^Erro: /);
  });

  test('of the third form goes as soon as its field is right', { tag: '@firefox' }, async ({ visit, page }) => {
    await rideTo(visit);
    await visit.press('Concluir cadastro');
    await visit.isTold('Informe o CPF');
    const mine = profile();
    const left = async (count: number) => expect(visit.summary.getByRole('listitem')).toHaveCount(count);
    await left(6);
    await visit.field('Telefone').fill(mine.phone);
    await left(5);
    await visit.field('Data de nascimento').fill(mine.born);
    await left(4);
    await visit.field(mine.gender).check();
    await left(3);
    await expect(page.getByRole('group', { name: 'Gênero' })).not.toHaveAttribute('data-wrong');
    await visit.field('CPF').fill(mine.cpf);
    await left(2);
    await visit.main.getByLabel('Estado').selectOption(mine.state);
    await left(1);
    await visit.field('Cidade').fill('S');
    await left(1);
    await visit.field('Cidade').fill('São Paulo');
    await expect(visit.summary).toHaveCount(0);
    await expect(page).not.toHaveTitle(/^Erro: /);
    await expect(visit.main.locator('.error, [aria-invalid], [data-wrong]')).toHaveCount(0);
    await visit.press('Concluir cadastro');
    await visit.sees('Olá, Rian');
  });

  test('of a value that somebody has stays until it is another', async ({ visit, otherDevice }) => {
    const me = await become(visit);
    const other = await otherDevice();
    await askToRegister(other, { phone: me.phone });
    await other.isTold('Telefone já cadastrado');
    await other.field('Celular').focus();
    await other.page.keyboard.press('Tab');
    await other.isToldAt('Celular', /Telefone já cadastrado/);
    const mine = phone();
    await other.field('Celular').fill(mine.typed);
    await expect(other.summary).toHaveCount(0);
    await register(other, { phone: mine });
  });

  test('of a password typed again goes as soon as it is filled; whether they are the same only the server says', async ({ visit }) => {
    await visit.open('/register/teacher');
    await visit.press('Criar conta');
    await visit.isTold('Informe o nome');
    const again = visit.field('Confirme a senha');
    await expect(again).toHaveAttribute('aria-invalid', 'true');
    const told = await visit.summary.getByRole('listitem').count();
    await again.fill('J');
    await expect(again).not.toHaveAttribute('aria-invalid');
    await expect(again).not.toHaveAccessibleDescription(/Erro/);
    await expect(visit.summary.getByRole('listitem')).toHaveCount(told - 1);
    await again.fill('');
    await expect(again).not.toHaveAttribute('aria-invalid');
  });

  test('at the sign-in goes when something stands there', async ({ visit }) => {
    await visit.open('/login');
    await visit.press('Entrar');
    await expect(visit.summary.getByRole('listitem')).toHaveCount(2);
    await visit.field('E-mail, usuário').fill('a');
    await visit.field('Senha').fill('b');
    await expect(visit.summary).toHaveCount(0);
  });
});

test('a domain that looks like a slip is asked about before it is sent, and hinders nobody', async ({ visit }) => {
  for (const [path, label] of [
    ['/register/teacher', 'E-mail institucional'],
    ['/register/company', 'E-mail da empresa'],
    ['/register/carona', 'E-mail'],
  ] as const) {
    await visit.open(path);
    const asked = visit.main.locator('[aria-live=polite]').filter({ hasText: 'Você quis dizer gmail.com?' });
    await leave(visit, label, 'ana@gmial.com');
    await expect(asked).toHaveCount(1);
    await expect(visit.field(label)).not.toHaveAttribute('aria-invalid');
    await visit.field(label).fill('ana@gmail.com');
    await expect(asked).toHaveCount(0);
    await leave(visit, label, 'ana@example.com');
    await expect(asked).toHaveCount(0);
  }
});

test.describe('what is certainly wrong', () => {
  test('is told when the field is left, and not any more once it is right', async ({ visit }) => {
    await visit.open('/register/carona');
    await leave(visit, 'Nome de usuário', 'joão silva');
    await visit.isToldAtField('Nome de usuário', /Use de 3 a 30 letras/);
    await leave(visit, 'E-mail', 'rian@');
    await visit.isToldAtField('E-mail', /Informe um e-mail válido/);
    await rideTo(visit);
    for (const [label, wrong, told, right] of [
      ['CPF', '529.982.247-26', /CPF inválido/, '529.982.247-25'],
      ['Telefone', '119', /Número de telefone inválido/, '(11) 98765-4321'],
      ['Data de nascimento', '2999-01-01', /deve estar no passado/, '2000-01-15'],
    ] as const) {
      const field = visit.field(label);
      await field.fill(wrong);
      await expect(field).not.toHaveAttribute('aria-invalid');
      await field.blur();
      await visit.isToldAtField(label, told);
      await expect(visit.main.locator('[aria-live=polite]').filter({ hasText: told })).toBeVisible();
      await field.fill(right);
      await expect(field).not.toHaveAttribute('aria-invalid');
    }
  });

  test('is not told of an empty field', async ({ visit }) => {
    await visit.open('/register/client');
    await leave(visit, 'Celular', '');
    await expect(visit.field('Celular')).not.toHaveAttribute('aria-invalid');
    await visit.field('Celular').fill('119');
    await visit.press('Receber código');
    await visit.isTold('Informe o nome', 'Número de telefone inválido');
  });

  test('moves nothing away from under a finger that rests on a button', async ({ visit, page }) => {
    await visit.open('/register/client');
    await visit.field('Celular').fill('119');
    await page.getByRole('button', { name: 'Receber código' }).click({ delay: 1_000 });
    await visit.isTold('Informe o nome', 'Número de telefone inválido');
  });

  test('nor does the strength of a password, when the server says it then', async ({ visit, page }) => {
    const judge = '**/sf/judge_password';
    let press = (): void => {};
    const pressed = new Promise<void>((is) => (press = is));
    await visit.open('/register/teacher');
    await page.route(judge, async (route) => {
      await pressed;
      await route.continue();
    });
    const asked = page.waitForRequest(judge);
    await visit.fill({ Senha: PASSWORD });
    await asked;
    await page.getByRole('button', { name: 'Criar conta' }).hover();
    await page.mouse.down();
    const said = page.waitForResponse(judge);
    press();
    await (await said).finished();
    await page.mouse.up();
    await visit.isTold('Informe o nome');
  });
});
