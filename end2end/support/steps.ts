// Steps that specs share.

import { type APIRequestContext, expect } from '@playwright/test';
import { address, cnpj, cpf, email, PASSWORD, type Phone, phone, username } from './people';
import type { Outbox } from './outbox';
import type { Visit } from './test';

export const NAME = 'Luísa Tavares';

export interface Client {
  name?: string;
  phone: Phone;
  email?: string;
  password?: string;
}

/** Sends the client's first form. */
export async function askToRegister(visit: Visit, { name = NAME, phone, email, password }: Client): Promise<void> {
  await visit.open('/register/client');
  await fillClient(visit, { name, phone, email, password });
}

/** Fills the client's form, and sends it. */
export async function fillClient(visit: Visit, { name = NAME, phone, email, password }: Client): Promise<void> {
  await visit.fill({ 'Nome completo': name, Celular: phone.typed });
  if (email) await visit.fill({ 'E-mail': email });
  if (password) await visit.fill({ Senha: password, 'Confirme a senha': password });
  await visit.press('Receber código');
}

/** Gives a sign-up up, which is asked once. */
export async function discard(visit: Visit): Promise<void> {
  await visit.main.locator('summary', { hasText: 'Cancelar cadastro' }).first().click();
  await visit.press('Sim, cancelar cadastro');
}

/** Goes as far as the code step. */
export async function register(visit: Visit, client: Client): Promise<void> {
  await askToRegister(visit, client);
  await visit.sees('Digite o código que enviamos');
}

/** Creates the link that hands the sign-up to another device, and returns it. */
export async function handsOver(visit: Visit): Promise<string> {
  await visit.main.locator('summary', { hasText: 'Continuar em outro aparelho' }).click();
  await visit.press('Criar link');
  return (await visit.main.getByText(/\/continue\?token=/).textContent()) ?? '';
}

export async function enterCode(visit: Visit, code: string): Promise<void> {
  await visit.field('Código').fill(code);
  await visit.sendCode();
}

/** Expects the sentence by which channel a code went, and where to. */
export async function codeWent(visit: Visit, destination: string): Promise<void> {
  await expect(visit.main.getByText(/Enviamos um código por (WhatsApp|SMS|e-mail) para/).filter({ hasText: destination }).first()).toBeVisible();
}

/** Signs a client up, as far as the last page of the wizard. */
export async function become(visit: Visit, client: Client = { phone: phone() }): Promise<Client> {
  await register(visit, client);
  await enterCode(visit, await visit.outbox.code(client.phone.e164));
  await visit.sees('Perfil criado com sucesso');
  return client;
}

export interface Teacher {
  name: string;
  email: string;
  password: string;
}

export async function fillTeacher(visit: Visit, teacher: Teacher): Promise<void> {
  await visit.fill({ 'Nome completo': teacher.name, 'E-mail institucional': teacher.email });
  await visit.fill({ Senha: teacher.password, 'Confirme a senha': teacher.password });
}

export async function registerTeacher(visit: Visit, email: string): Promise<void> {
  await visit.open('/register/teacher');
  await fillTeacher(visit, { name: NAME, email, password: PASSWORD });
  await visit.field('Li e aceito').check();
  await visit.press('Criar conta');
  await visit.sees('Verifique seu email para ativar sua conta');
}

export interface Rider {
  name: string;
  username: string;
  email: string;
  password: string;
}

export function rider(): Rider {
  // The sample of 004: eight characters are enough there.
  return { name: 'Rian Lucas', username: username(), email: email(), password: 'senha12345' };
}

/** Sends the rider's first form. */
export async function askToRide(visit: Visit, rider: Rider): Promise<void> {
  await visit.open('/register/carona');
  await visit.fill({ 'Nome completo': rider.name, 'Nome de usuário': rider.username, 'E-mail': rider.email, Senha: rider.password });
  await visit.press('Receber código');
}

/** Signs a rider up and proves the address, as far as the third step. */
export async function rideTo(visit: Visit, me: Rider = rider()): Promise<Rider> {
  await askToRide(visit, me);
  await visit.sees('Digite o código que enviamos');
  await enterCode(visit, await visit.outbox.code(me.email));
  await visit.sees('Complete seu perfil');
  return me;
}

export interface Profile {
  phone: string;
  born: string;
  gender: 'Masculino' | 'Feminino' | 'Outro';
  cpf: string;
  state: string;
  city: string;
}

export function profile(): Profile {
  return { phone: phone().typed, born: '2000-01-15', gender: 'Outro', cpf: cpf(), state: 'SP', city: 'São Paulo' };
}

/** Fills in the form of the rider's third step. */
export async function fillProfile(visit: Visit, profile: Profile): Promise<void> {
  await visit.fill({ Telefone: profile.phone, 'Data de nascimento': profile.born, CPF: profile.cpf });
  await visit.field(profile.gender).check();
  await visit.main.getByLabel('Estado').selectOption(profile.state);
  await visit.fill({ Cidade: profile.city });
}

/** Signs a rider up, to the end. */
export async function rideToTheEnd(visit: Visit): Promise<Rider> {
  const me = await rideTo(visit);
  await fillProfile(visit, profile());
  await visit.press('Concluir cadastro');
  await visit.sees('Olá, Rian');
  return me;
}

export async function signIn(visit: Visit, identifier: string, password: string): Promise<void> {
  await visit.fill({ 'E-mail, usuário': identifier, Senha: password });
  await visit.press('Entrar');
}

/** Signs in, as far as the dashboard. The form is sent without its page, which is the subject of other specs. */
export async function comeIn(visit: Visit, identifier: string, password = PASSWORD): Promise<void> {
  const form = { _form: 'sign_in', next: '', identifier, password };
  const answer = await visit.page.request.post('/login', { form, maxRedirects: 0 });
  expect(answer.status(), await answer.text()).toBe(303);
  await visit.open('/dashboard');
  await visit.sees(/^Olá, /);
}

/** Signs out, as far as the home page: an answer that is still under way would end the session that begins next. */
export async function signOut(visit: Visit): Promise<void> {
  await visit.press('Sair');
  await visit.reads('Você saiu da sua conta.');
}

/** Waits until the sign-in counts no more: the button of the copy is then one that asks first. */
export async function untilStale(visit: Visit): Promise<void> {
  await expect(async () => {
    await visit.open('/profile/data');
    await expect(visit.main.locator('section[aria-labelledby=copy] form[method=post]')).toBeVisible({ timeout: 100 });
  }).toPass();
}

/** The sign-in no longer counts: a page asks again who it is. */
export async function asksWhoItIs(visit: Visit): Promise<void> {
  await expect(visit.summary.getByRole('heading')).toHaveText('Confirme que é você');
  await visit.reads('Faz algum tempo que você entrou.');
}

/** Shows who it is by the password, beside what was filled in, and sends it again. */
export async function showsWhoItIs(visit: Visit, button: string, password = PASSWORD): Promise<void> {
  await visit.fill({ 'Senha atual': password });
  await visit.press(button);
}

/** Fills a company's form, and sends it. */
export async function askAsCompany(visit: Visit, values: { cnpj: string; email: string }): Promise<void> {
  await visit.open('/register/company');
  await visit.fill({ 'Nome da empresa': 'Café do Porto Ltda.', CNPJ: values.cnpj, 'E-mail da empresa': values.email });
  await visit.fill({ Senha: PASSWORD, 'Confirme a senha': PASSWORD });
  await visit.field('Li e aceito').check();
  await visit.press('Criar conta');
}

/** Signs a company up, as far as the page to sign in. */
export async function becomeCompany(visit: Visit, values: { cnpj: string; email: string }): Promise<void> {
  await askAsCompany(visit, values);
  await visit.sees('Verifique seu email para ativar sua conta');
  await visit.open(await visit.outbox.link(values.email));
  await visit.reads('E-mail confirmado. Agora você pode entrar.');
}

/** Finds a CNPJ taken at the sign-up, and contests it. */
export async function contestTaken(visit: Visit, values: { cnpj: string; email: string }): Promise<void> {
  await askAsCompany(visit, values);
  await visit.isToldAt('CNPJ', /Conteste/);
  await visit.main.getByRole('link', { name: 'O documento é seu? Conteste' }).first().click();
  await visit.sees('Contestar um documento');
  await visit.fill({ 'CPF ou CNPJ': values.cnpj, 'Seu e-mail ou celular': values.email });
  await visit.press('Enviar código');
  await visit.sees('Confirme que o contato é seu');
  await visit.fill({ Código: await visit.outbox.code(values.email) });
  await visit.sendCode();
  await visit.sees('Recebemos sua contestação');
}

/** Requests a code for a phone of the signed-in account. */
export async function askOwnPhone(visit: Visit, phone: Phone): Promise<void> {
  await visit.fill({ Celular: phone.typed });
  await visit.press('Receber código');
}

/** 003, “Alteração de Senha”: sends the form. */
export async function changePassword(visit: Visit, current: string, password: string, confirmation = password): Promise<void> {
  await visit.fill({ 'Senha atual': current, 'Nova senha': password, 'Confirme a Nova Senha': confirmation });
  await visit.press('Alterar senha');
}

/** 002: sends the document. */
export async function askRecovery(visit: Visit, document: string): Promise<void> {
  // Anew: the page keeps the step that it was at.
  await visit.open('/recover-password?start=over');
  await visit.fill({ 'CPF ou CNPJ': document });
  await visit.press('Receber código');
}

/** 002: goes as far as the field for the code. */
export async function beginRecovery(visit: Visit, document: string): Promise<void> {
  await askRecovery(visit, document);
  await visit.sees('Confirme que é você');
}

export async function enterRecoveryCode(visit: Visit, code: string): Promise<void> {
  await visit.field('Código de Verificação').fill(code);
  await visit.sendCode();
}

/** 003: sends the address. */
export async function askResetLink(visit: Visit, email: string): Promise<void> {
  await visit.open('/forgot-password');
  await visit.fill({ 'E-mail': email });
  await visit.press('Enviar link');
}

/** 002 and 003: sends the new password. */
export async function chooseNewPassword(visit: Visit, password: string, confirmation = password): Promise<void> {
  await visit.fill({ 'Nova Senha': password, 'Confirme a Nova Senha': confirmation });
  await visit.press('Salvar nova senha');
}

interface Tokens {
  accessToken: string;
  refreshToken: string;
}

/** An API client with its own client address. */
class Caller {
  private readonly headers: Record<string, string> = { 'X-Forwarded-For': address(), Accept: 'application/json' };

  constructor(private readonly request: APIRequestContext) {}

  async post(path: string, data: object, status: number): Promise<unknown> {
    const answer = await this.request.post(path, { headers: this.headers, data });
    expect(answer.status(), path).toBe(status);
    return answer.json();
  }

  async open(link: string): Promise<void> {
    // API clients prove at this path. The page in the mail would only ask for a confirmation.
    const path = link.replace('/verify?', '/api/auth/verify-email?');
    expect((await this.request.get(path, { headers: this.headers })).status()).toBe(200);
  }

  /** Completes the profile of the account that was signed in to. */
  async complete(tokens: unknown, data: { cpf: string } | { cnpj: string }): Promise<void> {
    const headers = { ...this.headers, Authorization: `Bearer ${(tokens as Tokens).accessToken}` };
    expect((await this.request.patch('/api/auth/profile', { headers, data })).status()).toBe(200);
  }
}

// Accounts created by the API, for specs that are about something else.

export async function teacherByApi(request: APIRequestContext, outbox: Outbox, proved = true): Promise<Teacher> {
  const caller = new Caller(request);
  const teacher = { name: NAME, email: email(), password: PASSWORD };
  const data = { fullName: NAME, email: teacher.email, password: PASSWORD, passwordConfirmation: PASSWORD, termsAccepted: true };
  await caller.post('/api/auth/register/teacher', data, 201);
  if (proved) await caller.open(await outbox.link(teacher.email));
  return teacher;
}

/** An account that can be recovered by its document. */
export interface Owner {
  document: string;
  email: string;
}

/** Registers a company by 001, which asks for no CNPJ. Returns its e-mail address. */
export async function companyWithoutCnpj(request: APIRequestContext, outbox: Outbox, caller = new Caller(request)): Promise<string> {
  const address = email();
  const data = { nome: 'Café do Porto Ltda.', email: address, senha: PASSWORD, tipo_usuario: 'empresa' };
  await caller.post('/api/register', data, 201);
  await caller.open(await outbox.link(address));
  return address;
}

export async function companyByApi(
  request: APIRequestContext,
  outbox: Outbox,
  kind: 'numeric' | 'alphanumeric' = 'numeric',
): Promise<Owner> {
  const caller = new Caller(request);
  const company = { document: cnpj(kind), email: await companyWithoutCnpj(request, outbox, caller) };
  const tokens = await caller.post('/api/auth/login', { email: company.email, password: PASSWORD }, 200);
  await caller.complete(tokens, { cnpj: company.document });
  return company;
}

export async function applicationByApi(request: APIRequestContext, email: string): Promise<Tokens> {
  return (await new Caller(request).post('/api/auth/login', { email, password: PASSWORD }, 200)) as Tokens;
}

/** Creates a client with a proved phone and a proved e-mail. */
export async function clientByApi(request: APIRequestContext, outbox: Outbox): Promise<Owner & { phone: Phone }> {
  const caller = new Caller(request);
  const client = { document: cpf(), email: email(), phone: phone() };
  const data = { fullName: NAME, email: client.email, phone: client.phone.e164, password: PASSWORD, passwordConfirmation: PASSWORD };
  await caller.post('/api/auth/register/client', data, 202);
  const code = await outbox.code(client.phone.e164);
  const tokens = await caller.post('/api/auth/phone/verify', { phone: client.phone.e164, code }, 201);
  await caller.open(await outbox.link(client.email));
  await caller.complete(tokens, { cpf: client.document });
  return client;
}

/** Confirms on the page of a verification link, after it was opened in a browser that does not hold the sign-up. */
export async function confirm(visit: Visit): Promise<void> {
  await visit.sees('Confirme seu e-mail');
  await visit.press('Confirmar');
  await visit.reads('E-mail confirmado. Agora você pode entrar.');
}

/** Opens Meu Perfil, as it is now. */
export async function openOwnProfile(visit: Visit): Promise<void> {
  await visit.open('/profile');
  await visit.sees('Meu Perfil');
}
