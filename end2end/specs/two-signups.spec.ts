// Two sign-ups in one browser: each is finished in its tab.

import { brand } from '../support/brand';
import { email, phone } from '../support/people';
import { enterCode, NAME, register, registerTeacher } from '../support/steps';
import { expect, test, Visit } from '../support/test';

test('two tabs, each with its own form, each finished by its own code', async ({ visit, context, outbox }) => {
  const [mine, hers] = [phone(), phone()];
  const tab = new Visit(await context.newPage(), outbox, visit.wakes);
  await visit.open('/register/client');
  await tab.open('/register/client');
  await visit.fill({ 'Nome completo': NAME, Celular: mine.typed });
  await tab.fill({ 'Nome completo': 'Bia Lima', Celular: hers.typed });
  await visit.press('Receber código');
  await visit.sees('Digite o código que enviamos');
  await tab.press('Receber código');
  await tab.sees('Digite o código que enviamos');
  await tab.reads(hers.typed);

  // The first one is what it was, after a while of asking and after a reload.
  await visit.page.waitForTimeout(visit.wakes ? 4_000 : 0);
  await visit.sees('Digite o código que enviamos');
  await visit.reads(mine.typed);
  await visit.reload();
  await visit.reads(mine.typed);

  const herCode = await outbox.code(hers.e164);
  await enterCode(visit, herCode);
  await visit.isTold('A confirmação do número de telefone falhou');
  await enterCode(visit, await outbox.code(mine.e164));
  await visit.sees('Perfil criado com sucesso');
  await tab.reload();
  await tab.sees('Digite o código que enviamos');
  await enterCode(tab, herCode);
  await tab.sees('Perfil criado com sucesso');
});

test('the page of kinds lists those that wait, and gives up one of them', async ({ visit }) => {
  const [mine, address] = [phone(), email()];
  await register(visit, { phone: mine });
  await registerTeacher(visit, address);
  await visit.open('/register');
  await visit.reads('Você tem cadastros em andamento');
  const listed = visit.main.locator('.entries > li');
  await expect(listed).toHaveCount(2);
  await listed.filter({ hasText: mine.masked }).getByRole('link', { name: 'Continuar' }).click();
  await visit.sees('Digite o código que enviamos');
  await visit.reads(mine.typed);
  await visit.open('/register');
  const hers = listed.filter({ hasText: `Conta de ${brand.teacher.name}` });
  await hers.locator('summary').click();
  await hers.getByRole('button').click();
  await expect(listed).toHaveCount(1);
  await visit.reads('Você tem um cadastro em andamento');
  await listed.getByRole('link', { name: 'Continuar' }).click();
  await visit.reads(mine.typed);
});

test('where one waits, its card begins another', async ({ visit, outbox }) => {
  const [mine, hers] = [phone(), phone()];
  await register(visit, { phone: mine });
  await visit.open('/register');
  await visit.follow(brand.client.name);
  await expect(visit.field('Nome completo')).toHaveValue('');
  await visit.fill({ 'Nome completo': 'Bia Lima', Celular: hers.typed });
  await visit.press('Receber código');
  await visit.sees('Digite o código que enviamos');
  await visit.reads(hers.typed);
  await enterCode(visit, await outbox.code(hers.e164));
  await visit.sees('Perfil criado com sucesso');
  await visit.open('/register');
  await visit.reads('Você tem um cadastro em andamento');
  await visit.reads(mine.masked);
});
