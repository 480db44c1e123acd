// `oidc-client-ts` (https://github.com/authts/oidc-client-ts) in a page of a real Chromium, as single-page products use it: no server of
// its own but one of files, renewed silently by the refresh token, across origins. PRODUCT_PORT is where that page is; CHROMIUM is the
// browser.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';
import { ISSUER, PASSWORD, mailedLink, newEmail } from './person.mjs';

const PORT = Number(process.env.PRODUCT_PORT);
const PRODUCT = `http://127.0.0.1:${PORT}`;
const LIBRARY = readFileSync(new URL('node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js', import.meta.url));
const PAGE = `<!doctype html><html lang="pt-BR"><title>Produto</title><link rel="icon" href="data:,">
<h1>Produto</h1><script src="/oidc-client-ts.js"></script><script>
  window.manager = new oidc.UserManager({
    authority: '${ISSUER}', client_id: 'page', redirect_uri: '${PRODUCT}/callback', post_logout_redirect_uri: '${PRODUCT}/bye',
    scope: 'openid profile email offline_access', loadUserInfo: true, automaticSilentRenew: false,
  });
</script>`;

const files = createServer((request, response) => {
  const script = request.url === '/oidc-client-ts.js';
  response.writeHead(200, { 'Content-Type': script ? 'text/javascript' : 'text/html; charset=utf-8' }).end(script ? LIBRARY : PAGE);
}).listen(PORT, '127.0.0.1');
// A page of somebody else, which may read nothing.
const others = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>x</title>'));
await new Promise((go) => others.listen(0, '127.0.0.1', go));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--no-sandbox', '--disable-background-networking', '--disable-gpu', '--disable-component-update', '--disable-sync', '--no-first-run'],
});

async function visitor() {
  const context = await browser.newContext({ locale: 'pt-BR' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  return page;
}

/** The first-level heading, once the page has woken: what is typed before may be lost. */
async function sees(page, heading) {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  await page.locator('body[data-awake]').waitFor();
}

/** What the callback made of its address: who it is, or why not. */
function entered(page) {
  return page.evaluate(async () => {
    try {
      const user = await window.manager.signinCallback();
      return { profile: user.profile, access: user.access_token, refresh: user.refresh_token };
    } catch (error) {
      return { error: String(error) };
    }
  });
}

function userinfo(page, access) {
  return page.evaluate(
    async ([url, access]) => (await fetch(url, { headers: { Authorization: `Bearer ${access}` } })).status,
    [`${ISSUER}/oauth/userinfo`, access],
  );
}

try {
  const page = await visitor();
  const email = newEmail();
  await page.goto(PRODUCT);
  await page.evaluate(() => void window.manager.signinRedirect({ nonce: 'once' }));
  // From nothing: signs up, opens the link in the mail, signs in.
  await sees(page, 'Entrar');
  await page.goto(`${ISSUER}/register/teacher`);
  await page.locator('body[data-awake]').waitFor();
  for (const [label, text] of [['Nome completo', 'Carla Dias'], ['E-mail institucional', email], ['Senha', PASSWORD], ['Confirme a senha', PASSWORD]]) {
    await page.getByRole('main').getByLabel(new RegExp(`^${label}`)).and(page.locator('input')).fill(text);
  }
  await page.getByLabel(/^Li e aceito/).check();
  await page.getByRole('button', { name: 'Criar conta', exact: true }).click();
  await sees(page, 'Verifique seu email para ativar sua conta');
  await page.goto(await mailedLink(email));
  await sees(page, 'Entrar');
  await page.getByLabel(/^E-mail, usuário/).fill(email);
  await page.getByLabel(/^Senha/).and(page.locator('input')).fill(PASSWORD);
  await page.getByRole('button', { name: 'Entrar', exact: true }).click();
  await page.waitForURL(`${PRODUCT}/callback?*`);
  const callback = page.url();
  const first = await entered(page);
  assert.deepEqual([first.error, first.profile?.name, first.profile?.email], [undefined, 'Carla Dias', email]);
  assert.equal(await userinfo(page, first.access), 200);

  // Renewed silently, by the refresh token and without a frame.
  const second = await page.evaluate(async () => {
    const user = await window.manager.signinSilent();
    return { access: user.access_token, refresh: user.refresh_token, sub: user.profile.sub };
  });
  assert.notEqual(second.access, first.access);
  assert.notEqual(second.refresh, first.refresh);
  assert.equal(second.sub, first.profile.sub);
  assert.equal(page.frames().length, 1);
  assert.equal(await userinfo(page, second.access), 200);

  // The same callback again: the library has forgotten its state, and the code is spent.
  await page.goto(callback);
  assert.match((await entered(page)).error, /state/i);
  // Another nonce than that of the ID token, and another verifier than that of the code.
  for (const [name, why] of [['nonce', /nonce/i], ['code_verifier', /invalid_grant|code/i]]) {
    await page.goto(PRODUCT);
    await page.evaluate(() => void window.manager.signinRedirect({ nonce: 'once' }));
    await page.waitForURL(`${PRODUCT}/callback?*`);
    await page.evaluate((name) => {
      const key = `oidc.${new URL(location.href).searchParams.get('state')}`;
      localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage.getItem(key)), [name]: 'another'.repeat(7) }));
    }, name);
    const told = await entered(page);
    assert.match(told.error ?? 'it was taken', why);
  }

  // Another origin reads neither tokens nor claims, whatever it has.
  const foreign = await visitor();
  await foreign.goto(`http://127.0.0.1:${others.address().port}/`);
  for (const path of ['/oauth/userinfo', '/oauth/token']) {
    const read = foreign.evaluate(async (url) => (await fetch(url, { method: 'POST', body: new URLSearchParams({ a: 'b' }) })).status, ISSUER + path);
    await assert.rejects(read, /Failed to fetch/, path);
  }
  const open = await foreign.evaluate(async (url) => (await (await fetch(url)).json()).issuer, `${ISSUER}/.well-known/openid-configuration`);
  assert.equal(open, ISSUER);

  // Gives its tokens back, and signs out there and here.
  await page.goto(PRODUCT);
  const third = await page.evaluate(async () => {
    const user = await window.manager.signinSilent();
    await window.manager.revokeTokens(['refresh_token']);
    return user.access_token;
  });
  assert.equal(await userinfo(page, third), 401);
  await page.evaluate(() => void window.manager.signoutRedirect({ state: 'bye' }));
  await page.waitForURL(`${PRODUCT}/bye*`);
  await page.evaluate(() => window.manager.signoutCallback());
  await page.goto(`${ISSUER}/dashboard`);
  await sees(page, 'Entrar');
} finally {
  await browser.close();
  files.close();
  files.closeAllConnections();
  others.close();
  others.closeAllConnections();
}
