// A sign-up, up to the complete profile.

import { brand } from '../brand';
import { cnpj, email, otherThan, PASSWORD, phone } from '../people';
import { picture } from '../pictures';
import {
  askToRide,
  become,
  comeIn,
  companyByApi,
  companyWithoutCnpj,
  enterCode,
  fillClient,
  fillProfile,
  fillTeacher,
  handsOver,
  profile,
  register,
  registerTeacher,
  rider,
  rideTo,
  signIn,
  teacherByApi,
} from '../steps';
import type { Scene } from './stage';

export const SIGN_UP: Scene[] = [
  [
    'client-errors',
    async ({ visit }) => {
      await visit.open('/register/client');
      await visit.fill({ Celular: '(11) 3765-4321', 'E-mail': 'luisa@', Senha: 'curta', 'Confirme a senha': 'outra' });
      await visit.press('Receber código');
      await visit.isTold('Informe o nome');
    },
  ],
  [
    'client-taken',
    async ({ visit }) => {
      const me = await become(visit);
      await visit.open('/register/client?signup=new');
      await fillClient(visit, me);
      await visit.isTold('Telefone já cadastrado');
    },
  ],
  [
    'register-pending',
    async ({ visit }) => {
      await register(visit, { phone: phone() });
      await visit.open('/register');
      await visit.reads('Você tem um cadastro em andamento');
    },
  ],
  [
    'home-pending',
    async ({ visit }) => {
      await register(visit, { phone: phone() });
      await visit.open('/');
      await visit.reads('Continuar meu cadastro');
    },
  ],
  [
    'code',
    async ({ visit }) => {
      const mine = phone();
      await register(visit, { phone: mine });
      await visit.outbox.code(mine.e164);
      await visit.reload();
      await visit.reads(/O código expira em/);
    },
  ],
  [
    'code-wrong',
    async ({ visit }) => {
      const mine = phone();
      await register(visit, { phone: mine });
      await enterCode(visit, otherThan(await visit.outbox.code(mine.e164)));
      await visit.isTold('A confirmação do número de telefone falhou');
    },
  ],
  [
    'code-blocked',
    async ({ visit }) => {
      const mine = phone();
      await register(visit, { phone: mine });
      const wrong = otherThan(await visit.outbox.code(mine.e164));
      for (let n = 0; n < 5; n++) {
        await visit.open('/register/client');
        await enterCode(visit, wrong);
        await visit.isTold(n < 4 ? 'falhou' : 'Foram muitos códigos errados');
      }
    },
  ],
  [
    'hand-off',
    async ({ visit }) => {
      await register(visit, { phone: phone() });
      await handsOver(visit);
    },
  ],
  [
    'continue',
    async ({ visit }) => {
      await register(visit, { phone: phone() });
      await visit.open(await handsOver(visit));
      await visit.sees('Continuar o cadastro aqui?');
    },
  ],
  [
    'hand-off-gone',
    async ({ visit, guard }) => {
      guard.expect(400);
      await visit.open('/continue?token=abc');
      await visit.sees('Link inválido');
    },
  ],
  [
    'proved-elsewhere',
    async ({ visit, request }) => {
      const teacher = await teacherByApi(request, visit.outbox, false);
      await visit.open(await visit.outbox.link(teacher.email));
      await visit.sees('Confirme seu e-mail');
    },
  ],
  [
    'home-in',
    async ({ visit, request }) => {
      await comeIn(visit, (await teacherByApi(request, visit.outbox)).email);
      await visit.open('/');
      await visit.reads('Luísa');
    },
  ],
  [
    'client-in',
    async ({ visit, request }) => {
      await comeIn(visit, (await teacherByApi(request, visit.outbox)).email);
      await visit.open('/register/client');
      await visit.reads('Este cadastro cria outra conta.');
    },
  ],
  [
    'client-correct',
    async ({ visit }) => {
      await register(visit, { phone: phone(), email: email(), password: PASSWORD });
      await visit.follow('Corrigir o número');
      await visit.sees(brand.client.title);
    },
  ],
  [
    'done',
    async ({ visit }) => {
      await become(visit);
    },
  ],
  [
    'dashboard',
    async ({ visit }) => {
      await become(visit, { phone: phone(), email: email() });
      await visit.follow('Ir para o início');
      await visit.sees('Olá, Luísa');
    },
  ],
  [
    'dashboard-teacher',
    async ({ visit, request }) => {
      await comeIn(visit, (await teacherByApi(request, visit.outbox)).email);
      await visit.reads('Este é o seu primeiro acesso.');
    },
  ],
  [
    'dashboard-company',
    async ({ visit, request }) => {
      await comeIn(visit, (await companyByApi(request, visit.outbox)).email);
    },
  ],
  [
    'complete-profile-company',
    async ({ visit, request }) => {
      const company = await companyWithoutCnpj(request, visit.outbox);
      await visit.open('/login');
      await signIn(visit, company, PASSWORD);
      await visit.sees('Complete seu perfil');
    },
  ],
  [
    'teacher-errors',
    async ({ visit }) => {
      await visit.open('/register/teacher');
      await visit.press('Criar conta');
      await visit.isTold('Você deve aceitar os termos de serviço');
    },
  ],
  [
    'teacher-taken',
    async ({ visit, request }) => {
      const teacher = await teacherByApi(request, visit.outbox, false);
      await visit.open('/register/teacher');
      await fillTeacher(visit, teacher);
      await visit.field('Li e aceito').check();
      await visit.press('Criar conta');
      await visit.isTold('Email já cadastrado');
    },
  ],
  [
    'company-errors',
    async ({ visit }) => {
      await visit.open('/register/company');
      await visit.fill({ CNPJ: cnpj('numeric').replace(/\d$/, 'X') });
      await visit.press('Criar conta');
      await visit.isTold('CNPJ inválido');
    },
  ],
  [
    'check-email',
    async ({ visit }) => {
      const mine = email();
      await registerTeacher(visit, mine);
      await visit.outbox.link(mine);
      await visit.reload();
      await visit.reads('Enviado por e-mail.');
    },
  ],
  [
    'verify-unknown',
    async ({ visit, guard }) => {
      guard.expect(400);
      await visit.open('/verify?token=abc');
      await visit.sees('Link inválido');
    },
  ],
  [
    'carona-errors',
    async ({ visit }) => {
      await askToRide(visit, { name: '', username: 'a b', email: 'rian@', password: 'curta' });
      await visit.isTold('Informe o nome');
    },
  ],
  [
    'carona-code',
    async ({ visit }) => {
      const me = rider();
      await askToRide(visit, me);
      await visit.outbox.code(me.email);
      await visit.reload();
      // Of its one minute some seconds are gone: of a whole one the picture would change while it is taken.
      await visit.reads(/O código expira em \d+\ss/);
    },
  ],
  [
    'carona-resumed',
    async ({ visit }) => {
      await rideTo(visit);
      await visit.open('/register/carona');
      await visit.sees('E-mail confirmado');
    },
  ],
  [
    'verify-email-by-code-refused',
    async ({ visit }) => {
      await visit.open('/verify-email?email=rian@exemplo.com.br');
      await visit.fill({ Código: '12345678' });
      await visit.sendCode();
      await visit.isTold('A confirmação do e-mail falhou');
    },
  ],
  [
    'complete-profile',
    async ({ visit }) => {
      await rideTo(visit);
    },
  ],
  [
    'complete-profile-photo',
    async ({ visit }) => {
      await rideTo(visit);
      await visit.field('Foto').setInputFiles(picture());
      await visit.reads('Enquadre a foto');
      await visit.field('Aproximação').fill('200');
    },
  ],
  [
    'complete-profile-errors',
    async ({ visit }) => {
      await rideTo(visit);
      await fillProfile(visit, { ...profile(), phone: '119', cpf: '123.456.789-01', city: 'A' });
      await visit.field('Foto').setInputFiles({ name: 'eu.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') });
      await visit.reads('Não conseguimos abrir a foto');
      await visit.field('Foto').setInputFiles([]);
      await visit.press('Concluir cadastro');
      await visit.isTold('CPF inválido');
    },
  ],
  [
    'dashboard-rider',
    async ({ visit }) => {
      await rideTo(visit);
      await visit.field('Foto').setInputFiles(picture());
      await visit.reads('Enquadre a foto');
      await fillProfile(visit, profile());
      await visit.press('Concluir cadastro');
      await visit.sees('Olá, Rian');
    },
  ],
];
