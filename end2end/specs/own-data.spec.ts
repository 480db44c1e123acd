// SPEC §13, the person's own data: what is kept, and a copy of it.

import { readFileSync } from 'node:fs';
import { phone } from '../support/people';
import { become, comeIn, openOwnProfile, teacherByApi } from '../support/steps';
import { expect, test } from '../support/test';

test.describe('Meus dados', () => {
  test('mostra o que é guardado e por quê, o que aconteceu, e entrega o arquivo', async ({ visit, outbox, request, page }) => {
    const { email } = await teacherByApi(request, outbox);
    await comeIn(visit, email);
    await openOwnProfile(visit);
    await visit.follow('Ver meus dados');
    await visit.sees('Meus dados');
    await visit.reads('Por 183 dias.');
    await visit.reads(/Termos de serviço e privacidade, versão/);
    await visit.reads('Entrada na conta');
    const coming = page.waitForEvent('download');
    await visit.press('Baixar meus dados');
    const download = await coming;
    expect(download.suggestedFilename()).toMatch(/^meus-dados-\d{4}-\d\d-\d\d\.json$/);
    const file = JSON.parse(readFileSync(await download.path(), 'utf8'));
    expect(Object.keys(file).sort()).toEqual(['account', 'consents', 'events', 'exportedAt', 'messages', 'photo', 'schema', 'sessions']);
    expect(file.account.email).toBe(email);
    // The page is still there.
    await visit.sees('Meus dados');
  });

  test('um cliente que entrou há um minuto leva seu telefone por inteiro', async ({ visit, page }) => {
    const mine = phone();
    await become(visit, { phone: mine });
    await visit.open('/profile/data');
    await visit.sees('Meus dados');
    await expect(visit.main).not.toContainText(mine.e164);
    const coming = page.waitForEvent('download');
    await visit.press('Baixar meus dados');
    const file = JSON.parse(readFileSync(await (await coming).path(), 'utf8'));
    expect(file.account.phone).toBe(mine.e164);
    expect(file.messages.map(({ kind }: { kind: string }) => kind)).toContain('signup_phone');
  });
});
