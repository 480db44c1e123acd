// Password managers, and what browsers do for fields. The tokens of all fields are looked at in every scene (filled.ts).

import type { Page } from '@playwright/test';
import { paste } from '../support/clipboard';
import { email, PASSWORD } from '../support/people';
import { comeIn, NAME, signIn, teacherByApi } from '../support/steps';
import { expect, test } from '../support/test';

/** Whether what stands in a password field can be seen by a button at its end, inside it. */
async function isInside(page: Page): Promise<void> {
  for (const password of await page.locator('.password').all()) {
    const [field, button] = [await password.locator('input').boundingBox(), await password.getByRole('button').boundingBox()];
    if (!field || !button) throw new Error('no box');
    expect(button.x).toBeGreaterThan(field.x + field.width / 2);
    expect(button.x + button.width).toBeLessThanOrEqual(field.x + field.width + 1);
    expect(button.y).toBeGreaterThanOrEqual(field.y - 1);
    expect(button.y + button.height).toBeLessThanOrEqual(field.y + field.height + 1);
  }
}

test('a password is shown by a button inside its field, at any width', async ({ visit, page }) => {
  for (const [path, width] of [['/login', 320], ['/register/teacher', 390], ['/register/teacher', 1280]] as const) {
    await page.setViewportSize({ width, height: 800 });
    await visit.open(path);
    await isInside(page);
  }
});

test('a password is pasted where it is chosen, and where it opens', async ({ visit, outbox }) => {
  const mine = email();
  await visit.open('/register/teacher');
  await visit.fill({ 'Nome completo': NAME, 'E-mail institucional': mine });
  for (const field of ['Senha', 'Confirme a senha']) await paste(visit, visit.field(field), PASSWORD);
  await visit.field('Li e aceito').check();
  await visit.press('Criar conta');
  await visit.sees('Verifique seu email para ativar sua conta');
  await visit.open(await outbox.link(mine));
  await paste(visit, visit.field('E-mail, usuário'), mine);
  await paste(visit, visit.field('Senha'), PASSWORD);
  await visit.field('Senha').press('Enter');
  await visit.sees('Olá, Luísa');
});

test('that capitals are locked is told beside a password, while it is typed', async ({ visit }) => {
  await visit.open('/login');
  const type = (modifierCapsLock: boolean) =>
    visit.field('Senha').evaluate((it, modifierCapsLock) => {
      for (const kind of ['keydown', 'keyup']) it.dispatchEvent(new KeyboardEvent(kind, { key: 'A', bubbles: true, modifierCapsLock }));
    }, modifierCapsLock);
  const told = visit.main.getByText(/Caps Lock/);
  await visit.field('Senha').focus();
  await type(false);
  await expect(told).not.toBeVisible();
  await type(true);
  await expect(told).toBeVisible();
  await type(false);
  await expect(told).not.toBeVisible();
});

test('the address where managers change a password leads to its page, also by the sign-in', async ({ visit, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox);
  await visit.open('/.well-known/change-password');
  await visit.sees('Entrar');
  await signIn(visit, teacher.email, PASSWORD);
  await visit.sees('Alterar senha');
});

test('what the browser filled in has our colours', async ({ visit, page, outbox, request }) => {
  await comeIn(visit, (await teacherByApi(request, outbox)).email);
  const rules = await page.evaluate(() =>
    [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].flatMap((rule) => (rule instanceof CSSStyleRule ? [rule.selectorText] : []))),
  );
  expect(rules.join(' ')).toMatch(/:(-webkit-)?autofill/);
});
