// 003, UC-06: the document and the phone of an account, which change only with a proof.

import { cnpj, cpf, maskedCpf, otherThan, PASSWORD, phone } from '../support/people';
import { applicationByApi, askOwnPhone, become, clientByApi, codeWent, comeIn, companyByApi, companyWithoutCnpj, enterCode, openOwnProfile, signIn, signOut, teacherByApi } from '../support/steps';
import { expect, test } from '../support/test';

test.describe('CPF e CNPJ', () => {
  test('um CPF é informado uma vez, e depois é fixo', async ({ visit, outbox, request, page }) => {
    const mine = cpf();
    const taken = (await clientByApi(request, outbox)).document;
    await comeIn(visit, (await teacherByApi(request, outbox)).email);
    await openOwnProfile(visit);
    await visit.follow('Adicionar CPF');
    await visit.sees('Adicionar CPF');
    await visit.reads('Depois de salvo, ele não pode ser alterado aqui.');
    for (const [wrong, why] of [
      [`${mine.slice(0, -1)}${(Number(mine.at(-1)) + 1) % 10}`, /CPF inválido/],
      [' ', /Informe o CPF/],
      [taken, /CPF já cadastrado/],
    ] as const) {
      await visit.fill({ CPF: wrong });
      await visit.press('Salvar CPF');
      await visit.isTold(why);
      await visit.isToldAt('CPF', why);
      if (wrong.trim()) await expect(visit.field('CPF')).toHaveValue(wrong);
    }
    await visit.fill({ CPF: mine.replace(/\D/g, '') });
    await visit.press('Salvar CPF');
    await visit.sees('Meu Perfil');
    await visit.reads('CPF salvo.');
    await visit.reads(maskedCpf(mine));
    await expect(visit.main).not.toContainText(mine);
    await expect(visit.main.getByRole('link', { name: 'Adicionar CPF' })).toHaveCount(0);

    await visit.open('/profile/document');
    await visit.reads(maskedCpf(mine));
    await expect(visit.field('CPF')).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Salvar CPF' })).toHaveCount(0);
  });

  test('uma empresa que se registrou sem CNPJ (001) o informa, uma vez, e entra por ele', async ({ visit, outbox, request }) => {
    const mine = cnpj('alphanumeric');
    const taken = (await companyByApi(request, outbox)).document;
    const address = await companyWithoutCnpj(request, outbox);
    await visit.open('/login');
    await signIn(visit, address, PASSWORD);
    await visit.sees('Complete seu perfil');
    await openOwnProfile(visit);
    await expect(visit.field('Nome da empresa')).toHaveValue('Café do Porto Ltda.');
    await visit.follow('Adicionar CNPJ');
    await visit.sees('Adicionar CNPJ');
    for (const [wrong, why] of [
      [mine.replace(/\d$/, 'X'), /CNPJ inválido/],
      ['', /Informe o CNPJ/],
      [taken, /CNPJ já cadastrado/],
    ] as const) {
      await visit.fill({ CNPJ: wrong });
      await visit.press('Salvar CNPJ');
      await visit.isTold(why);
      await visit.isToldAt('CNPJ', why);
    }
    await visit.fill({ CNPJ: mine.toLowerCase() });
    await visit.press('Salvar CNPJ');
    await visit.sees('Meu Perfil');
    await visit.reads('CNPJ salvo.');
    await expect(visit.main.getByRole('link', { name: 'Adicionar CNPJ' })).toHaveCount(0);
    await signOut(visit);
    await comeIn(visit, mine);
  });
});

test.describe('Telefone', () => {
  test('é informado e trocado só com a sua confirmação, e o dono é avisado', async ({ visit, outbox, request, page }) => {
    const [first, second] = [phone(), phone()];
    const teacher = await teacherByApi(request, outbox);
    await comeIn(visit, teacher.email);
    await openOwnProfile(visit);
    await visit.follow('Adicionar celular');
    await visit.fill({ Celular: '(11) 3765-4321' });
    await visit.press('Receber código');
    await visit.isTold(/telefone fixo/);
    await visit.isToldAt('Celular', /telefone fixo/);
    await askOwnPhone(visit, first);
    await codeWent(visit, first.typed);
    expect(page.url()).toMatch(/\/profile\/phone$/);
    const code = await outbox.code(first.e164);
    await enterCode(visit, otherThan(code));
    await visit.isTold('A confirmação do número de telefone falhou');
    await enterCode(visit, `${code.slice(0, 3)} ${code.slice(3)}`);
    await visit.sees('Meu Perfil');
    await visit.reads('Celular confirmado.');
    await visit.reads(first.masked);

    await visit.follow('Trocar celular');
    await visit.reads('O celular só muda depois que você confirmar.');
    await askOwnPhone(visit, second);
    const other = await outbox.code(second.e164);
    await openOwnProfile(visit);
    await visit.reads(first.masked);
    // The page is at the step where it was left, and the code is still good.
    await visit.follow('Trocar celular');
    await codeWent(visit, second.typed);
    await visit.reads(/Você pode pedir de novo em/);
    if (visit.wakes) await expect(page).toHaveTitle(/^Trocar celular/);
    await enterCode(visit, other);
    await visit.reads('Celular confirmado.');
    await visit.reads(second.masked);
    await outbox.next(teacher.email, ({ subject }) => subject === 'Novo telefone na sua conta');
  });

  test('pedir o código de novo cedo demais: a página diz quanto falta, e o primeiro ainda vale', async ({ visit, outbox, request, page }) => {
    const mine = phone();
    await comeIn(visit, (await teacherByApi(request, outbox)).email);
    await visit.open('/profile/phone');
    await askOwnPhone(visit, mine);
    await codeWent(visit, mine.typed);
    const code = await outbox.code(mine.e164);
    const again = page.getByRole('button', { name: 'Enviar de novo' });
    await visit.reads(/O código expira em/);
    if (visit.wakes) {
      await visit.reads(/Você pode pedir de novo em \d+\ss/);
      await expect(again).toHaveAttribute('aria-disabled', 'true');
    }
    // Held, it is no button to wait for.
    await again.click({ force: true });
    if (!visit.wakes) await visit.isTold(/Você pode pedir de novo em/);
    await expect(visit.field('Código')).toBeVisible();
    expect((await outbox.to(mine.e164)).filter(({ code }) => code !== null)).toHaveLength(1);
    await enterCode(visit, code);
    await visit.reads('Celular confirmado.');
  });

  test('depois do quinto código errado a página diz que ele não vale mais, e o que fazer', async ({ visit, outbox, request }) => {
    const mine = phone();
    const teacher = await teacherByApi(request, outbox);
    await comeIn(visit, teacher.email);
    await visit.open('/profile/phone');
    await askOwnPhone(visit, mine);
    await visit.reads(/O código expira em/);
    const wrong = otherThan(await outbox.code(mine.e164));
    // Entries count wherever they are made.
    const { accessToken } = await applicationByApi(request, teacher.email);
    const headers = { Authorization: `Bearer ${accessToken}` };
    for (let n = 1; n < 5; n++) {
      const answer = await request.post('/api/auth/profile/phone/verify', { headers, data: { phone: mine.e164, code: wrong } });
      expect(answer.status()).toBe(400);
    }
    await enterCode(visit, wrong);
    await visit.isTold(/Foram muitos códigos errados.*1[45]\sminutos/);
    await visit.reads('Este código não vale mais. Quando puder tentar de novo, peça outro abaixo.');
    await expect(visit.main).not.toContainText('O código expira em');
    await expect(visit.page.getByRole('button', { name: 'Enviar de novo' })).toBeVisible();
  });

  test('outro número pode ser informado', async ({ visit, outbox, request }) => {
    const [wrong, right] = [phone(), phone()];
    await comeIn(visit, (await teacherByApi(request, outbox)).email);
    await visit.open('/profile/phone');
    await askOwnPhone(visit, wrong);
    await codeWent(visit, wrong.typed);
    await visit.follow('Usar outro número');
    await expect(visit.field('Código')).toHaveCount(0);
    await askOwnPhone(visit, right);
    await codeWent(visit, right.typed);
    await enterCode(visit, await outbox.code(right.e164));
    await visit.reads('Celular confirmado.');
    await visit.reads(right.masked);
  });

  test('o de outra conta é recusado', async ({ visit, otherDevice, outbox, request }) => {
    const taken = await become(await otherDevice());
    await comeIn(visit, (await teacherByApi(request, outbox)).email);
    await visit.open('/profile/phone');
    await askOwnPhone(visit, taken.phone);
    await visit.isTold('Telefone já cadastrado');
    await visit.isToldAt('Celular', 'Telefone já cadastrado');
  });
});
