// A person without a mouse in Firefox, with JavaScript and without it. In Chromium: journeys.spec.ts, every journey.
//
// The page is asked from outside, again and again: a Firefox without JavaScript has no timers, and what waits inside the page waits
// for ever.

import type { Locator } from '@playwright/test';
import { PASSWORD, phone } from '../support/people';
import { NAME } from '../support/steps';
import { expect, test, type Visit } from '../support/test';

/** What they say; nothing while one page goes and the next comes. */
const texts = (of: Locator): Promise<string[]> => of.allTextContents().catch(() => []);

const sees = (visit: Visit, heading: string) => expect.poll(() => texts(visit.page.locator('h1'))).toEqual([heading]);

/** Goes there by the Tab key: forward, or back to what stands before. */
async function tabTo({ page }: Visit, target: Locator): Promise<void> {
  await expect.poll(() => target.count()).toBe(1);
  const back = await target.evaluate((it) => (document.activeElement?.compareDocumentPosition(it) ?? 0) & Node.DOCUMENT_POSITION_PRECEDING);
  const hasFocus = () => target.evaluate((it) => it === document.activeElement);
  for (let n = 0; n < 40 && !(await hasFocus()); n++) await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
  expect(await hasFocus(), `${target} is reached`).toBe(true);
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
  await type(visit, { 'Nome completo': NAME, Celular: mine.typed });
  await tabTo(visit, visit.main.locator('form summary').first());
  await page.keyboard.press('Enter');
  await type(visit, { Senha: PASSWORD, 'Confirme a senha': PASSWORD });
  await press(visit, 'button', 'Receber código');
  await sees(visit, 'Digite o código que enviamos');
  await type(visit, { Código: await outbox.code(mine.e164) });
  await page.keyboard.press('Enter');
  await sees(visit, 'Perfil criado com sucesso');
  await press(visit, 'link', 'Ir para o início');
  await sees(visit, 'Olá, Luísa');
  await press(visit, 'button', 'Sair');
  await sees(visit, 'Uma conta segura para os serviços que você usa');
  await visit.open('/login');
  await type(visit, { 'E-mail, usuário': mine.typed, Senha: 'Errada#2026 mesmo' });
  await page.keyboard.press('Enter');
  await expect.poll(() => texts(visit.summary)).toEqual([expect.stringContaining('Dados de acesso incorretos')]);
  await type(visit, { Senha: PASSWORD });
  await page.keyboard.press('Enter');
  await sees(visit, 'Olá, Luísa');
});
