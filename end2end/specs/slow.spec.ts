// Typed before the WASM arrived: it stays as it is.

import { titled } from '../support/brand';
import { email, PASSWORD, phone } from '../support/people';
import { picture } from '../support/pictures';
import { fillProfile, fillTeacher, NAME, profile, rideTo } from '../support/steps';
import { expect, test } from '../support/test';

test('what was typed and ticked survives, and the page that woke up sends it', async ({ visit, page }) => {
  const [mine, address] = [phone(), email()];
  await visit.open('/register/client');
  await visit.fill({ 'Nome completo': NAME, Celular: mine.typed, 'E-mail': address, Senha: PASSWORD, 'Confirme a senha': PASSWORD });
  await visit.field('SMS').check();
  await visit.field('Celular').focus();
  await expect(page.locator('body[data-awake]')).toHaveCount(0);
  await page.locator('body[data-awake]').waitFor();
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));

  await expect(visit.field('Nome completo')).toHaveValue(NAME);
  await expect(visit.field('Celular')).toHaveValue(mine.typed);
  await expect(visit.field('E-mail')).toHaveValue(address);
  await expect(visit.field('Senha')).toHaveValue(PASSWORD);
  await expect(visit.field('Confirme a senha')).toHaveValue(PASSWORD);
  await expect(visit.field('SMS')).toBeChecked();
  await expect(visit.field('Celular')).toBeFocused();
  // The rules are ticked for what was typed before.
  await visit.reads('boa');

  await visit.press('Receber código');
  await visit.sees('Digite o código que enviamos');
  await visit.reads(/por SMS/);
  expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
});

test('a refused form wakes up as it is: errors, values and title', async ({ visit, page }) => {
  await visit.open('/register/teacher');
  await fillTeacher(visit, { name: NAME, email: 'luisa@', password: 'curta' });
  await visit.press('Criar conta');
  await visit.isTold('Informe um e-mail válido');
  await expect(page.locator('body[data-awake]')).toHaveCount(0);
  await page.locator('body[data-awake]').waitFor();
  await visit.isTold('Informe um e-mail válido');
  await visit.isToldAt('E-mail institucional', /Informe um e-mail válido/);
  await expect(visit.field('Nome completo')).toHaveValue(NAME);

  const address = email();
  await fillTeacher(visit, { name: NAME, email: address, password: PASSWORD });
  await visit.field('Li e aceito').check();
  await visit.press('Criar conta');
  await visit.sees('Verifique seu email para ativar sua conta');
  await visit.reads(address);
  await expect(page).toHaveTitle(titled('Verifique seu email'));
});

test('a form that is sent while the page wakes up is sent once', async ({ visit, outbox }) => {
  const mine = phone();
  await visit.open('/register/client');
  await visit.fill({ 'Nome completo': NAME, Celular: mine.typed });
  await visit.press('Receber código');
  await visit.sees('Digite o código que enviamos');
  await outbox.code(mine.e164);
  await visit.page.locator('body[data-awake]').waitFor();
  expect(await outbox.to(mine.e164)).toHaveLength(1);
});

test('a photo and a CPF from before the page woke up are seen to', async ({ visit, page }) => {
  await rideTo(visit);
  await visit.reload();
  const mine = profile();
  await fillProfile(visit, { ...mine, cpf: mine.cpf.replace(/\D/g, '') });
  await visit.field('Foto').setInputFiles(picture());
  await expect(page.locator('body[data-awake]')).toHaveCount(0);
  await page.locator('body[data-awake]').waitFor();
  await expect(page.getByRole('img', { name: 'Prévia da sua foto' })).toBeVisible();
  await expect(page.locator('datalist option')).toHaveCount(645);
  await expect(visit.main.getByLabel('Estado')).toHaveValue('SP');
  await visit.press('Concluir cadastro');
  await visit.sees('Olá, Rian');
});
