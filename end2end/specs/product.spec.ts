// Whoever a product sent comes back to it, whatever had to be done in between (docs/openid.md).

import { brand } from '../support/brand';
import { email, NEW_PASSWORD, otherThan, PASSWORD, type Phone, phone } from '../support/people';
import { Product, sent, sentOn } from '../support/product';
import { beginRecovery, chooseNewPassword, clientByApi, companyByApi, confirm, enterCode, enterRecoveryCode, fillClient, fillTeacher, handsOver, NAME, signIn } from '../support/steps';
import { expect, test, type Visit } from '../support/test';

/** Fills in the client's first form, where a product waits. */
async function askFor(visit: Visit, mine: Phone): Promise<void> {
  await visit.follow(brand.client.name);
  await visit.sees(brand.client.title);
  await fillClient(visit, { phone: mine });
  await visit.sees('Digite o código que enviamos');
}

test('a client signs up by a code on the way, agrees, and is in; the next time without a question', { tag: '@firefox' }, async ({ visit, outbox }) => {
  const [mine, shop] = [phone(), await Product.called('loja')];
  await sent(visit, shop, { prompt: 'create' });
  await visit.sees('Que tipo de conta você quer criar?');
  await askFor(visit, mine);
  const code = await outbox.code(mine.e164);
  await enterCode(visit, otherThan(code));
  await visit.isTold('A confirmação do número de telefone falhou');
  await enterCode(visit, code);
  await visit.sees('Entrar em Loja do Zé?');
  await visit.reads('Celular confirmado');
  await visit.press('Permitir e continuar');
  const told = await shop.isEnteredBy(visit);
  expect([told.name, told.phone_number, told.phone_number_verified]).toEqual([NAME, mine.e164, true]);

  const again = await Product.called('loja');
  await sentOn(visit, again);
  expect((await again.isEnteredBy(visit)).sub).toBe(told.sub);
  await visit.open('/dashboard');
  await visit.sees('Olá, Luísa');
});

test('a sign-up that goes on at another device ends in the product, there', async ({ visit, otherDevice, outbox }) => {
  const [mine, school] = [phone(), await Product.called('escola')];
  await sent(visit, school, { prompt: 'create' });
  await askFor(visit, mine);
  const link = await handsOver(visit);
  const other = await otherDevice();
  await other.open(link);
  await other.press('Continuar neste aparelho');
  await other.sees('Digite o código que enviamos');
  await enterCode(other, await outbox.code(mine.e164));
  await other.sees('Perfil criado com sucesso');
  await other.follow('Ir para o início');
  expect((await school.isEnteredBy(other)).phone_number).toBe(mine.e164);
});

test('a link in a mail that is opened at another device leads to the product from both', async ({ visit, otherDevice, outbox }) => {
  const school = await Product.called('escola');
  const me = { name: NAME, email: email(), password: PASSWORD };
  await sent(visit, school, { scope: 'openid email' });
  await visit.sees('Entrar');
  await visit.open('/register/teacher');
  await fillTeacher(visit, me);
  await visit.field('Li e aceito').check();
  await visit.press('Criar conta');
  await visit.sees('Verifique seu email para ativar sua conta');

  const other = await otherDevice();
  await other.open(await outbox.link(me.email));
  await confirm(other);
  await other.sees('Entrar');
  await signIn(other, me.email, me.password);
  const told = await school.isEnteredBy(other);
  expect([told.email, told.email_verified]).toEqual([me.email, true]);

  await visit.open('/login');
  await signIn(visit, me.email, me.password);
  expect((await school.isEnteredBy(visit)).sub).toBe(told.sub);
});

test('whoever forgot the password recovers it on the way', async ({ visit, request, outbox }) => {
  const [client, school] = [await clientByApi(request, outbox), await Product.called('escola')];
  await sent(visit, school);
  await visit.sees('Entrar');
  await signIn(visit, client.email, NEW_PASSWORD);
  await visit.isTold('Dados de acesso incorretos');
  await beginRecovery(visit, client.document);
  await enterRecoveryCode(visit, await outbox.code(client.email));
  await visit.sees('Crie uma nova senha');
  await chooseNewPassword(visit, NEW_PASSWORD);
  await visit.sees('Entrar');
  await signIn(visit, client.email, NEW_PASSWORD);
  expect((await school.isEnteredBy(visit)).name).toBe(NAME);
});

test('whoever says no, or is of another kind, is led back to the product without an entry', async ({ visit, request, outbox, guard }) => {
  const [client, shop] = [await clientByApi(request, outbox), await Product.called('loja')];
  await sent(visit, shop);
  await signIn(visit, client.email, PASSWORD);
  await visit.sees('Entrar em Loja do Zé?');
  await visit.press('Não permitir');
  await visit.page.waitForURL(`${shop.url}/callback?*error=access_denied*`);

  guard.expect(403);
  const rides = await Product.called('caronas');
  await sentOn(visit, rides);
  await visit.sees('Caronas é para outro tipo de conta');
  await visit.follow('Voltar para Caronas');
  await visit.page.waitForURL(`${rides.url}/callback?*error=access_denied*`);
});

test('whoever is in with the wrong account takes another, and the product gets that one', { tag: '@firefox' }, async ({ visit, request, outbox }) => {
  const [mine, other, shop] = [await clientByApi(request, outbox), await companyByApi(request, outbox), await Product.called('loja')];
  await sent(visit, shop, { scope: 'openid email cnpj' });
  await signIn(visit, mine.email, PASSWORD);
  await visit.sees('Entrar em Loja do Zé?');
  await visit.reads(mine.email);
  await visit.press('English');
  await visit.sees('Sign in to Loja do Zé?');
  await visit.press('Português');
  await visit.press('Usar outra conta');
  await visit.sees('Entrar');
  await signIn(visit, other.email, PASSWORD);
  await visit.sees('Entrar em Loja do Zé?');
  await visit.reads(other.email);
  await visit.press('Permitir e continuar');
  const told = await shop.isEnteredBy(visit);
  expect([told.email, told.cnpj]).toEqual([other.email, other.document.replace(/\W/g, '')]);
});

test('what was agreed to is taken back, and asked for again', async ({ visit, request, outbox }) => {
  const [client, shop] = [await clientByApi(request, outbox), await Product.called('loja')];
  await sent(visit, shop);
  await signIn(visit, client.email, PASSWORD);
  await visit.press('Permitir e continuar');
  await shop.isEnteredBy(visit);
  await visit.open('/profile');
  await visit.reads('Um serviço de terceiros tem acesso à sua conta.');
  await visit.follow('Ver serviços');
  await visit.reads('Loja do Zé');
  await visit.press('Retirar acesso de Loja do Zé');
  await visit.reads('Nenhum serviço de terceiros tem acesso à sua conta.');
  await visit.follow('Voltar ao perfil');
  await visit.sees('Meu Perfil');
  await visit.reads('Nenhum serviço de terceiros tem acesso à sua conta.');
  await sentOn(visit, await Product.called('loja'));
  await visit.sees('Entrar em Loja do Zé?');
});

test('a product asks to sign out: only after a yes, and then back to it', async ({ visit, request, outbox }) => {
  const [client, school] = [await clientByApi(request, outbox), await Product.called('escola')];
  await sent(visit, school);
  await signIn(visit, client.email, PASSWORD);
  await school.isEnteredBy(visit);
  const address = `/oauth/logout?${new URLSearchParams({ client_id: 'escola' }).toString()}`;
  await visit.goTo(address);
  await visit.sees('Sair da sua conta?');
  await visit.press('Continuar na conta');
  await visit.sees('Olá, Luísa');
  await visit.goTo(`${address}&post_logout_redirect_uri=${encodeURIComponent(`${school.url}/bye`)}`);
  await visit.press('Sair');
  await visit.page.waitForURL(`${school.url}/bye`);
  await visit.open('/dashboard');
  await visit.sees('Entrar');
});
