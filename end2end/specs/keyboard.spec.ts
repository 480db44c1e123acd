// A person without a mouse, with JavaScript and without it.

import type { Locator } from '@playwright/test';
import { PASSWORD, phone } from '../support/people';
import { NAME } from '../support/steps';
import { expect, test, type Visit } from '../support/test';

/** Goes forward by the Tab key until that has the focus. */
async function tabTo({ page }: Visit, target: Locator): Promise<void> {
  await target.waitFor();
  for (let n = 0; n < 40 && !(await target.evaluate((it) => it === document.activeElement)); n++) await page.keyboard.press('Tab');
  await expect(target).toBeFocused();
}

async function type(visit: Visit, fields: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(fields)) {
    await tabTo(visit, visit.field(name));
    await visit.page.keyboard.type(text);
  }
}

async function press(visit: Visit, role: 'button' | 'link', name: string): Promise<void> {
  await tabTo(visit, visit.page.getByRole(role, { name, exact: true }).first());
  await visit.page.keyboard.press('Enter');
}

test('from nothing to an account by keys alone, out, and in again', { tag: '@firefox' }, async ({ visit, outbox, page }) => {
  const mine = phone();
  await visit.open('/register/client');
  await type(visit, { 'Nome completo': NAME, Celular: mine.typed, Senha: PASSWORD, 'Confirme a senha': PASSWORD });
  await press(visit, 'button', 'Continuar e receber o código');
  await visit.sees('Confirme com o código');
  await type(visit, { Código: await outbox.code(mine.e164) });
  await page.keyboard.press('Enter');
  await visit.sees('Perfil criado com sucesso');
  await press(visit, 'link', 'Ir para o painel');
  await visit.sees('Olá, Luísa');
  await press(visit, 'button', 'Sair');
  await visit.sees('Entre com tranquilidade.');
  await visit.open('/login');
  await type(visit, { 'E-mail, usuário': mine.typed, Senha: 'Errada#2026 mesmo' });
  await page.keyboard.press('Enter');
  await visit.isTold('Dados de acesso incorretos');
  await type(visit, { Senha: PASSWORD });
  await page.keyboard.press('Enter');
  await visit.sees('Olá, Luísa');
});
