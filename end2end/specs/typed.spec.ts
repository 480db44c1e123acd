// What was typed and not sent is there again: after a reload, and on the way back. Passwords and codes are not, and nothing is once a form
// has led on.

import type { Page } from '@playwright/test';
import { brand } from '../support/brand';
import { email, PASSWORD, phone } from '../support/people';
import { Product, sent } from '../support/product';
import { NAME, profile, rideTo, signIn, teacherByApi } from '../support/steps';
import { expect, test, type Visit } from '../support/test';

/** All that the tab's storage holds. */
const stored = (visit: Visit): Promise<string> => visit.page.evaluate(() => JSON.stringify({ ...sessionStorage }));

async function fillAll(visit: Visit, mine = phone(), address = email()): Promise<() => Promise<void>> {
  await visit.open('/register/client');
  await visit.fill({ 'Nome completo': NAME, Celular: mine.typed, 'E-mail': address, Senha: PASSWORD, 'Confirme a senha': PASSWORD });
  await visit.field('SMS').check();
  return async () => {
    await expect(visit.field('Nome completo')).toHaveValue(NAME);
    await expect(visit.field('Celular')).toHaveValue(mine.typed);
    await expect(visit.field('E-mail')).toHaveValue(address);
    await expect(visit.field('SMS')).toBeChecked();
    for (const secret of ['Senha', 'Confirme a senha']) await expect(visit.field(secret)).toHaveValue('');
  };
}

test('a reload keeps what was typed, but no password, and leaves nothing in the tab', { tag: '@firefox' }, async ({ visit }) => {
  const isThere = await fillAll(visit);
  await visit.press('Mostrar senha');
  for (let n = 0; n < 2; n++) {
    await visit.reload();
    await isThere();
    expect(await stored(visit)).toBe('{}');
  }
});

test('a reload after a refusal keeps what the server had written back', async ({ visit }) => {
  await visit.open('/register/teacher');
  await visit.fill({ 'Nome completo': NAME, 'E-mail institucional': 'luisa@' });
  await visit.press('Criar conta');
  await visit.isTold('Informe um e-mail válido');
  await visit.reload();
  await expect(visit.field('Nome completo')).toHaveValue(NAME);
  await expect(visit.field('E-mail institucional')).toHaveValue('luisa@');
});

test('the header’s “Entrar” and Back keep what was typed, and so does forward', { tag: '@firefox' }, async ({ visit, page }) => {
  const isThere = await fillAll(visit);
  await visit.follow('Entrar');
  await visit.sees('Entrar');
  await visit.fill({ 'E-mail, usuário': 'luisa@exemplo.com.br', Senha: PASSWORD });
  await page.goBack();
  await expect(visit.field('Nome completo')).toBeVisible();
  await isThere();
  await page.goForward();
  await visit.sees('Entrar');
  await expect(visit.field('E-mail, usuário')).toHaveValue('luisa@exemplo.com.br');
  await expect(visit.field('Senha')).toHaveValue('');
  await page.goBack();
  await isThere();
});

/** Steps through the history, none of which waits for its page: the page at `path` is held back until all are gone. */
async function hurry(page: Page, path: string, steps: number[]): Promise<void> {
  let release = (): void => {};
  const gone = new Promise<void>((all) => (release = all));
  await page.route(`**${path}`, async (route) => {
    await gone;
    // It may be given up by then.
    await route.continue().catch(() => {});
  });
  await page.evaluate(async (steps) => {
    for (const by of steps) {
      const stepped = new Promise((done) => addEventListener('popstate', done, { once: true }));
      history.go(by);
      await stepped;
    }
  }, steps);
  release();
  await page.unroute(`**${path}`);
  await expect(page.locator('html')).not.toHaveAttribute('data-busy');
}

test('two steps back, faster than the pages come, keep what was typed into each', async ({ visit, page }) => {
  const isThere = await fillAll(visit);
  await visit.follow('Entrar');
  await visit.sees('Entrar');
  await visit.fill({ 'E-mail, usuário': 'luisa@exemplo.com.br' });
  await visit.follow('Entrar com código no celular');
  await visit.sees('Entrar com um código');
  await visit.fill({ Celular: '(11) 91234-5678' });
  await hurry(page, '/login', [-1, -1]);
  await visit.sees(brand.client.title);
  await isThere();
  await page.goForward();
  await visit.sees('Entrar');
  await expect(visit.field('E-mail, usuário')).toHaveValue('luisa@exemplo.com.br');
  await page.goForward();
  await visit.sees('Entrar com um código');
  await expect(visit.field('Celular')).toHaveValue('(11) 91234-5678');
});

test('back, and forward before the page came: it does not come any more', async ({ visit, page }) => {
  const isThere = await fillAll(visit);
  await visit.follow('Entrar');
  await visit.sees('Entrar');
  await visit.fill({ 'E-mail, usuário': 'luisa@exemplo.com.br' });
  await hurry(page, '/register/client', [-1, 1]);
  await visit.sees('Entrar');
  await expect(page).toHaveURL(/\/login$/);
  await expect(visit.field('E-mail, usuário')).toHaveValue('luisa@exemplo.com.br');
  await page.goBack();
  await visit.sees(brand.client.title);
  await isThere();
});

test('the third form keeps state and city, and suggests for that state', async ({ visit, page }) => {
  await rideTo(visit);
  const mine = profile();
  await visit.fill({ Telefone: mine.phone, CPF: mine.cpf });
  await visit.field(mine.gender).check();
  await visit.main.getByLabel('Estado').selectOption('AC');
  await visit.fill({ Cidade: 'Xapuri' });
  await visit.reload();
  await expect(visit.field('Telefone')).toHaveValue(mine.phone);
  await expect(visit.field('CPF')).toHaveValue(mine.cpf);
  await expect(visit.field(mine.gender)).toBeChecked();
  await expect(visit.main.getByLabel('Estado')).toHaveValue('AC');
  await expect(visit.field('Cidade')).toHaveValue('Xapuri');
  await expect(page.locator('datalist option')).toHaveCount(22);
});

test('what was typed is not there for the next person: signing in and out forgets it', async ({ visit, request, outbox, page }) => {
  const teacher = await teacherByApi(request, outbox);
  await fillAll(visit);
  await visit.follow('Entrar');
  await visit.sees('Entrar');
  await signIn(visit, teacher.email, PASSWORD);
  await visit.sees('Olá, Luísa');
  await visit.press('Sair');
  await visit.sees('Uma conta segura para os serviços que você usa');
  expect(await stored(visit)).toBe('{}');
  // Each entry is waited for, with its page: one that leads on elsewhere would count as the next step.
  for (const entry of [2, 1, 0]) {
    await page.goBack();
    await expect.poll(() => page.evaluate(() => history.state)).toBe(entry);
    await expect(page.locator('html')).not.toHaveAttribute('data-busy');
  }
  await visit.sees(brand.client.title);
  await expect(visit.field('Nome completo')).toHaveValue('');
  await expect(visit.field('Celular')).toHaveValue('');
});

test('outside of our pages it is put away without secrets, and the next of our pages drops it', async ({ visit, page }) => {
  await fillAll(visit);
  // On our origin, and no page of ours.
  await page.goto('/api/openapi.json');
  expect(await stored(visit)).toContain(NAME);
  expect(await stored(visit)).not.toContain(PASSWORD);
  await visit.open('/register/client');
  await expect(visit.field('Nome completo')).toHaveValue('');
  expect(await stored(visit)).toBe('{}');
});

test('where a form leads out of our pages, to a product, nothing is put away', async ({ visit, request, outbox, page }) => {
  const [teacher, school] = [await teacherByApi(request, outbox), await Product.called('escola')];
  await sent(visit, school);
  await signIn(visit, teacher.email, PASSWORD);
  await school.isEnteredBy(visit);
  await page.goto('/api/openapi.json');
  expect(await stored(visit)).toBe('{}');
});
