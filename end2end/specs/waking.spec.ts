// What others put into a page before it wakes; and a page that dies is the one without WASM.

import { phone } from '../support/people';
import { NAME } from '../support/steps';
import { expect, test } from '../support/test';

/** As password managers do it once the document is read: beside and inside labels and fields, into forms and the body. */
function decorate(): void {
  const icon = () => Object.assign(document.createElement('x-manager'), { textContent: '*' });
  for (const it of document.querySelectorAll('input, label')) it.before(icon());
  for (const it of document.querySelectorAll('input, label, button')) it.after(icon());
  for (const it of document.querySelectorAll('label, form, fieldset, main, body')) {
    it.prepend(icon());
    it.append(icon());
  }
  const field = document.querySelector('form input:not([type=hidden])');
  if (field) {
    const frame = document.createElement('x-frame');
    field.replaceWith(frame);
    frame.append(field);
  }
  document.head.append(document.createElement('meta'));
}

test('what a password manager puts into a page does not keep it from waking', { tag: '@firefox' }, async ({ visit, page }) => {
  await page.addInitScript(`addEventListener('DOMContentLoaded', ${decorate.toString()})`);
  await visit.open('/login');
  expect(await page.locator('x-manager').count()).toBeGreaterThan(10);
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await page.getByRole('link', { name: 'Esqueci minha senha' }).click();
  await expect(page).toHaveURL(/forgot-password/);
  expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
  await visit.open('/register/client');
  // by their own names: their labels read otherwise now
  await page.locator('input[name=name]').fill(NAME);
  await page.locator('input[name=phone]').fill(phone().typed);
  await visit.press('Receber código');
  await visit.sees('Digite o código que enviamos');
});

test('nor what is put between the nodes while the document is read, nor a translation', { tag: '@firefox' }, async ({ visit, page }) => {
  await page.addInitScript(() => {
    new MutationObserver((records) => {
      for (const node of records.flatMap((record) => [...record.addedNodes])) {
        if (node instanceof HTMLInputElement) node.before(document.createElement('x-manager'));
        // As Chrome and Firefox translate: each text in elements of its own.
        if (node instanceof Text && node.data.trim() && node.parentElement?.closest('live-part') && node.parentElement.tagName !== 'FONT') {
          const font = document.createElement('font');
          node.replaceWith(font);
          font.append(node);
        }
      }
    }).observe(document, { childList: true, subtree: true });
  });
  await visit.open('/register/teacher');
  await visit.press('Mostrar senha');
  await page.locator('input[name=password]').fill('Jacarandá#7 no quintal');
  await visit.reads('boa');
  await visit.follow('Entrar');
  await visit.sees('Entrar');
});

/** In a listener of the page, as a panic of the WASM is. */
function trap(): void {
  const unreachable = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 5, 1, 3, 0, 0, 0x0b];
  document.addEventListener('keydown', () => new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(unreachable))));
}

test('after a panic links and forms are the browser’s own, and the server is told once', { tag: '@firefox' }, async ({ browser }) => {
  // not watched by the guard: a panic is what it waits for
  const context = await browser.newContext();
  const page = await context.newPage();
  let sent = 0;
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/page-failure') sent += 1;
  });
  // Firefox does not tell the driver what a request holds
  await page.addInitScript(() => {
    const reports: string[] = [];
    const send = window.fetch;
    window.fetch = (...given) => {
      if (given[0] === '/page-failure') reports.push(String(given[1]?.body));
      return send(...given);
    };
    Object.assign(window, { reports });
  });
  await page.goto('/login?next=segredo');
  await page.locator('body[data-awake]').waitFor();
  await page.evaluate(trap);
  for (let n = 0; n < 2; n++) await page.keyboard.press('Escape');
  await expect.poll(() => sent).toBe(1);
  const reports = await page.evaluate(() => (window as unknown as { reports: string[] }).reports);
  expect(reports.map((report) => (JSON.parse(report) as { route: string }).route)).toEqual(['/login']);
  expect(reports.join()).not.toContain('segredo');
  const documents: string[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest()) documents.push(request.method());
  });
  await page.getByRole('textbox', { name: /E-mail/ }).fill('ninguem@example.com');
  await page.locator('input[name=password]').fill('Umbrella#92x');
  await page.getByRole('button', { name: 'Entrar', exact: true }).click();
  await expect(page.getByText('Dados de acesso incorretos').first()).toBeVisible();
  expect(documents).toEqual(['POST']);
  await context.close();
});

test('a WASM that cannot be started is told, and the page works without it', { tag: '@firefox' }, async ({ browser }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route('**/*.wasm', (route) => route.fulfill({ contentType: 'application/wasm', body: 'none' }));
  const told = page.waitForRequest((request) => new URL(request.url()).pathname === '/page-failure');
  await page.goto('/login');
  await told;
  await page.getByRole('link', { name: 'Esqueci minha senha' }).click();
  await expect(page).toHaveURL(/forgot-password/);
  await context.close();
});
