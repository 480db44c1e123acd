// The page on which development reads its messages. On a server of its own: on the one that all others share it lists hundreds.

import { NARROWEST, small, violations, width } from '../support/axe';
import { withSettings } from '../support/own-server';
import { email, PASSWORD, phone } from '../support/people';
import { expect } from '../support/test';

const test = withSettings(() => ({}));
test.describe.configure({ mode: 'default' });

/** Asks for an account by the API, so that a message leaves. */
async function register(baseURL: string | undefined, number: string): Promise<void> {
  const body = { fullName: 'Maria Souza', phone: number, email: email(), password: PASSWORD, passwordConfirmation: PASSWORD };
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${baseURL}/api/auth/register/client`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(202);
}

test('a message arrives in the page without a reload, and its code is copied', async ({ page, context, outbox, baseURL }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('/dev/outbox');
  await page.evaluate(() => Object.assign(window, { same: true }));
  const number = phone();
  await register(baseURL, number.typed);
  const code = await outbox.code(number.e164);
  const row = page.getByRole('navigation').getByRole('link').filter({ hasText: number.e164 });
  await expect(row).toContainText(code);
  await expect(page.getByRole('status')).toHaveText('Chegou uma mensagem.');
  expect(await page.evaluate(() => 'same' in window), 'the same document').toBe(true);
  await row.click();
  await expect(row).toHaveAttribute('aria-current', 'true');
  await page.getByRole('article').getByRole('button', { name: 'Copiar código' }).click();
  await expect(page.getByRole('status')).toHaveText('Copiado.');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(code);
});

test('an e-mail is shown as it looks, in any width, light and dark, and reads well everywhere', async ({ page, outbox, baseURL }) => {
  const address = email();
  const body = { nome: 'Maria Souza', email: address, senha: PASSWORD, tipo_usuario: 'professor' };
  const headers = { 'content-type': 'application/json' };
  await fetch(`${baseURL}/api/register`, { method: 'POST', headers, body: JSON.stringify(body) });
  await outbox.link(address);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.goto('/dev/outbox');
  await page.getByRole('navigation').getByRole('link').filter({ hasText: address }).click();
  const preview = page.frameLocator('iframe');
  await expect(preview.getByRole('heading', { level: 1 })).toHaveText('Verifique sua conta');
  await expect(page.locator('iframe')).toHaveAttribute('title', 'Como o e-mail aparece: Verifique sua conta');
  await expect(preview.locator('img')).toHaveJSProperty('naturalWidth', 192);
  expect(await violations(page, 'everything'), 'light').toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  expect(await violations(page, 'colours'), 'dark').toEqual([]);
  await page.setViewportSize(NARROWEST);
  expect(await width(page), 'no scrolling sideways at 320 px').toBeLessThanOrEqual(320);
  expect(await small(page), 'targets of 24 px').toEqual([]);
  // The e-mail by itself, as a mail program would show it, 320 px wide.
  const mail = await page.request.get((await page.locator('iframe').getAttribute('src')) ?? '');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Not in the page before it, whose policy would keep the styles of the e-mail out.
    await page.goto('about:blank');
    await page.setContent(await mail.text());
    expect(await width(page), 'the e-mail does not scroll sideways').toBeLessThanOrEqual(320);
    expect(await violations(page, 'everything'), `the e-mail, ${colorScheme}`).toEqual([]);
  }
});

test('without a script the page shows the same', async ({ browser, guard, outbox, baseURL }) => {
  const number = phone();
  await register(baseURL, number.typed);
  const code = await outbox.code(number.e164);
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL });
  await guard.watch(context);
  const reader = await context.newPage();
  await reader.goto('/dev/outbox');
  await reader.getByRole('navigation').getByRole('link').filter({ hasText: number.e164 }).click();
  await expect(reader.getByRole('article')).toContainText(code);
  await expect(reader.getByRole('article').getByRole('button')).toBeHidden();
  await context.close();
});
