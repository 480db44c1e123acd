// SPEC §13: the ways into an account. Blocking it until a recovery, a second one beside the phone, and showing again who one is.

import { email, NEW_PASSWORD, PASSWORD, phone } from '../support/people';
import { become, beginRecovery, chooseNewPassword, clientByApi, comeIn, enterCode, enterRecoveryCode, signIn, signOut } from '../support/steps';
import { expect, test } from '../support/test';

test('“Bloquear minha conta agora” ends all sessions; password and codes rest until a recovery', async ({ visit, otherDevice, outbox, request }) => {
  const client = await clientByApi(request, outbox);
  const thief = await otherDevice();
  await comeIn(thief, client.email);
  await comeIn(visit, client.email);
  await visit.open('/profile/data');
  await visit.press('Bloquear minha conta agora');
  await visit.sees('Entrar');
  await visit.reads('Bloqueamos sua conta e encerramos todas as sessões');
  await thief.open('/dashboard');
  await thief.sees('Entrar');
  await thief.awake();
  await signIn(thief, client.email, PASSWORD);
  await thief.isTold('Esta conta está bloqueada a pedido do dono');
  await visit.open('/login?by=code');
  await visit.fill({ Celular: client.phone.typed });
  await visit.press('Receber código');
  await visit.fill({ Código: await outbox.code(client.phone.e164) });
  await visit.sendCode();
  await visit.isTold('Esta conta está bloqueada a pedido do dono');

  await beginRecovery(visit, client.document);
  await enterRecoveryCode(visit, await outbox.code(client.email));
  await chooseNewPassword(visit, NEW_PASSWORD);
  await visit.reads(/Senha alterada/);
  await comeIn(visit, client.email, NEW_PASSWORD);
});

test('an address that waits for its link is confirmed by a code too, and is not typed again', async ({ visit, outbox }) => {
  const address = email();
  await become(visit, { phone: phone(), email: address });
  await outbox.link(address);
  await visit.follow('Ir para o início');
  await visit.follow('Confirmar e-mail');
  await visit.sees('Confirmar e-mail');
  await expect(visit.field('E-mail')).toHaveValue(address);
  await visit.press('Enviar código');
  await enterCode(visit, await outbox.code(address));
  await visit.reads('E-mail confirmado.');
  await expect(visit.main).not.toContainText('Não confirmado');
});

test('whoever came by phone alone is told so, adds a password and an e-mail, and comes in by them', async ({ visit, outbox }) => {
  const address = email();
  const hangs = 'Hoje sua conta depende só do seu celular.';
  await become(visit);
  await visit.follow('Ir para o início');
  await visit.reads(hangs);
  await visit.follow('Criar senha');
  await visit.fill({ 'Nova senha': PASSWORD, 'Confirme a Nova Senha': PASSWORD });
  await visit.press('Criar senha');
  await visit.sees('Meu Perfil');
  await visit.open('/dashboard');
  await visit.reads(hangs);
  await expect(visit.main.getByRole('link', { name: 'Criar senha' })).toHaveCount(0);
  await visit.follow('Adicionar um e-mail');
  await visit.fill({ 'E-mail': address });
  await visit.press('Enviar código');
  await enterCode(visit, await outbox.code(address));
  await visit.reads('E-mail confirmado.');
  await visit.open('/dashboard');
  await visit.sees(/^Olá, /);
  await expect(visit.main).not.toContainText(hangs);
  await signOut(visit);
  await comeIn(visit, address);
});
