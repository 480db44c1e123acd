// 003, UC-06, “Edição de Perfil”: Meu Perfil, by the steps of the document; and what of an account has a page of its own.

import { titled } from '../support/brand';
import { email, PASSWORD, phone } from '../support/people';
import { picture } from '../support/pictures';
import { become, comeIn, NAME, openOwnProfile, rideToTheEnd, signIn, signOut, teacherByApi } from '../support/steps';
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
    await expect(page).toHaveTitle(titled('Meu Perfil'));
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
      if (again) await openOwnProfile(visit);
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

test('6. A mensagem de sucesso sai quando a próxima alteração começa', async ({ visit, outbox, request }) => {
  await comeIn(visit, (await teacherByApi(request, outbox)).email);
  await openOwnProfile(visit);
  await visit.fill({ Instituição: 'UFMG' });
  await save(visit);
  await visit.reads(SAVED);
  await visit.fill({ Instituição: '' });
  if (visit.wakes) await expect(visit.main).not.toContainText(SAVED);
  await visit.fill({ 'Nome completo': ' ' });
  await save(visit);
  await visit.isTold('Informe o nome');
  await expect(visit.main).not.toContainText(SAVED);
});

test('3. Uma segunda alteração logo em seguida é salva sem recarregar; em branco tira o que é opcional', async ({ visit, outbox, request }) => {
  await comeIn(visit, (await teacherByApi(request, outbox)).email);
  await openOwnProfile(visit);
  for (const [institution, field] of [['UFMG', 'Botânica'], ['USP', 'Física'], ['', ' ']] as const) {
    await visit.fill({ Instituição: institution, 'Área de atuação': field });
    await save(visit);
    await visit.reads(SAVED);
    await expect(visit.summary).toHaveCount(0);
    const other = await otherTab(visit);
    await openOwnProfile(other);
    await expect(other.field('Instituição')).toHaveValue(institution);
    await expect(other.field('Área de atuação')).toHaveValue(field.trim());
    await expect(other.field('Nome completo')).toHaveValue(NAME);
    await other.page.close();
  }
});

test('O nome social aparece onde um nome aparece; em branco, volta o de registro', async ({ visit, outbox, request }) => {
  await comeIn(visit, (await teacherByApi(request, outbox)).email);
  await openOwnProfile(visit);
  await visit.fill({ 'Nome social': 'Flor Lima' });
  await save(visit);
  await visit.reads(SAVED);
  await expect(visit.field('Nome completo')).toHaveValue(NAME);
  await visit.open('/dashboard');
  await visit.sees('Olá, Flor');
  await expect(visit.main).not.toContainText(NAME);
  await openOwnProfile(visit);
  await visit.fill({ 'Nome social': 'x'.repeat(101) });
  await save(visit);
  await expect(visit.summary).toContainText('Nome social');
  await visit.fill({ 'Nome social': '' });
  await save(visit);
  await visit.reads(SAVED);
  await visit.open('/dashboard');
  await visit.reads(NAME);
});

test('3. Uma foto é trocada por outra, e removida', async ({ visit, outbox, request }) => {
  await comeIn(visit, (await teacherByApi(request, outbox)).email);
  await openOwnProfile(visit);
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
  // While another one is chosen there is nothing to remove.
  await visit.field('Foto').setInputFiles(picture());
  if (visit.wakes) {
    await visit.reads('Enquadre a foto');
    await expect(remove).toBeHidden();
  }
  await visit.field('Foto').setInputFiles([]);
  await expect(remove).toBeVisible();
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
  await openOwnProfile(visit);
  expect(await showsPhoto(visit)).toBe(third);
  await visit.fill({ 'Nome completo': 'Luísa Prado' });

  await remove.check();
  await save(visit);
  await visit.reads(SAVED);
  await expect(visit.main.getByRole('img')).toHaveCount(0);
  await expect(remove).toHaveCount(0);
  await openOwnProfile(visit);
  await expect(visit.main.getByRole('img')).toHaveCount(0);
  await expect(visit.field('Nome completo')).toHaveValue('Luísa Prado');
});

test('4. EX02: o que é inválido é dito no campo, e o que é válido fica', async ({ visit, outbox, request, page }) => {
  await comeIn(visit, (await teacherByApi(request, outbox)).email);
  await openOwnProfile(visit);
  const long = 'Universidade '.repeat(8);
  await visit.fill({ 'Nome completo': ' ', Instituição: long, 'Área de atuação': 'Botânica' });
  await save(visit);
  await visit.isTold('Informe o nome', 'Instituição ou organização: use no máximo 100 caracteres');
  await visit.isToldAt('Nome completo', 'Informe o nome');
  await visit.isToldAt('Instituição', /use no máximo 100 caracteres/i);
  await expect(visit.field('Instituição')).toHaveValue(long);
  await expect(visit.field('Área de atuação')).toHaveValue('Botânica');
  await expect(visit.main).not.toContainText(SAVED);

  const other = await otherTab(visit);
  await openOwnProfile(other);
  await expect(other.field('Nome completo')).toHaveValue(NAME);
  await expect(other.field('Área de atuação')).toHaveValue('');

  await visit.fill({ 'Nome completo': 'Luísa Prado', Instituição: 'UEM' });
  await save(visit);
  await visit.reads(SAVED);
  await expect(visit.summary).toHaveCount(0);
  await expect(page).toHaveTitle(titled('Meu Perfil'));
  await openOwnProfile(visit);
  for (const [field, value] of [['Nome completo', 'Luísa Prado'], ['Instituição', 'UEM'], ['Área de atuação', 'Botânica']] as const) {
    await expect(visit.field(field)).toHaveValue(value);
  }
});

test('4. EX02: uma foto que não é foto é dita no campo, e o resto fica', async ({ visit, outbox, request }) => {
  await comeIn(visit, (await teacherByApi(request, outbox)).email);
  await openOwnProfile(visit);
  await visit.fill({ Instituição: 'UFMG' });
  await visit.field('Foto').setInputFiles({ name: 'eu.png', mimeType: 'image/png', buffer: Buffer.from('<svg/>') });
  await visit.press('Salvar alterações');
  await visit.isToldAt('Foto', /Não conseguimos abrir a foto/);
  await expect(visit.field('Instituição')).toHaveValue('UFMG');
  await visit.field('Foto').setInputFiles(picture());
  await save(visit);
  await visit.reads(SAVED);
  await showsPhoto(visit);
  await openOwnProfile(visit);
  await expect(visit.field('Instituição')).toHaveValue('UFMG');
});

test('5. Em duas abas, quem salva depois é avisado, e nada é sobrescrito', async ({ visit, outbox, request }) => {
  await comeIn(visit, (await teacherByApi(request, outbox)).email);
  const other = await otherTab(visit);
  await openOwnProfile(visit);
  await openOwnProfile(other);
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
  await openOwnProfile(other);
  await expect(other.field('Nome completo')).toHaveValue('Luísa Prado');
  await expect(other.field('Instituição')).toHaveValue('UFMG');
});

test('5. Quem salva de novo sem ter olhado é avisado de novo, e nada é sobrescrito', async ({ visit, outbox, request }) => {
  await comeIn(visit, (await teacherByApi(request, outbox)).email);
  const other = await otherTab(visit);
  await openOwnProfile(visit);
  await openOwnProfile(other);
  await other.fill({ Instituição: 'UFMG' });
  await save(other);
  await other.reads(SAVED);
  await visit.fill({ Instituição: 'USP' });
  for (let n = 0; n < 2; n++) {
    await save(visit);
    await visit.isTold(STALE);
    await expect(visit.field('Instituição')).toHaveValue('USP');
  }
  await openOwnProfile(other);
  await expect(other.field('Instituição')).toHaveValue('UFMG');
});

test('Um cliente tem o seu perfil sem o que é só de professores', async ({ visit }) => {
  const address = email();
  await become(visit, { phone: phone(), email: address });
  await openOwnProfile(visit);
  await expect(visit.field('Nome completo')).toHaveValue(NAME);
  await visit.reads(address);
  for (const absent of ['Instituição', 'Área de atuação']) await expect(visit.field(absent)).toHaveCount(0);
  await visit.fill({ 'Nome completo': 'Luísa 王小明 O’Neill' });
  await save(visit);
  await visit.reads(SAVED);
  await openOwnProfile(visit);
  await expect(visit.field('Nome completo')).toHaveValue('Luísa 王小明 O’Neill');
});

test('Um caronista muda gênero, estado e cidade; usuário e nascimento ficam como estão', async ({ visit, page }) => {
  const me = await rideToTheEnd(visit);
  await openOwnProfile(visit);
  await visit.reads(me.username);
  for (const fixed of ['Nome de usuário', 'Data de nascimento', 'CPF']) await expect(visit.field(fixed)).toHaveCount(0);
  const shows = async (gender: string, state: string, city: string) => {
    await expect(visit.field(gender)).toBeChecked();
    await expect(visit.main.getByLabel('Estado')).toHaveValue(state);
    await expect(visit.field('Cidade')).toHaveValue(city);
  };
  await shows('Outro', 'SP', 'São Paulo');
  // Those of the state that is known already come once the page lives.
  if (visit.wakes) await expect(page.locator('datalist option')).toHaveCount(645);
  await visit.field('Feminino').check();
  await visit.main.getByLabel('Estado').selectOption('RJ');
  await visit.fill({ Cidade: '' });
  await save(visit);
  await visit.isToldAt('Cidade', /Informe a cidade/);
  await expect(visit.main.getByLabel('Estado')).toHaveValue('RJ');
  await visit.fill({ Cidade: 'Niterói' });
  await save(visit);
  await visit.reads(SAVED);
  await shows('Feminino', 'RJ', 'Niterói');
  await openOwnProfile(visit);
  await shows('Feminino', 'RJ', 'Niterói');
  await visit.open('/dashboard');
  await visit.reads('Niterói, RJ');

  // What another tab has changed is not put back by a list that nobody touched here.
  const other = await otherTab(visit);
  await openOwnProfile(visit);
  await openOwnProfile(other);
  await other.main.getByLabel('Estado').selectOption('AC');
  await other.fill({ Cidade: 'Xapuri' });
  await save(other);
  await other.reads(SAVED);
  await visit.fill({ 'Nome completo': 'Rian' });
  await save(visit);
  await visit.isTold(STALE);
  await visit.summary.getByRole('link', { name: 'Ver os dados como estão agora' }).click();
  await expect(visit.summary).toHaveCount(0);
  await shows('Feminino', 'AC', 'Xapuri');
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
  await openOwnProfile(visit);
  const other = await otherTab(visit);
  await other.open('/dashboard');
  await signOut(other);
  await visit.fill({ 'Nome completo': 'Outra Pessoa' });
  await visit.press('Salvar alterações');
  await visit.sees('Entrar');
  await visit.reads('Sua sessão terminou e nada foi salvo. Entre de novo para continuar.');
  await visit.awake();
  await signIn(visit, teacher.email, PASSWORD);
  // Where the person was.
  await visit.sees('Meu Perfil');
});
