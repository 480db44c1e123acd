// A document that its owner finds taken: contested by a code to a contact, kept by the link to who holds it.

import { cnpj, email } from '../support/people';
import { becomeCompany, contestTaken } from '../support/steps';
import { test } from '../support/test';

test('a taken CNPJ leads to its contest, and who holds it keeps it by a button', async ({ visit, outbox, otherDevice }) => {
  const [number, address, owner] = [cnpj('numeric'), email(), email()];
  await becomeCompany(visit, { cnpj: number, email: address });

  const other = await otherDevice();
  await contestTaken(other, { cnpj: number, email: owner });

  await visit.open(await outbox.documentMineLink(address));
  await visit.sees('Este documento é meu');
  await visit.press('Este documento é meu');
  await visit.reads('Pronto: a contestação terminou e o documento continua na sua conta.');
});
