// SPEC §13: deleting an account, and taking it back, with and without JavaScript.

import { PASSWORD, phone } from '../support/people';
import { become, comeIn, NAME, signIn, teacherByApi } from '../support/steps';
import { expect, test } from '../support/test';

test.describe('Excluir conta', () => {
  test('termina as sessões, e entrar leva a uma só escolha: desfazer', async ({ visit, outbox, request, page }) => {
    const { email } = await teacherByApi(request, outbox);
    await comeIn(visit, email);
    await visit.open('/profile/data');
    await visit.reads('Por 14 dias ninguém entra');
    await visit.press('Excluir conta');
    await visit.reads('Sua conta será excluída em 14 dias.');
    await visit.open('/login');
    await signIn(visit, email, PASSWORD);
    await visit.sees('Sua conta está para ser excluída');
    await expect(visit.main.getByRole('button')).toHaveCount(1);
    await expect(visit.main.getByRole('link', { name: /perfil|início/i })).toHaveCount(0);
    await expect(visit.main.getByRole('link', { name: 'Deixar como está e sair' })).toHaveAttribute('href', '/');
    expect(page.url()).not.toContain('grant');
    await visit.press('Desfazer a exclusão e entrar');
    await visit.sees(/Olá/);
  });

  test('o link que chega a cada contato desfaz em qualquer aparelho', async ({ visit, outbox, otherDevice }) => {
    const mine = phone();
    await become(visit, { name: NAME, phone: mine });
    await visit.open('/profile/data');
    await visit.press('Excluir conta');
    await visit.reads('Sua conta será excluída em 14 dias.');
    const there = await otherDevice();
    await there.open(await outbox.undoDeletionLink(mine.e164));
    await there.sees('Desfazer a exclusão');
    await there.press('Desfazer a exclusão');
    await there.sees('Entrar');
    await there.reads('Pronto: sua conta continua.');
  });
});
