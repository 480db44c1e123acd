// 001 and 002: a company registers with its CNPJ, numbers alone or with letters.

import { brand } from '../support/brand';
import { cnpj, email, PASSWORD } from '../support/people';
import { askAsCompany, signIn } from '../support/steps';
import { expect, test } from '../support/test';

for (const [kind, name] of [
  ['numeric', 'of numbers'],
  ['alphanumeric', 'with letters, typed in small ones'],
] as const) {
  test(`a company with a CNPJ ${name} registers and signs in by it`, async ({ visit, outbox }) => {
    const [number, address] = [cnpj(kind), email()];
    await visit.open('/register');
    await visit.follow(brand.company.name);
    await visit.sees(brand.company.title);
    await askAsCompany(visit, { cnpj: number.toLowerCase(), email: address });
    await visit.sees('Verifique seu email para ativar sua conta');
    await visit.reads(address);
    await visit.open(await outbox.link(address));
    await visit.reads('E-mail confirmado. Agora você pode entrar.');
    await signIn(visit, number.replace(/[./-]/g, ''), PASSWORD);
    await visit.sees('Olá, Café do Porto Ltda.');
    await visit.reads('Café do Porto Ltda.');
    await expect(visit.main).not.toContainText(number);
  });
}

test('a CNPJ whose check digits are wrong is refused, and stays to be corrected', async ({ visit }) => {
  const right = cnpj('alphanumeric');
  const wrong = `${right.slice(0, -1)}${(Number(right.at(-1)) + 1) % 10}`;
  await askAsCompany(visit, { cnpj: wrong, email: email() });
  await visit.isTold('CNPJ inválido. Confira os dígitos e as letras');
  await visit.isToldAt('CNPJ', /CNPJ inválido/);
  await expect(visit.field('CNPJ')).toHaveValue(wrong);
});

test('a CNPJ or an address that has an account is told at its field', async ({ visit, otherDevice }) => {
  const [number, address] = [cnpj('numeric'), email()];
  await askAsCompany(visit, { cnpj: number, email: address });
  await visit.sees('Verifique seu email para ativar sua conta');
  const other = await otherDevice();
  await askAsCompany(other, { cnpj: number, email: email() });
  await other.isTold('CNPJ já cadastrado');
  await other.isToldAt('CNPJ', /CNPJ já cadastrado/);
  await askAsCompany(other, { cnpj: cnpj('numeric'), email: address });
  await other.isTold('Email já cadastrado');
});
