// 004, Via Carona: register, prove the e-mail by a code, complete the profile.

import { brand } from '../support/brand';
import { landline, otherThan, username } from '../support/people';
import { heavyPicture, picture } from '../support/pictures';
import { askToRide, enterCode, fillProfile, handsOver, profile, rider, rideTo, signIn } from '../support/steps';
import { expect, test } from '../support/test';

const NO_PICTURE = { name: 'eu.png', mimeType: 'image/png', buffer: Buffer.from('isto não é uma foto') };

test('a rider signs up in three steps, photo and all', async ({ visit, outbox, page }) => {
  const me = rider();
  const mine = profile();
  await visit.open('/register');
  await visit.follow(brand.rider.name);
  await visit.sees(brand.rider.title);
  await visit.reads('Passo 1 de 3');
  await askToRide(visit, me);
  await visit.sees('Digite o código que enviamos');
  await visit.reads('Passo 2 de 3');
  const code = await outbox.code(me.email);
  expect(code).toMatch(/^\d{8}$/);
  await enterCode(visit, `${code.slice(0, 4)} ${code.slice(4)}`);
  await visit.sees('Complete seu perfil');
  await visit.reads('Passo 3 de 3');
  await expect(page).toHaveURL(/\/complete-profile$/);
  await fillProfile(visit, mine);
  await visit.field('Foto').setInputFiles(picture());
  await visit.press('Concluir cadastro');
  await visit.sees('Olá, Rian');
  await visit.reads('Cadastro completo com sucesso');
  await visit.reads(me.username);
  await visit.reads('São Paulo, SP');
  await expect(visit.main).not.toContainText(mine.cpf);
  const photo = visit.main.getByRole('img');
  await expect(photo).toHaveAttribute('src', /^\/photos\//);
  await expect.poll(() => photo.evaluate((it: HTMLImageElement) => it.naturalHeight)).toBeGreaterThan(0);
});

test('without a photo, by a fixed line, with the CPF bare', async ({ visit }) => {
  await rideTo(visit);
  const mine = profile();
  await fillProfile(visit, { ...mine, phone: landline(), cpf: mine.cpf.replace(/\D/g, ''), state: 'AC', city: 'Xapuri' });
  await visit.press('Concluir cadastro');
  await visit.sees('Olá, Rian');
  await visit.reads('Xapuri, AC');
  await expect(visit.main.getByRole('img')).toHaveCount(0);
});

test('the first form: every field wrong, all told at once, what was right stays', async ({ visit }) => {
  await askToRide(visit, { name: '', username: 'joão silva', email: 'rian@', password: 'curta' });
  await visit.isTold('Informe o nome', 'Use de 3 a 30 letras', 'Informe um e-mail válido', 'pelo menos 8 caracteres');
  await visit.isToldAt('Nome completo', 'Informe o nome');
  await visit.isToldAt('Nome de usuário', /Use de 3 a 30 letras/);
  await visit.isToldAt('E-mail', /Informe um e-mail válido/);
  await visit.isToldAt('Senha', /pelo menos 8 caracteres/);
  const me = rider();
  await visit.fill({ 'Nome completo': me.name, 'Nome de usuário': me.username, Senha: me.password });
  await visit.press('Receber código');
  await visit.isTold('Informe um e-mail válido');
  await expect(visit.summary.getByRole('listitem')).toHaveCount(1);
  await expect(visit.field('Nome completo')).toHaveValue(me.name);
  await expect(visit.field('Nome de usuário')).toHaveValue(me.username);
});

test('a user name or address that is taken is told at its field, with the way in', async ({ visit, otherDevice }) => {
  const me = await rideTo(visit);
  const other = await otherDevice();
  await askToRide(other, { ...rider(), username: me.username.toUpperCase() });
  await other.isTold('Este nome de usuário já está em uso');
  await askToRide(other, { ...rider(), email: me.email });
  await other.isTold('Email já cadastrado');
  await other.follow('Entrar na minha conta');
  await other.sees('Entrar');
});

test('a wrong code is told, and the right one still counts', async ({ visit, outbox }) => {
  const me = rider();
  await askToRide(visit, me);
  await visit.sees('Digite o código que enviamos');
  const code = await outbox.code(me.email);
  await enterCode(visit, otherThan(code));
  await visit.isTold('A confirmação do e-mail falhou');
  await enterCode(visit, '1234');
  await visit.isTold('O código tem 8 dígitos');
  await enterCode(visit, code);
  await visit.sees('Complete seu perfil');
});

test('the third form, empty: everything that is needed is told, the photo is not', async ({ visit }) => {
  await rideTo(visit);
  await visit.press('Concluir cadastro');
  await visit.isTold('Informe o número de telefone', 'Informe o CPF', 'Informe a cidade');
  await expect(visit.summary.getByRole('listitem')).toHaveCount(6);
});

test('the third form: whatever is wrong is told at its field, and the rest stays', async ({ visit }) => {
  await rideTo(visit);
  const mine = profile();
  const shown = { phone: 'Telefone', born: 'Data de nascimento', city: 'Cidade' } as const;
  // No two neighbours are told alike, so that no answer is taken for the next.
  for (const [what, wrong, field, told] of [
    ['a phone of three digits', { phone: '119' }, 'Telefone', /Número de telefone inválido/],
    ['a CPF with a wrong digit', { cpf: '529.982.247-26' }, 'CPF', /CPF inválido/],
    ['a DDD that does not exist', { phone: '(10) 98765-4321' }, 'Telefone', /Número de telefone inválido/],
    ['a CPF of eleven equal digits', { cpf: '111.111.111-11' }, 'CPF', /CPF inválido/],
    ['a birth in the future', { born: '2999-01-01' }, 'Data de nascimento', /deve estar no passado/],
    ['the document’s own sample of a CPF', { cpf: '12345678901' }, 'CPF', /CPF inválido/],
    ['a birth before 1900', { born: '1899-12-31' }, 'Data de nascimento', /Informe uma data válida/],
    ['a city of one letter', { city: 'A' }, 'Cidade', /pelo menos 2 caracteres/],
  ] as const) {
    await test.step(what, async () => {
      await fillProfile(visit, { ...mine, ...wrong });
      await visit.press('Concluir cadastro');
      await visit.isTold(told);
      await expect(visit.summary.getByRole('listitem')).toHaveCount(1);
      await visit.isToldAt(field, told);
      for (const [key, label] of Object.entries(shown)) {
        const typed = { ...mine, ...wrong }[key as keyof typeof shown];
        await expect(visit.field(label)).toHaveValue(typed);
      }
      await expect(visit.field('Outro')).toBeChecked();
      await expect(visit.main.getByLabel('Estado')).toHaveValue('SP');
    });
  }
  await fillProfile(visit, mine);
  await visit.press('Concluir cadastro');
  await visit.sees('Olá, Rian');
});

test('29 February of a year that has none is no date', async ({ visit, page }) => {
  await rideTo(visit);
  await fillProfile(visit, { ...profile(), born: '2024-02-29' });
  await visit.field('Data de nascimento').focus();
  // The year stands last, here as in the United States.
  for (const key of ['Tab', 'Tab', '2', '0', '2', '3']) await page.keyboard.press(key);
  await visit.press('Concluir cadastro');
  // What cannot be a date, a browser does not send: only a page that lives can tell it from nothing.
  if (visit.wakes) await visit.isToldAtField('Data de nascimento', /Informe uma data válida/);
  else await visit.isTold('Informe a data de nascimento');
});

test('a photo that is none, or too large, is told at its field; the rest stays', async ({ visit }) => {
  await rideTo(visit);
  const mine = profile();
  await fillProfile(visit, mine);
  for (const [file, told] of [
    [NO_PICTURE, /Não conseguimos abrir a foto/],
    [{ ...NO_PICTURE, name: 'eu.pdf', mimeType: 'application/pdf' }, /Não conseguimos abrir a foto/],
    [heavyPicture(7_000_000), /A foto é grande demais/],
  ] as const) {
    await visit.field('Foto').setInputFiles(file);
    if (visit.wakes) await visit.isToldAtField('Foto', told);
    await visit.press('Concluir cadastro');
    await visit.isTold(told);
    await visit.isToldAt('Foto', told);
    await expect(visit.field('Cidade')).toHaveValue(mine.city);
    await expect(visit.field('CPF')).toHaveValue(mine.cpf);
  }
  await visit.field('Foto').setInputFiles(picture(300, 200));
  await visit.press('Concluir cadastro');
  await visit.sees('Olá, Rian');
});

test('a CPF that another has is told at its field', async ({ visit, otherDevice }) => {
  await rideTo(visit);
  const mine = profile();
  await fillProfile(visit, mine);
  await visit.press('Concluir cadastro');
  await visit.sees('Olá, Rian');
  const other = await otherDevice();
  await rideTo(other);
  await fillProfile(other, { ...profile(), cpf: mine.cpf });
  await other.press('Concluir cadastro');
  await other.isTold('CPF já cadastrado');
  await other.isToldAt('CPF', /CPF já cadastrado/);
});

test('the cities of the state are suggested', async ({ visit, page }) => {
  await rideTo(visit);
  const suggestions = page.locator('datalist option');
  await expect(suggestions).toHaveCount(0);
  await visit.main.getByLabel('Estado').selectOption('Acre');
  // Without a living page they come with the next answer.
  if (!visit.wakes) await visit.press('Concluir cadastro');
  await expect(suggestions).toHaveCount(22);
  await expect(suggestions.first()).toHaveAttribute('value', 'Acrelândia');
});

test('left at the third step, it is taken up by the same browser or by another', async ({ visit, otherDevice }) => {
  const me = await rideTo(visit);
  await visit.reload();
  await visit.sees('Complete seu perfil');
  await visit.open('/');
  await visit.follow('Continuar meu cadastro');
  await visit.sees('Complete seu perfil');
  const other = await otherDevice();
  await other.open('/login');
  await signIn(other, me.username, me.password);
  await other.sees('Complete seu perfil');
  await fillProfile(other, profile());
  await other.press('Concluir cadastro');
  await other.sees('Olá, Rian');
  await visit.open('/register/carona');
  await visit.sees('Cadastro completo com sucesso');
});

test('proved on the phone, the page on the computer goes on', async ({ visit, otherDevice, outbox }) => {
  const me = rider();
  await askToRide(visit, me);
  const link = new URL(await handsOver(visit));
  const phone = await otherDevice();
  await phone.open(link.pathname + link.search);
  await phone.press('Continuar neste aparelho');
  await phone.sees('Digite o código que enviamos');
  await enterCode(phone, await outbox.code(me.email));
  await phone.sees('Complete seu perfil');
  if (!visit.wakes) await visit.open('/register/carona');
  await visit.sees('E-mail confirmado');
  await visit.press('Entrar na minha conta');
  await visit.sees('Complete seu perfil');
});

test('registered by another product, the code is entered at /verify-email', async ({ visit, outbox, request }) => {
  const me = rider();
  expect((await request.post('/auth/register', { data: me })).status()).toBe(201);
  await visit.open(`/verify-email?email=${encodeURIComponent(me.email)}`);
  await expect(visit.field('E-mail')).toHaveValue(me.email);
  const code = await outbox.code(me.email);
  await visit.fill({ Código: otherThan(code) });
  await visit.sendCode();
  await visit.isTold('A confirmação do e-mail falhou');
  await expect(visit.field('E-mail')).toHaveValue(me.email);
  await visit.fill({ Código: code });
  await visit.sendCode();
  // this browser does not know who chose that password
  await visit.reads('A senha definida no cadastro não vale mais');
  await visit.fill({ 'Nova Senha': 'Outra#Senha 92', 'Confirme a Nova Senha': 'Outra#Senha 92' });
  await visit.press('Salvar nova senha');
  await signIn(visit, me.email, 'Outra#Senha 92');
  await visit.sees('Complete seu perfil');
});

test('asking there for another code tells nothing about the address', async ({ visit, outbox }) => {
  const stranger = rider();
  await visit.open('/verify-email');
  await visit.fill({ 'E-mail': stranger.email });
  await visit.press('Enviar de novo');
  await expect(visit.main.getByText(/Acabamos de enviar|Se houver um cadastro aguardando/)).toBeVisible();
  expect(await outbox.to(stranger.email)).toEqual([]);
  await visit.fill({ 'E-mail': `${username()}@` });
  await visit.press('Enviar de novo');
  await visit.isTold('Informe um e-mail válido');
});
