// A document that its owner finds taken: contested by a code to a contact, kept by the link to who holds it.

import { cnpj, email } from '../support/people';
import { askAsCompany } from '../support/steps';
import { test } from '../support/test';

test('a taken CNPJ leads to its contest, and who holds it keeps it by a button', async ({ visit, outbox, otherDevice }) => {
  const [number, address, owner] = [cnpj('numeric'), email(), email()];
  await askAsCompany(visit, { cnpj: number, email: address });
  await visit.sees('Verifique seu email para ativar sua conta');
  await visit.open(await outbox.link(address));
  await visit.reads('E-mail confirmado. Agora você pode entrar.');

  const other = await otherDevice();
  await askAsCompany(other, { cnpj: number, email: owner });
  await other.isToldAt('CNPJ', /Conteste/);
  await other.main.getByRole('link', { name: 'O documento é seu? Conteste' }).first().click();
  await other.sees('Contestar um documento');
  await other.fill({ 'CPF ou CNPJ': number, 'Seu e-mail ou celular': owner });
  await other.press('Enviar código');
  await other.sees('Confirme que o contato é seu');
  await other.fill({ 'Código de Verificação': await outbox.code(owner) });
  await other.sendCode();
  await other.reads('Recebemos sua contestação.');

  await visit.open(await outbox.documentMineLink(address));
  await visit.sees('Este documento é meu');
  await visit.press('Este documento é meu');
  await visit.reads('Pronto: a contestação terminou e o documento continua na sua conta.');
});
