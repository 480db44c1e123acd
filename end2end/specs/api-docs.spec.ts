// The page of the API: read without JavaScript, tried with it, by keys, in the narrowest window, light and dark.

import type { Locator } from '@playwright/test';
import { NARROWEST, small, violations, width } from '../support/axe';
import { email, PASSWORD, phone } from '../support/people';
import { expect, test } from '../support/test';

test('the page of the API is for everybody, whole without a script', async ({ page, browser, baseURL, guard }) => {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.goto('/api/docs#registerClient');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('API');
  expect(await violations(page, 'everything'), 'light').toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  expect(await violations(page, 'colours'), 'dark').toEqual([]);
  await page.setViewportSize(NARROWEST);
  await page.evaluate(() => document.querySelectorAll('details').forEach((it) => it.setAttribute('open', '')));
  expect(await width(page), 'no scrolling sideways at 320 px').toBeLessThanOrEqual(320);
  expect(await small(page), 'targets of 24 px').toEqual([]);

  const context = await browser.newContext({ javaScriptEnabled: false, baseURL });
  await guard.watch(context);
  const reader = await context.newPage();
  await reader.goto('/api/docs');
  await reader.getByText('/api/auth/register/client').click();
  const route = reader.locator('#registerClient');
  await expect(route.getByText('fullName', { exact: true })).toBeVisible();
  await expect(route.getByRole('button')).toBeHidden();
  await context.close();
});

test('a request is tried by keys alone, and its answer is shown', async ({ page, outbox }) => {
  const number = phone();
  await page.goto('/api/docs');
  const route = page.locator('#registerClient');
  const to = async (target: Locator) => {
    for (let i = 0; i < 60 && !(await target.evaluate((it) => it === document.activeElement)); i++) await page.keyboard.press('Tab');
    await expect(target).toBeFocused();
  };
  const body = { fullName: 'Maria Souza', phone: number.typed, email: email(), password: PASSWORD, passwordConfirmation: PASSWORD };
  await to(page.getByRole('link', { name: 'Ir para o conteúdo' }));
  await page.keyboard.press('Enter');
  await to(route.locator('summary').first());
  await page.keyboard.press('Enter');
  await to(route.getByLabel('Corpo (application/json)'));
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(JSON.stringify(body));
  await to(route.getByRole('button', { name: 'Enviar pedido' }));
  await page.keyboard.press('Enter');
  await expect(route.getByRole('status')).toContainText('202');
  await expect(route.getByRole('status')).toContainText('expiresIn');
  await outbox.code(number.e164);
});

test('a refusal is shown with its status', async ({ page, guard }) => {
  guard.expect(401);
  await page.goto('/api/docs#getProfile');
  const route = page.locator('#getProfile');
  await page.getByLabel('Token de acesso').fill('nenhum');
  await route.getByRole('button', { name: 'Enviar pedido' }).click();
  await expect(route.getByRole('status')).toContainText('401');
  await expect(route.getByRole('status')).toContainText('urn:portaria:problem:not-signed-in');
});
