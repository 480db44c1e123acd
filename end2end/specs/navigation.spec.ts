// Getting about: without reloading, by keyboard, in another language, in a narrow window, without movement.

import type { Page } from '@playwright/test';
import { brand, titled } from '../support/brand';
import { phone } from '../support/people';
import { enterCode, NAME, register } from '../support/steps';
import { expect, test } from '../support/test';

/** Gone when the document is loaded anew. */
async function mark(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
}

async function isSameDocument(page: Page): Promise<boolean> {
  return page.evaluate(() => 'sameDocument' in window);
}

test('moving between pages never reloads', { tag: '@firefox' }, async ({ visit, outbox, page }) => {
  const mine = phone();
  await visit.open('/');
  await mark(page);
  await visit.follow('Criar conta');
  await visit.sees('Que tipo de conta você quer criar?');
  await expect(page).toHaveTitle(titled('Criar conta'));
  await visit.follow(brand.client.name);
  await visit.sees(brand.client.title);
  await page.goBack();
  await visit.sees('Que tipo de conta você quer criar?');
  await page.goForward();
  await visit.sees(brand.client.title);
  await visit.fill({ 'Nome completo': NAME, Celular: mine.typed });
  await visit.press('Receber código');
  await visit.sees('Digite o código que enviamos');
  await visit.follow('Corrigir o número');
  await visit.sees(brand.client.title);
  await page.goBack();
  await visit.sees('Digite o código que enviamos');
  await enterCode(visit, await outbox.code(mine.e164));
  await visit.sees('Perfil criado com sucesso');
  await visit.follow('Ir para o início');
  await visit.sees('Olá, Luísa');
  await visit.follow('Termos e privacidade');
  await visit.sees('Termos de serviço e privacidade');
  await visit.press('Sair');
  await visit.sees('Uma conta segura para os serviços que você usa');
  await visit.follow('Entrar');
  await visit.sees('Entrar');
  await visit.follow('Entrar com código no celular');
  await visit.sees('Entrar com um código');
  await visit.follow(`${brand.name}, página inicial`);
  await visit.sees('Uma conta segura para os serviços que você usa');
  expect(await isSameDocument(page)).toBe(true);
});

test('a page that came without being loaded puts the focus on its heading', async ({ visit, page }) => {
  await visit.open('/');
  await visit.follow('Criar conta');
  await expect(page.getByRole('heading', { level: 1, name: 'Que tipo de conta você quer criar?' })).toBeFocused();
  await visit.follow(brand.client.name);
  await expect(page.getByRole('heading', { level: 1, name: brand.client.title })).toBeFocused();
});

test('back from an account that is made does not lead into its sign-up again', async ({ visit, outbox, page }) => {
  const mine = phone();
  await register(visit, { phone: mine });
  await enterCode(visit, await outbox.code(mine.e164));
  await visit.sees('Perfil criado com sucesso');
  await visit.follow('Ir para o início');
  await visit.sees('Olá, Luísa');
  await page.goBack();
  await visit.sees('Perfil criado com sucesso');
});

for (const path of ['/nao-existe', '/register/nao-existe', '/dashboard/nao-existe']) {
  test(`${path} is a page that says so, with a way home`, async ({ visit, guard, page }) => {
    guard.expect(404);
    const answer = await page.goto(path);
    await visit.awake();
    expect(answer?.status()).toBe(404);
    await visit.sees('Página não encontrada');
    await expect(page).toHaveTitle(titled('Página não encontrada'));
    await visit.follow('Ir para a página inicial');
    await visit.sees('Uma conta segura para os serviços que você usa');
  });
}

test('the other language, and back, on the same page', async ({ visit, page }) => {
  await visit.open('/register/client');
  await expect(page.locator('html')).toHaveAttribute('lang', 'pt-BR');
  await visit.press('English');
  await visit.sees(brand.client.titleInEnglish);
  await visit.awake();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('button', { name: 'English' })).toHaveAttribute('aria-current', 'true');
  await visit.follow('Sign in');
  await visit.sees('Sign in');
  await visit.open('/terms');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await visit.press('Português');
  await visit.sees('Termos de serviço e privacidade');
});

test.describe('by keyboard alone', () => {
  test('the client form, in its order, each stop to be seen, Enter sends it', { tag: '@firefox' }, async ({ visit, outbox, page }) => {
    const mine = phone();
    await visit.open('/register/client');
    const stops: string[] = [];
    for (let n = 0; n < 30; n++) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const at = document.activeElement as HTMLElement;
        const style = getComputedStyle(at);
        const label = at instanceof HTMLInputElement ? at.labels?.[0] : undefined;
        const box = at.getBoundingClientRect();
        return {
          name: (at.ariaLabel ?? label?.textContent ?? at.textContent ?? '').trim(),
          ringed: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none',
          inView: box.top >= 0 && box.bottom <= innerHeight && box.width > 0,
        };
      });
      expect(stop.ringed, `the focus is seen on “${stop.name}”`).toBe(true);
      expect(stop.inView, `“${stop.name}” is in view`).toBe(true);
      stops.push(stop.name);
      if (stop.name === 'Nome completo') await page.keyboard.type(NAME);
      if (stop.name === 'Celular') await page.keyboard.type(mine.typed);
      if (stop.name === 'Receber código') break;
    }
    expect(stops).toEqual([
      'Ir para o conteúdo',
      `${brand.name}, página inicial`,
      'Entrar',
      'Voltar à escolha da conta',
      'Nome completo',
      'Celular',
      'Adicionar e-mail e senha (opcional)',
      'WhatsApp',
      'Termos e privacidade (abre em outra aba)',
      'Receber código',
    ]);
    await page.keyboard.press('Enter');
    await visit.sees('Digite o código que enviamos');
    await visit.field('Código').focus();
    await page.keyboard.type(await outbox.code(mine.e164));
    await page.keyboard.press('Enter');
    await visit.sees('Perfil criado com sucesso');
  });

  test('Enter in a field sends the form too, and its errors take the focus', async ({ visit, page }) => {
    await visit.open('/register/client');
    await visit.field('Nome completo').focus();
    await page.keyboard.press('Enter');
    await visit.isTold('Informe o nome');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(visit.field('Nome completo')).toBeFocused();
  });

  test('the skip link leads past the header', async ({ visit, page }) => {
    await visit.open('/register/client');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Voltar à escolha da conta' })).toBeFocused();
  });
});

test.describe('the password fields', () => {
  test('are shown on request, each by its own button', async ({ visit, page }) => {
    await visit.open('/register/client');
    await visit.fill({ Senha: 'Abc#1234', 'Confirme a senha': 'Abc#12345' });
    await visit.press('Mostrar senha');
    await expect(visit.field('Senha')).toHaveAttribute('type', 'text');
    await expect(visit.field('Confirme a senha')).toHaveAttribute('type', 'password');
    await visit.press('Ocultar senha');
    await expect(visit.field('Senha')).toHaveAttribute('type', 'password');
    await expect(page.getByRole('button', { name: 'Mostrar confirmação da senha' })).toBeVisible();
  });

  test('tell what is met while typing, and how strong it is', async ({ visit }) => {
    await visit.open('/register/teacher');
    const rule = (text: string) => visit.main.getByRole('listitem').filter({ hasText: text });
    await visit.field('Senha').fill('abc');
    await expect(rule('uma letra minúscula')).toContainText('atendido');
    await expect(rule('uma letra maiúscula')).not.toContainText('atendido');
    await visit.reads('fraca');
    await visit.field('Senha').fill('Jacarandá#7 no quintal');
    for (const text of ['pelo menos 8', 'minúscula', 'maiúscula', 'um número', 'especial']) await expect(rule(text)).toContainText('atendido');
    await visit.reads('boa');
  });
});

test('a code is pasted, with spaces', async ({ visit, outbox, page, context }) => {
  const mine = phone();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await register(visit, { phone: mine });
  const code = await outbox.code(mine.e164);
  await page.evaluate((text) => navigator.clipboard.writeText(text), ` ${code.slice(0, 3)} ${code.slice(3)} `);
  await visit.field('Código').focus();
  await page.keyboard.press('ControlOrMeta+V');
  await expect(visit.field('Código')).toHaveValue(/\d{3} \d{3}/);
  await visit.sendCode();
  await visit.sees('Perfil criado com sucesso');
});

test('the code field is one, for keypads and autofill', async ({ visit }) => {
  await register(visit, { phone: phone() });
  const code = visit.field('Código');
  await expect(code).toHaveAttribute('autocomplete', 'one-time-code');
  await expect(code).toHaveAttribute('inputmode', 'numeric');
  await expect(code).toHaveAttribute('type', 'text');
  await expect(code).not.toHaveAttribute('maxlength');
});

test('who wants no movement gets none', async ({ visit, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const path of ['/', '/register/teacher', '/login']) {
    await visit.open(path);
    const moving = await page.evaluate(() => {
      const seconds = (times: string) => Math.max(...times.split(',').map((time) => parseFloat(time) * (time.endsWith('ms') ? 0.001 : 1)));
      return [...document.querySelectorAll('*')].filter((element) => {
        const style = getComputedStyle(element);
        return seconds(style.transitionDuration) > 0.02 || (style.animationName !== 'none' && seconds(style.animationDuration) > 0.02);
      }).length;
    });
    expect(moving, path).toBe(0);
  }
});

test('a server that cannot be reached is told, and nothing typed is lost', async ({ visit, page, context, guard }) => {
  const mine = phone();
  await visit.open('/register/client');
  await visit.fill({ 'Nome completo': NAME, Celular: mine.typed });
  guard.expectOffline();
  await context.setOffline(true);
  await visit.press('Receber código');
  await visit.isTold('Não conseguimos falar com o servidor. Confira sua conexão e tente de novo');
  await context.setOffline(false);
  await expect(visit.field('Celular')).toHaveValue(mine.typed);
  await visit.press('Receber código');
  await visit.sees('Digite o código que enviamos');
  expect(page.url()).toContain('/register/client');
});
