// What specs do on their way to what they are about.

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

/** The client's first form, sent. */
export async function askToRegister(visit: Visit, { name = NAME, phone, email, password }: Client): Promise<void> {
  await visit.open('/register/client');
  await visit.fill({ 'Nome completo': name, Celular: phone.typed });
  if (email) await visit.fill({ 'E-mail': email });
  if (password) await visit.fill({ Senha: password, 'Confirme a senha': password });
  await visit.press('Continuar e receber o código');
}

/** To the step where the code is entered. */
export async function register(visit: Visit, client: Client): Promise<void> {
  await askToRegister(visit, client);
  await visit.sees('Confirme com o código');
}

export async function enterCode(visit: Visit, code: string): Promise<void> {
  await visit.field('Código').fill(code);
  await visit.press('Confirmar');
}

/** A client, signed in, on the last page of the wizard. */
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

/** The teacher's first form, filled in. */
export async function fillTeacher(visit: Visit, teacher: Teacher): Promise<void> {
  await visit.fill({ 'Nome completo': teacher.name, 'E-mail institucional': teacher.email });
  await visit.fill({ Senha: teacher.password, 'Confirme a senha': teacher.password });
}

export async function registerTeacher(visit: Visit, email: string): Promise<void> {
  await visit.open('/register/teacher');
  await fillTeacher(visit, { name: NAME, email, password: PASSWORD });
  await visit.field('Li e aceito').check();
  await visit.press('Registrar');
  await visit.sees('Verifique seu email para ativar sua conta');
}

export interface Rider {
  name: string;
  username: string;
  email: string;
  password: string;
}

export function rider(): Rider {
  // The document's own sample: eight characters are enough there.
  return { name: 'Rian Lucas', username: username(), email: email(), password: 'senha12345' };
}

/** The rider's first form, sent. */
export async function askToRide(visit: Visit, rider: Rider): Promise<void> {
  await visit.open('/register/carona');
  await visit.fill({ 'Nome completo': rider.name, 'Nome de usuário': rider.username, 'E-mail': rider.email, Senha: rider.password });
  await visit.press('Continuar e receber o código');
}

/** A rider whose address is proved, at the third step. */
export async function rideTo(visit: Visit, me: Rider = rider()): Promise<Rider> {
  await askToRide(visit, me);
  await visit.sees('Confirme com o código');
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

/** The rider's third form, filled in. */
export async function fillProfile(visit: Visit, profile: Profile): Promise<void> {
  await visit.fill({ Telefone: profile.phone, 'Data de nascimento': profile.born, CPF: profile.cpf });
  await visit.field(profile.gender).check();
  await visit.main.getByLabel('Estado').selectOption(profile.state);
  await visit.fill({ Cidade: profile.city });
}

/** The login page's form, sent. */
export async function signIn(visit: Visit, identifier: string, password: string): Promise<void> {
  await visit.fill({ 'E-mail, usuário': identifier, Senha: password });
  await visit.press('Entrar');
}

/** Somebody with an account, on the dashboard. */
export async function comeIn(visit: Visit, identifier: string, password = PASSWORD): Promise<void> {
  await visit.open('/login');
  await signIn(visit, identifier, password);
  await visit.sees(/^Olá, /);
}

/** A phone of the signed-in account, asked for on its page. */
export async function askOwnPhone(visit: Visit, phone: Phone): Promise<void> {
  await visit.fill({ Celular: phone.typed });
  await visit.press('Receber código');
}

/** 003, “Alteração de Senha”: the form, sent. */
export async function changePassword(visit: Visit, current: string, password: string, confirmation = password): Promise<void> {
  await visit.fill({ 'Senha atual': current, 'Nova senha': password, 'Confirme a Nova Senha': confirmation });
  await visit.press('Alterar senha');
}

/** 002: the document, sent. */
export async function askRecovery(visit: Visit, document: string): Promise<void> {
  await visit.open('/recover-password');
  await visit.fill({ 'CPF ou CNPJ': document });
  await visit.press('Receber código');
}

/** 002: as far as the field of the code. */
export async function beginRecovery(visit: Visit, document: string): Promise<void> {
  await askRecovery(visit, document);
  await visit.sees('Confirme que é você');
}

export async function enterRecoveryCode(visit: Visit, code: string): Promise<void> {
  await visit.field('Código de Verificação').fill(code);
  await visit.press('Verificar código');
}

/** 003: the address, sent. */
export async function askResetLink(visit: Visit, email: string): Promise<void> {
  await visit.open('/forgot-password');
  await visit.fill({ 'E-mail': email });
  await visit.press('Enviar link');
}

/** 002 and 003: the new password, sent. */
export async function chooseNewPassword(visit: Visit, password: string, confirmation = password): Promise<void> {
  await visit.fill({ 'Nova Senha': password, 'Confirme a Nova Senha': confirmation });
  await visit.press('Alterar senha');
}

/** What the API answers whoever signs in. */
interface Tokens {
  accessToken: string;
  refreshToken: string;
}

/** A caller of the API, from an address of its own. */
class Caller {
  private readonly headers: Record<string, string> = { 'X-Forwarded-For': address(), Accept: 'application/json' };

  constructor(private readonly request: APIRequestContext) {}

  async post(path: string, data: object, status: number): Promise<unknown> {
    const answer = await this.request.post(path, { headers: this.headers, data });
    expect(answer.status(), path).toBe(status);
    return answer.json();
  }

  /** A link that proves an address. */
  async open(link: string): Promise<void> {
    // where clients prove it: the page of the mail only asks
    const path = link.replace('/verify?', '/api/auth/verify-email?');
    expect((await this.request.get(path, { headers: this.headers })).status()).toBe(200);
  }

  /** Completes the profile of the account that was signed in to. */
  async complete(tokens: unknown, data: { cpf: string } | { cnpj: string }): Promise<void> {
    const headers = { ...this.headers, Authorization: `Bearer ${(tokens as Tokens).accessToken}` };
    expect((await this.request.patch('/api/auth/profile', { headers, data })).status()).toBe(200);
  }
}

// Accounts made by the API, for specs that are about something else.

export async function teacherByApi(request: APIRequestContext, outbox: Outbox, proved = true): Promise<Teacher> {
  const caller = new Caller(request);
  const teacher = { name: NAME, email: email(), password: PASSWORD };
  const data = { fullName: NAME, email: teacher.email, password: PASSWORD, passwordConfirmation: PASSWORD, termsAccepted: true };
  await caller.post('/api/auth/register/teacher', data, 201);
  if (proved) await caller.open(await outbox.link(teacher.email));
  return teacher;
}

/** Can be recovered by its document. */
export interface Owner {
  document: string;
  email: string;
}

/** By 001, which asks for no CNPJ: its address. */
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

/** The owner's session with an application: its tokens. */
export async function applicationByApi(request: APIRequestContext, email: string): Promise<Tokens> {
  return (await new Caller(request).post('/api/auth/login', { email, password: PASSWORD }, 200)) as Tokens;
}

/** With a proved phone beside the proved e-mail. */
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

/** The link of a verification mail was opened where the sign-up is not held: the owner is asked, and says yes. */
export async function confirm(visit: Visit): Promise<void> {
  await visit.sees('Confirme seu e-mail');
  await visit.press('Confirmar');
  await visit.reads('E-mail confirmado. Agora você pode entrar.');
}
