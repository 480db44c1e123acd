// A new version of the terms of service is asked for after the next sign-in, and what was accepted can be read again.

import { brand } from '../support/brand';
import { withSettings } from '../support/own-server';
import { PASSWORD } from '../support/people';
import type { Settings } from '../support/server';
import { signIn, teacherByApi } from '../support/steps';
import { expect } from '../support/test';

const settings: Settings = {};
const test = withSettings(() => settings);

test('Uma nova versão dos termos é pedida antes do painel; a anterior continua legível', async ({ visit, server, outbox, request, page }) => {
  const teacher = await teacherByApi(request, outbox);
  await server.kill();
  settings.TERMS_VERSION = '2027-01';
  await server.again();

  await visit.open('/login');
  await signIn(visit, teacher.email, PASSWORD);
  await visit.sees('Leia e aceite os termos');
  await visit.reads(brand.terms.heading);
  await visit.open('/dashboard');
  await visit.sees('Leia e aceite os termos');
  await visit.press('Aceitar e continuar');
  await visit.sees(/^Olá, /);

  await visit.open('/terms');
  await visit.reads('Versão 2027-01, em vigor.');
  await visit.main.getByRole('link', { name: new RegExp(`Versão ${brand.terms.version}`) }).click();
  await visit.reads('Já não está em vigor');
  expect(new URL(page.url()).search).toBe(`?version=${brand.terms.version}`);
});

test('Quem se cadastra sem uma caixa lê no botão que aceita os termos', async ({ visit }) => {
  await visit.open('/register/client');
  await visit.reads('Ao continuar, você aceita os Termos e privacidade');
  await expect(visit.main.getByRole('link', { name: /^Termos e privacidade/ })).toHaveAttribute('href', '/terms');
});
