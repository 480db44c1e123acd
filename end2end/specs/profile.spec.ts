// 003, UC-06, “Edição de Perfil”: Meu Perfil, by the steps of the document; and what of an account has a page of its own.

import { cnpj, cpf, email, maskedCpf, otherThan, PASSWORD, phone } from '../support/people';
import { picture } from '../support/pictures';
import { applicationByApi, askOwnPhone, become, clientByApi, comeIn, companyByApi, companyWithoutCnpj, enterCode, NAME, signIn, teacherByApi } from '../support/steps';
import { expect, test, Visit } from '../support/test';

const SAVED = 'Perfil atualizado com sucesso.';
const STALE = 'Estes dados mudaram enquanto você editava. Veja como estão agora antes de salvar';

/** Sends the form, and waits until it is answered. */
async function save(visit: Visit): Promise<void> {
  const answer = visit.page.waitForResponse(
    (it) => it.request().method() === 'POST' && new URL(it.url()).pathname === '/profile',
  );
  await visit.press('Salvar alterações');
  await answer;
  await expect(visit.page.getByRole('button', { name: 'Salvar alterações' })).not.toHaveAttribute('aria-disabled');
}

/** On Meu Perfil, as it is now. */
async function lookAgain(visit: Visit): Promise<void> {
  await visit.open('/profile');
  await visit.sees('Meu Perfil');
}

/** Another tab of the same browser. */
async function otherTab(visit: Visit): Promise<Visit> {
  return new Visit(await visit.page.context().newPage(), visit.outbox, visit.wakes);
}

/** The photo on the page is there, and is one. */
async function showsPhoto(visit: Visit): Promise<string> {
  const photo = visit.main.getByRole('img', { name: 'Sua foto atual' });
  await expect(photo).toBeVisible();
  await expect.poll(() => photo.evaluate((it: HTMLImageElement) => it.naturalWidth)).toBeGreaterThan(0);
  return (await photo.getAttribute('src')) ?? '';
}

test('Edição de Perfil', async ({ visit, outbox, request, page }) => {
  const teacher = await teacherByApi(request, outbox);
  await comeIn(visit, teacher.email);

  await test.step('1. O usuário autenticado acessa “Meu Perfil” no dashboard', async () => {
    await visit.main.getByRole('link', { name: 'Meu Perfil' }).click();
    await visit.sees('Meu Perfil');
    expect(new URL(page.url()).pathname).toBe('/profile');
    await expect(page).toHaveTitle('Meu Perfil · Portaria');
  });

  await test.step('2. O sistema exibe formulário com dados atuais', async () => {
    await expect(visit.field('Nome completo')).toHaveValue(NAME);
    await visit.reads(teacher.email);
    await visit.reads('O e-mail não pode ser alterado.');
    await expect(visit.field('E-mail')).toHaveCount(0);
    await expect(visit.field('Instituição')).toHaveValue('');
    await expect(visit.field('Área de atuação')).toHaveValue('');
    await expect(visit.field('Foto')).toHaveAttribute('type', 'file');
    await expect(visit.main.getByRole('link', { name: 'Alterar Senha' })).toBeVisible();
  });

  await test.step('3. O usuário realiza as alterações desejadas', async () => {
    await visit.fill({ 'Nome completo': '  Luísa  Tavares Prado ', Instituição: 'UFMG', 'Área de atuação': 'Botânica' });
    await visit.field('Foto').setInputFiles(picture());
    await save(visit);
  });

  await test.step('4 a 6. O sistema valida, atualiza o perfil e exibe mensagem de sucesso', async () => {
    await visit.reads(SAVED);
    await expect(visit.summary).toHaveCount(0);
    for (const again of [false, true]) {
      if (again) await lookAgain(visit);
      await expect(visit.field('Nome completo')).toHaveValue(again ? 'Luísa Tavares Prado' : /Luísa\s+Tavares Prado/);
      await expect(visit.field('Instituição')).toHaveValue('UFMG');
      await expect(visit.field('Área de atuação')).toHaveValue('Botânica');
      await showsPhoto(visit);
    }
    await expect(visit.main).not.toContainText(SAVED);
    await visit.open('/dashboard');
    for (const text of ['Luísa Tavares Prado', 'UFMG', 'Botânica']) await visit.reads(text);
    await showsPhoto(visit);
  });
});

test('3. Uma segunda alteração logo em seguida é salva sem recarregar; em branco tira o que é opcional', async ({ visit, outbox, request }) => {
  await comeIn(visit, (await teacherByApi(request, outbox)).email);
  await lookAgain(visit);
  for (const [institution, field] of [['UFMG', 'Botânica'], ['USP', 'Física'], ['', ' ']] as const) {
    await visit.fill({ Instituição: institution, 'Área de atuação': field });
    await save(visit);
    await visit.reads(SAVED);
    await expect(visit.summary).toHaveCount(0);
    const other = await otherTab(visit);
    await lookAgain(other);
    await expect(other.field('Instituição')).toHaveValue(institution);
    await expect(other.field('Área de atuação')).toHaveValue(field.trim());
    await expect(other.field('Nome completo')).toHaveValue(NAME);
    await other.page.close();
  }
});

test('3. Uma foto é trocada por outra, e removida', async ({ visit, outbox, request }) => {
  await comeIn(visit, (await teacherByApi(request, outbox)).email);
  await lookAgain(visit);
  const remove = visit.field('Remover a foto atual');
  await expect(remove).toHaveCount(0);
  await visit.field('Foto').setInputFiles(picture());
  await save(visit);
  const first = await showsPhoto(visit);
  await visit.field('Foto').setInputFiles(picture(300, 400, [20, 120, 60], [240, 220, 90]));
  await save(visit);
  await visit.reads(SAVED);
  await expect(visit.main.getByRole('img', { name: 'Sua foto atual' })).not.toHaveAttribute('src', first);
  const second = await showsPhoto(visit);
  // A photo is found by who knows its address; one that is gone by nobody.
  expect((await request.get(second)).headers()['content-type']).toBe('image/png');
  expect((await request.get(first)).status()).toBe(404);

  // Saving something else keeps it.
  await visit.fill({ 'Nome completo': 'Luísa Prado' });
  await save(visit);
  expect(await showsPhoto(visit)).toBe(second);

  // Whoever wants it removed and chooses another has the other; the next change of something else does not take that away.
  await remove.check();
  await visit.field('Foto').setInputFiles(picture(320, 320, [90, 30, 120], [250, 200, 60]));
  await save(visit);
  await expect(visit.main.getByRole('img', { name: 'Sua foto atual' })).not.toHaveAttribute('src', second);
  const third = await showsPhoto(visit);
  await expect(remove).not.toBeChecked();
  await visit.fill({ 'Nome completo': 'Luísa T. Prado' });
  await save(visit);
  await visit.reads(SAVED);
  await lookAgain(visit);
  expect(await showsPhoto(visit)).toBe(third);
  await visit.fill({ 'Nome completo': 'Luísa Prado' });

  await remove.check();
  await save(visit);
  await visit.reads(SAVED);
  await expect(visit.main.getByRole('img')).toHaveCount(0);
  await expect(remove).toHaveCount(0);
  await lookAgain(visit);
  await expect(visit.main.getByRole('img')).toHaveCount(0);
  await expect(visit.field('Nome completo')).toHaveValue('Luísa Prado');
});

test('4. EX02: o que é inválido é dito no campo, e o que é válido fica', async ({ visit, outbox, request, page }) => {
  await comeIn(visit, (await teacherByApi(request, outbox)).email);
  await lookAgain(visit);
  const long = 'Universidade '.repeat(8);
  await visit.fill({ 'Nome completo': ' ', Instituição: long, 'Área de atuação': 'Botânica' });
  await save(visit);
  await visit.isTold('Informe o nome', 'Use no máximo 100 caracteres');
  await visit.isToldAt('Nome completo', 'Informe o nome');
  await visit.isToldAt('Instituição', /Use no máximo 100 caracteres/);
  await expect(visit.field('Instituição')).toHaveValue(long);
  await expect(visit.field('Área de atuação')).toHaveValue('Botânica');
  await expect(visit.main).not.toContainText(SAVED);

  const other = await otherTab(visit);
  await lookAgain(other);
  await expect(other.field('Nome completo')).toHaveValue(NAME);
  await expect(other.field('Área de atuação')).toHaveValue('');

  await visit.fill({ 'Nome completo': 'Luísa Prado', Instituição: 'UEM' });
  await save(visit);
  await visit.reads(SAVED);
  await expect(visit.summary).toHaveCount(0);
  await expect(page).toHaveTitle('Meu Perfil · Portaria');
  await lookAgain(visit);
  for (const [field, value] of [['Nome completo', 'Luísa Prado'], ['Instituição', 'UEM'], ['Área de atuação', 'Botânica']] as const) {
    await expect(visit.field(field)).toHaveValue(value);
  }
});

test('4. EX02: uma foto que não é foto é dita no campo, e o resto fica', async ({ visit, outbox, request }) => {
  await comeIn(visit, (await teacherByApi(request, outbox)).email);
  await lookAgain(visit);
  await visit.fill({ Instituição: 'UFMG' });
  await visit.field('Foto').setInputFiles({ name: 'eu.png', mimeType: 'image/png', buffer: Buffer.from('<svg/>') });
  await visit.press('Salvar alterações');
  await visit.isToldAt('Foto', /Não conseguimos abrir a foto/);
  await expect(visit.field('Instituição')).toHaveValue('UFMG');
  await visit.field('Foto').setInputFiles(picture());
  await save(visit);
  await visit.reads(SAVED);
  await showsPhoto(visit);
  await lookAgain(visit);
  await expect(visit.field('Instituição')).toHaveValue('UFMG');
});

test('5. Em duas abas, quem salva depois é avisado, e nada é sobrescrito', async ({ visit, outbox, request }) => {
  await comeIn(visit, (await teacherByApi(request, outbox)).email);
  const other = await otherTab(visit);
  await lookAgain(visit);
  await lookAgain(other);
  await other.fill({ Instituição: 'UFMG' });
  await save(other);
  await other.reads(SAVED);

  await visit.fill({ 'Nome completo': 'Luísa Prado', Instituição: 'USP' });
  await save(visit);
  await visit.isTold(STALE);
  await expect(visit.field('Nome completo')).toHaveValue('Luísa Prado');
  await expect(visit.field('Instituição')).toHaveValue('USP');

  await visit.summary.getByRole('link', { name: 'Ver os dados como estão agora' }).click();
  await expect(visit.summary).toHaveCount(0);
  await expect(visit.field('Nome completo')).toHaveValue(NAME);
  await expect(visit.field('Instituição')).toHaveValue('UFMG');
  await visit.awake();
  await visit.fill({ 'Nome completo': 'Luísa Prado' });
  await save(visit);
  await visit.reads(SAVED);
  await lookAgain(other);
  await expect(other.field('Nome completo')).toHaveValue('Luísa Prado');
  await expect(other.field('Instituição')).toHaveValue('UFMG');
});

test('5. Quem salva de novo sem ter olhado é avisado de novo, e nada é sobrescrito', async ({ visit, outbox, request }) => {
  await comeIn(visit, (await teacherByApi(request, outbox)).email);
  const other = await otherTab(visit);
  await lookAgain(visit);
  await lookAgain(other);
  await other.fill({ Instituição: 'UFMG' });
  await save(other);
  await other.reads(SAVED);
  await visit.fill({ Instituição: 'USP' });
  for (let n = 0; n < 2; n++) {
    await save(visit);
    await visit.isTold(STALE);
    await expect(visit.field('Instituição')).toHaveValue('USP');
  }
  await lookAgain(other);
  await expect(other.field('Instituição')).toHaveValue('UFMG');
});

test.describe('CPF e CNPJ', () => {
  test('um CPF é informado uma vez, e depois é fixo', async ({ visit, outbox, request, page }) => {
    const mine = cpf();
    const taken = (await clientByApi(request, outbox)).document;
    await comeIn(visit, (await teacherByApi(request, outbox)).email);
    await lookAgain(visit);
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
    await visit.reads('Documento salvo.');
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
    await lookAgain(visit);
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
    await visit.reads('Documento salvo.');
    await expect(visit.main.getByRole('link', { name: 'Adicionar CNPJ' })).toHaveCount(0);
    await visit.press('Sair');
    await visit.reads('Você saiu da sua conta.');
    await comeIn(visit, mine);
  });
});

test.describe('Telefone', () => {
  test('é informado e trocado só com a sua confirmação, e o dono é avisado', async ({ visit, outbox, request, page }) => {
    const [first, second] = [phone(), phone()];
    const teacher = await teacherByApi(request, outbox);
    await comeIn(visit, teacher.email);
    await lookAgain(visit);
    await visit.follow('Adicionar telefone');
    await visit.fill({ Celular: '(11) 3765-4321' });
    await visit.press('Receber código');
    await visit.isTold(/telefone fixo/);
    await visit.isToldAt('Celular', /telefone fixo/);
    await askOwnPhone(visit, first);
    await visit.reads(`Enviamos um código para ${first.masked}.`);
    expect(page.url()).toMatch(/\/profile\/phone$/);
    const code = await outbox.code(first.e164);
    await enterCode(visit, otherThan(code));
    await visit.isTold('A confirmação do número de telefone falhou');
    await enterCode(visit, `${code.slice(0, 3)} ${code.slice(3)}`);
    await visit.sees('Meu Perfil');
    await visit.reads('Telefone confirmado.');
    await visit.reads(first.masked);

    await visit.follow('Trocar telefone');
    await visit.reads('O telefone só muda depois que você confirmar.');
    await askOwnPhone(visit, second);
    const other = await outbox.code(second.e164);
    await lookAgain(visit);
    await visit.reads(first.masked);
    // The code is still good: asked for too early, it is not sent again.
    await visit.follow('Trocar telefone');
    await askOwnPhone(visit, second);
    await visit.reads('Digite o código que enviamos ao seu celular.');
    await visit.reads(/Você pode pedir de novo em/);
    if (visit.wakes) await expect(page).toHaveTitle(/^Trocar telefone/);
    await enterCode(visit, other);
    await visit.reads('Telefone confirmado.');
    await visit.reads(second.masked);
    await outbox.next(teacher.email, ({ subject }) => subject === 'Novo telefone na sua conta');
  });

  test('pedir o código de novo cedo demais: a página diz quanto falta, e o primeiro ainda vale', async ({ visit, outbox, request, page }) => {
    const mine = phone();
    await comeIn(visit, (await teacherByApi(request, outbox)).email);
    await visit.open('/profile/phone');
    await askOwnPhone(visit, mine);
    await visit.reads(`Enviamos um código para ${mine.masked}.`);
    const code = await outbox.code(mine.e164);
    const again = page.getByRole('button', { name: 'Enviar de novo' });
    await visit.reads(/O código vale por mais/);
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
    await visit.reads('Telefone confirmado.');
  });

  test('depois do quinto código errado a página diz que ele não vale mais, e o que fazer', async ({ visit, outbox, request }) => {
    const mine = phone();
    const teacher = await teacherByApi(request, outbox);
    await comeIn(visit, teacher.email);
    await visit.open('/profile/phone');
    await askOwnPhone(visit, mine);
    await visit.reads(/O código vale por mais/);
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
    await expect(visit.main).not.toContainText('O código vale por mais');
    await expect(visit.page.getByRole('button', { name: 'Enviar de novo' })).toBeVisible();
  });

  test('outro número pode ser informado', async ({ visit, outbox, request }) => {
    const [wrong, right] = [phone(), phone()];
    await comeIn(visit, (await teacherByApi(request, outbox)).email);
    await visit.open('/profile/phone');
    await askOwnPhone(visit, wrong);
    await visit.reads(`Enviamos um código para ${wrong.masked}.`);
    await visit.follow('Usar outro número');
    await expect(visit.field('Código')).toHaveCount(0);
    await askOwnPhone(visit, right);
    await visit.reads(`Enviamos um código para ${right.masked}.`);
    await enterCode(visit, await outbox.code(right.e164));
    await visit.reads('Telefone confirmado.');
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

test('Um cliente tem o seu perfil sem o que é só de professores', async ({ visit }) => {
  const address = email();
  await become(visit, { phone: phone(), email: address });
  await lookAgain(visit);
  await expect(visit.field('Nome completo')).toHaveValue(NAME);
  await visit.reads(address);
  for (const absent of ['Instituição', 'Área de atuação']) await expect(visit.field(absent)).toHaveCount(0);
  await visit.fill({ 'Nome completo': 'Luísa 王小明 O’Neill' });
  await save(visit);
  await visit.reads(SAVED);
  await lookAgain(visit);
  await expect(visit.field('Nome completo')).toHaveValue('Luísa 王小明 O’Neill');
});

test('1. Quem não entrou é levado a entrar, de cada página do perfil', async ({ visit, page }) => {
  for (const path of ['', '/password', '/phone', '/document']) {
    await visit.open(`/profile${path}`);
    await visit.sees('Entrar');
    expect(new URL(page.url()).pathname).toBe('/login');
  }
});

test('5. Quem saiu em outra aba não salva mais nada, e é levado a entrar', async ({ visit, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox);
  await comeIn(visit, teacher.email);
  await lookAgain(visit);
  const other = await otherTab(visit);
  await other.open('/dashboard');
  await other.press('Sair');
  await other.reads('Você saiu da sua conta.');
  await visit.fill({ 'Nome completo': 'Outra Pessoa' });
  await visit.press('Salvar alterações');
  await visit.sees('Entrar');
  await visit.reads('Sua sessão terminou. Entre de novo para continuar.');
  await visit.awake();
  await signIn(visit, teacher.email, PASSWORD);
  await visit.sees('Olá, Luísa');
});
