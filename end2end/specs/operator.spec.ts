// SPEC §13, §16: what an operator does by hand, and what people see of it. On a server of its own, beside which commands run.

import { withSettings } from '../support/own-server';
import { cnpj, email, phone } from '../support/people';
import { askAsCompany, become, becomeCompany, contestTaken } from '../support/steps';
import { expect } from '../support/test';

const test = withSettings(() => ({}));
test.describe.configure({ mode: 'default' });

test('an account that is erased is gone: its owner is out, and the phone is free', async ({ visit, server }) => {
  const mine = phone();
  await become(visit, { phone: mine });
  const audit = await server.command('accounts', 'audit', mine.e164);
  await visit.open('/profile/data');
  await visit.reads('Cadastro');
  expect(audit).toContain('Cadastro');

  await server.command('accounts', 'delete', mine.e164, '--yes');
  await visit.open('/dashboard');
  await visit.sees('Entrar');
  await become(visit, { phone: mine });
  await visit.follow('Ir para o início');
  await visit.sees('Olá, Luísa');
});

test('a contested document is freed before its days are over, and who contested registers with it', async ({ visit, server, otherDevice }) => {
  const [number, owner] = [cnpj('numeric'), email()];
  await becomeCompany(visit, { cnpj: number, email: email() });
  const other = await otherDevice();
  await contestTaken(other, { cnpj: number, email: owner });
  await server.command('accounts', 'contest', number, '--free');
  const told = await other.outbox.next(owner, ({ subject }) => subject?.includes('está livre') ?? false);
  expect(told.body).toContain('/login');
  await askAsCompany(other, { cnpj: number, email: owner });
  await other.sees('Verifique seu email para ativar sua conta');
});
