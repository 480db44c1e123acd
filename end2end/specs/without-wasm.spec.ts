// Pages whose WASM never comes say nothing that only it could do, and are whole.

import { email, PASSWORD, phone } from '../support/people';
import { askToRegister, become, register, registerTeacher, signIn } from '../support/steps';
import { expect, test } from '../support/test';

test('nothing is promised that only a page that lives can do', async ({ visit, page }) => {
  await registerTeacher(visit, email());
  await expect(visit.main).not.toContainText('esta página continua sozinha');
  await visit.open('/register/teacher?step=details');
  await expect(page.getByRole('button', { name: 'Mostrar senha' })).toHaveCount(0);
});

test('a button that only waits is not shut: the server says how long to wait', async ({ visit, page }) => {
  await register(visit, { phone: phone() });
  const again = page.getByRole('button', { name: 'Enviar de novo por WhatsApp' });
  await expect(again).not.toHaveAttribute('aria-disabled');
  await again.click();
  await visit.isTold(/Acabamos de enviar. Você pode pedir de novo em \d+\ssegundos/);
});

test('the language is kept', async ({ visit, page }) => {
  await visit.open('/login');
  await visit.press('English');
  await visit.sees('Sign in');
  await expect(page).toHaveURL(/\/login$/);
  await visit.press('Português');
  await visit.sees('Entrar');
});

test('where to go on after a form is in the address, what was typed is not', async ({ visit, page }) => {
  await register(visit, { phone: phone() });
  expect(new URL(page.url()).search).toMatch(/^\?signup=[0-9a-f-]{36}$/);
  await page.goBack();
  await page.goForward();
  await visit.sees('Digite o código que enviamos');
});

test('a refused form is answered with the refusal’s status', async ({ visit, otherDevice }) => {
  const answers: [status: number, retryAfter: boolean][] = [];
  const listen = (it: typeof visit) => {
    it.page.on('response', (answer) => {
      if (answer.request().method() === 'POST' && !answer.url().endsWith('/page-failure')) answers.push([answer.status(), 'retry-after' in answer.headers()]);
    });
  };
  const me = await become(visit);
  const other = await otherDevice();
  listen(other);
  await other.open('/register/client');
  await other.press('Receber código');
  await other.isTold('Informe o nome');
  await askToRegister(other, me);
  await other.isTold('Telefone já cadastrado');
  await other.open('/login');
  await signIn(other, me.phone.typed, PASSWORD);
  await other.isTold('Dados de acesso incorretos');
  await register(other, { phone: phone() });
  await other.press('Enviar de novo por WhatsApp');
  await other.isTold('Acabamos de enviar');
  expect(answers).toEqual([
    [400, false],
    [409, false],
    [401, false],
    [303, false],
    [429, true],
  ]);
});
