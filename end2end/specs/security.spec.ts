// What a page may do, and what nobody may make it do.

import { createHash } from 'node:crypto';
import { titled } from '../support/brand';
import { email, PASSWORD, phone } from '../support/people';
import { become, enterCode, fillTeacher, register, registerTeacher } from '../support/steps';
import { expect, test } from '../support/test';

const PAGES = [
  '/',
  '/register',
  '/register/client',
  '/register/teacher',
  '/register/company',
  '/login',
  '/login?by=code',
  '/verify-email',
  '/resend-verification',
  '/continue?token=abc',
  '/verify?token=abc',
  '/reset-password?token=abc',
  '/forgot-password',
  '/recover-password',
  '/contest',
  '/document-mine?token=abc',
  '/terms',
  '/nao-existe',
];

const hashOf = (text = '') => createHash('sha256').update(text).digest('base64');

const holdsNothing = (path: string): boolean => !path.includes('token=');

test('every page has a policy that runs nothing but our own, and one script and one style sheet that it names', async ({ request }) => {
  for (const path of [...PAGES, '/']) {
    const answer = await request.get(path, { headers: { Accept: 'text/html' } });
    const policy = answer.headers()['content-security-policy'] ?? '';
    const html = await answer.text();
    // Within the page for whoever has nothing yet, else at an address of ours.
    expect([...html.matchAll(/<script/g)].length, path).toBe(1);
    const scripts = [...html.matchAll(/<script>(.*?)<\/script>/gs)];
    expect(scripts.length, path).toBe(holdsNothing(path) ? 1 : 0);
    for (const [, script] of scripts) expect(policy, path).toContain(`script-src 'self' 'sha256-${hashOf(script)}' 'wasm-unsafe-eval';`);
    expect(/<script src="\/pkg\/[\w-]+\/waking.js" async><\/script>/.test(html), path).toBe(scripts.length === 0);
    const styles = [...html.matchAll(/<style>(.*?)<\/style>/gs)];
    expect(styles.length, path).toBe(holdsNothing(path) ? 1 : 0);
    for (const [, css] of styles) expect(policy, path).toContain(`style-src 'self' 'sha256-${hashOf(css)}';`);
    expect([...html.matchAll(/<style/g)].length, path).toBe(styles.length);
    expect(/<link rel="stylesheet"/.test(html), path).toBe(styles.length === 0);
    for (const part of ["default-src 'none'", "style-src 'self'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"]) {
      expect(policy, path).toContain(part);
    }
    expect(policy, path).not.toContain('unsafe-inline');
    expect(html, path).not.toMatch(/\sstyle\s*=|\son[a-z]+\s*=\s*["']|javascript:/i);
    expect(answer.headers()['x-content-type-options'], path).toBe('nosniff');
    expect(answer.headers()['cache-control'], path).toContain('no-store');
  }
});

test('what the navigator asks for has no style sheet within it', async ({ request }) => {
  for (const path of ['/login', '/register/client']) {
    const answer = await request.get(path, { headers: { Accept: 'text/html', 'Sec-Fetch-Dest': 'empty' } });
    const html = await answer.text();
    expect(html, path).not.toContain('<style');
    expect(html, path).toContain('<link rel="stylesheet"');
  }
});

test('the address of a page that holds a token travels nowhere', async ({ request }) => {
  for (const path of ['/verify?token=abc', '/continue?token=abc', '/reset-password?token=abc']) {
    const answer = await request.get(path, { headers: { Accept: 'text/html' } });
    expect(answer.headers()['referrer-policy'], path).toBe('no-referrer');
  }
});

test('cookies are out of reach of scripts and of other sites', async ({ visit, context, page }) => {
  await become(visit);
  const cookies = await context.cookies();
  expect(cookies.length).toBeGreaterThanOrEqual(2);
  for (const cookie of cookies) {
    expect(cookie.httpOnly, cookie.name).toBe(true);
    expect(cookie.sameSite, cookie.name).toBe('Lax');
  }
  expect(await page.evaluate(() => document.cookie)).toBe('');
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
});

test('a form from another site is turned away', async ({ request }) => {
  const form = { _form: 'sign_in', identifier: 'a@exemplo.com.br', password: 'x' };
  const headers = { Accept: 'text/html', Origin: 'https://outro.example', 'Sec-Fetch-Site': 'cross-site' };
  for (const path of ['/login', '/sf/sign_in']) {
    const answer = await request.post(path, { form, headers });
    expect(answer.status(), path).toBe(403);
  }
});

test('no address makes a page say that something was done', async ({ visit }) => {
  for (const code of ['%3Cb%3Eoi%3C%2Fb%3E', 'Ligue+para+0800', 'nothing', 'password_changed', 'verified']) {
    await visit.open(`/login?notice=${code}`);
    await visit.sees('Entrar');
    for (const region of await visit.main.getByRole('status').all()) await expect(region).toHaveText('');
    await expect(visit.main).not.toContainText(/oi|0800|nothing|sucesso/);
  }
});

for (const name of ['<img src=x onerror=alert(1)>', '</title><script>alert(1)</script>', '"><svg onload=alert(1)>', '{{7*7}}${7*7}']) {
  test(`a name like ${name} is shown as it is, and does nothing`, async ({ visit, outbox, page }) => {
    const mine = phone();
    await register(visit, { name, phone: mine });
    await visit.follow('Corrigir o número');
    await expect(visit.field('Nome completo')).toHaveValue(name);
    await visit.reload();
    await expect(visit.field('Nome completo')).toHaveValue(name);
    await visit.follow('Voltar sem mudar nada');
    await enterCode(visit, await outbox.code(mine.e164));
    await visit.follow('Ir para o início');
    await expect(visit.main.locator('dd', { hasText: name })).toBeVisible();
    await visit.reload();
    await expect(visit.main.locator('dd', { hasText: name })).toBeVisible();
    await expect(page).toHaveTitle(titled('Início'));
    expect(await page.locator('main img, main script, main svg:not(.icon)').count()).toBe(0);
  });
}

test('in a message to an address that nobody proved there is none', async ({ visit, outbox, page, baseURL }) => {
  const address = email();
  await visit.open('/register/teacher');
  await fillTeacher(visit, { name: '<img src=x onerror=alert(1)>', email: address, password: PASSWORD });
  await visit.field('Li e aceito').check();
  await visit.press('Criar conta');
  await visit.sees('Verifique seu email para ativar sua conta');
  await outbox.link(address);
  await page.goto(`${baseURL}/dev/outbox`);
  await page.getByRole('navigation').getByRole('link').filter({ hasText: address }).first().click();
  // nobody has proved the address: its mail says nobody's name
  await expect(page.getByRole('article').filter({ hasText: address }).first()).not.toContainText('<img');
  expect(await page.locator('img').count()).toBe(0);
});

test('a sign-up is seen by the browser that has it, and by no other', async ({ visit, otherDevice }) => {
  await registerTeacher(visit, email());
  const other = await otherDevice();
  await other.open('/verify-email');
  await other.reads('Este navegador não tem um cadastro em andamento.');
  await other.open('/register/teacher');
  await expect(other.field('Nome completo')).toHaveValue('');
});
