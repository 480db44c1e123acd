// Meus dados where the sign-in no longer counts: it asks who it is, and says that the password was wrong. On a server of its own.

import { withSettings } from '../support/own-server';
import { photograph } from '../support/photograph';
import { clientByApi, comeIn, showsWhoItIs, teacherByApi, untilStale } from '../support/steps';

const test = withSettings(() => ({ FRESH_AUTHENTICATION: '1s' }));
test.describe.configure({ mode: 'default' });

test('profile-data-asked', async ({ visit, outbox, request, page }) => {
  await comeIn(visit, (await teacherByApi(request, outbox)).email);
  await untilStale(visit);
  await visit.press('Baixar meus dados');
  await visit.reads('Faz algum tempo que você entrou.');
  await photograph(page, 'profile-data-asked');
});

test('profile-data-errors', async ({ visit, outbox, request, page }) => {
  await comeIn(visit, (await clientByApi(request, outbox)).email);
  await untilStale(visit);
  await visit.press('Excluir conta');
  await showsWhoItIs(visit, 'Excluir conta', 'Errada#2026 mesmo');
  await visit.isTold('A senha atual está incorreta');
  await photograph(page, 'profile-data-errors');
});
