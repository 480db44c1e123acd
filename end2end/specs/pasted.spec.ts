// What people paste brings along what cannot be seen, and dashes that are none of the keyboard's.

import { domainToASCII } from 'node:url';
import { paste } from '../support/clipboard';
import { email, PASSWORD, type Phone, phone } from '../support/people';
import { fillProfile, fillTeacher, NAME, profile, rideTo, signIn } from '../support/steps';
import { test } from '../support/test';

/** As the contacts of a telephone give it: told to run from left to right. */
const fromContacts = (phone: Phone): string => `\u202A+55 ${phone.typed}\u202C`;

test('a phone from the contacts, and a code with a dash that is longer', { tag: '@firefox' }, async ({ visit, outbox }) => {
  const mine = phone();
  await visit.open('/register/client');
  await visit.fill({ 'Nome completo': NAME });
  await paste(visit, visit.field('Celular'), fromContacts(mine));
  await visit.press('Receber código');
  await visit.sees('Digite o código que enviamos');
  await visit.reads(mine.typed);
  const code = await outbox.code(mine.e164);
  await paste(visit, visit.field('Código'), `\u200B${code.slice(0, 3)}–${code.slice(3)}`);
  await visit.sendCode();
  await visit.sees('Perfil criado com sucesso');
});

test('an address with spaces of no width, at the registration and at the login', { tag: '@firefox' }, async ({ visit, outbox }) => {
  const address = email();
  const pasted = `\u200B ${address.replace('@', '\u200B@')}\uFEFF`;
  await visit.open('/register/teacher');
  await fillTeacher(visit, { name: NAME, email: '', password: PASSWORD });
  await paste(visit, visit.field('E-mail institucional'), pasted);
  await visit.field('Li e aceito').check();
  await visit.press('Criar conta');
  await visit.sees('Verifique seu email para ativar sua conta');
  await visit.open(await outbox.link(address));
  await visit.reads('E-mail confirmado. Agora você pode entrar.');
  await paste(visit, visit.field('E-mail, usuário'), pasted);
  await visit.fill({ Senha: PASSWORD });
  await visit.press('Entrar');
  await visit.sees('Olá, Luísa');
});

test('a CPF with hyphens that do not break', { tag: '@firefox' }, async ({ visit }) => {
  await rideTo(visit);
  const mine = profile();
  await fillProfile(visit, { ...mine, cpf: '' });
  await paste(visit, visit.field('CPF'), ` ${mine.cpf.replaceAll('-', '\u2011')}\u00A0`);
  await visit.press('Concluir cadastro');
  await visit.sees('Olá, Rian');
});

test('a domain with accents is the same in letters and as browsers write it', { tag: '@firefox' }, async ({ visit, otherDevice, outbox }) => {
  const [user, domain] = [`ana.${phone().e164.slice(5)}`, 'café.com.br'];
  const ascii = `${user}@${domainToASCII(domain)}`;
  await visit.open('/register/teacher');
  await fillTeacher(visit, { name: NAME, email: `${user}@${domain}`, password: PASSWORD });
  await visit.field('Li e aceito').check();
  await visit.press('Criar conta');
  await visit.sees('Verifique seu email para ativar sua conta');
  await visit.open(await outbox.link(ascii));
  await visit.reads('E-mail confirmado. Agora você pode entrar.');
  for (const typed of [ascii, `${user}@${domain}`]) {
    const other = await otherDevice();
    await other.open('/login');
    await signIn(other, typed, PASSWORD);
    await other.sees('Olá, Luísa');
  }
});
