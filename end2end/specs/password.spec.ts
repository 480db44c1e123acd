// 003, UC-06, “Alteração de Senha”, by the steps of the document; and “Não fui eu”, for an owner who did not do it.

import { titled } from '../support/brand';
import { NEW_PASSWORD, PASSWORD, phone } from '../support/people';
import { become, changePassword, chooseNewPassword, comeIn, signIn, signOut, teacherByApi } from '../support/steps';
import { expect, test, type Visit } from '../support/test';

const CHANGED = 'Senha alterada com sucesso!';
const TOLD = 'Sua senha foi alterada';

/** Whose session has ended notices at the next page. */
async function isOut(visit: Visit): Promise<void> {
  await visit.open('/dashboard');
  await visit.sees('Entrar');
}

test('Alteração de Senha', async ({ visit, otherDevice, outbox, request, page }) => {
  const teacher = await teacherByApi(request, outbox);
  const other = await otherDevice();
  await comeIn(visit, teacher.email);
  await comeIn(other, teacher.email);

  await test.step('1. Na tela de perfil, o usuário seleciona “Alterar Senha”', async () => {
    await visit.follow('Meu Perfil');
    await visit.sees('Meu Perfil');
    await visit.follow('Alterar Senha');
    await visit.sees('Alterar senha');
    expect(new URL(page.url()).pathname).toBe('/profile/password');
  });

  await test.step('2. O sistema exibe formulário com senha atual, nova senha e confirmação', async () => {
    for (const [label, token] of [
      ['Senha atual', 'current-password'],
      ['Nova senha', 'new-password'],
      ['Confirme a Nova Senha', 'new-password'],
    ] as const) {
      await expect(visit.field(label)).toHaveAttribute('autocomplete', token);
      await expect(visit.field(label)).toHaveAttribute('type', 'password');
    }
    for (const rule of ['pelo menos 8 caracteres', 'uma letra minúscula', 'uma letra maiúscula', 'um número', 'um caractere especial']) {
      await visit.reads(rule);
    }
  });

  await test.step('3. O usuário preenche e submete o formulário', async () => {
    await changePassword(visit, PASSWORD, NEW_PASSWORD);
  });

  await test.step('4 a 6. O sistema valida, atualiza a senha e exibe mensagem de sucesso', async () => {
    await visit.sees('Meu Perfil');
    await visit.reads(CHANGED);
    expect(page.url()).not.toMatch(/Jacarand|Pitangueira/);
  });

  await test.step('O dono é avisado; esta sessão continua, as outras terminam', async () => {
    const told = await outbox.next(teacher.email, ({ subject }) => subject === TOLD);
    expect(told.body).toContain('As sessões em outros aparelhos foram encerradas.');
    expect(new URL(told.link ?? '').pathname).toBe('/not-me');
    await visit.open('/dashboard');
    await visit.sees('Olá, Luísa');
    await isOut(other);
  });

  await test.step('A nova senha já está ativa, a antiga não', async () => {
    await signIn(other, teacher.email, PASSWORD);
    await other.isTold('Dados de acesso incorretos');
    await signIn(other, teacher.email, NEW_PASSWORD);
    await other.sees('Olá, Luísa');
  });
});

test('4. Uma senha atual errada é dita no seu campo', async ({ visit, outbox, request, page }) => {
  const teacher = await teacherByApi(request, outbox);
  await comeIn(visit, teacher.email);
  await visit.open('/profile/password');
  for (const [current, why] of [['Errada#2026 mesmo', 'A senha atual está incorreta'], ['', 'Informe a senha atual']] as const) {
    await changePassword(visit, current, NEW_PASSWORD);
    await visit.isTold(why);
    await visit.isToldAt('Senha atual', why);
    await expect(visit.field('Nova senha')).not.toHaveAttribute('aria-invalid', 'true');
    for (const password of ['Errada#2026', NEW_PASSWORD]) {
      expect(page.url()).not.toContain(password);
      expect(await page.content()).not.toContain(password);
    }
  }
  expect((await outbox.to(teacher.email)).filter(({ subject }) => subject === TOLD)).toEqual([]);
  await changePassword(visit, PASSWORD, NEW_PASSWORD);
  await visit.reads(CHANGED);
  await expect(page).toHaveTitle(titled('Meu Perfil'));
});

test('4. Uma nova senha que não atende, ou que a confirmação não repete, é dita no campo, e nada muda', async ({ visit, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox);
  await comeIn(visit, teacher.email);
  await visit.open('/profile/password');
  const classes = 'A senha deve conter letras maiúsculas, minúsculas, números e caracteres especiais';
  // Neighbours differ in what is told, so that each answer is seen to come.
  for (const [field, why, password, confirmation] of [
    ['Nova senha', classes, 'pitangueira#8', 'pitangueira#8'],
    ['Confirme a Nova Senha', 'As senhas não coincidem', NEW_PASSWORD, PASSWORD],
    ['Nova senha', classes, 'PITANGUEIRA#8', 'PITANGUEIRA#8'],
    ['Nova senha', 'A senha deve ter pelo menos 8 caracteres', 'Caju#77', 'Caju#77'],
    ['Nova senha', 'Esta senha é fácil de adivinhar', 'Password1!', 'Password1!'],
    ['Nova senha', 'A nova senha deve ser diferente da atual', PASSWORD, PASSWORD],
    ['Confirme a Nova Senha', 'Digite a senha de novo', NEW_PASSWORD, ''],
    ['Nova senha', 'Informe a nova senha', '', ''],
  ] as const) {
    await changePassword(visit, PASSWORD, password, confirmation);
    await visit.isTold(why);
    await visit.isToldAt(field, new RegExp(why));
  }
  // Every reason at once.
  await changePassword(visit, 'Errada#2026 mesmo', 'curta', 'outra');
  await visit.isToldAt('Nova senha', /pelo menos 8 caracteres/);
  await visit.isToldAt('Confirme a Nova Senha', 'As senhas não coincidem');
  await signOut(visit);
  await comeIn(visit, teacher.email);
});

test('2. Quem não tem senha cria a primeira', async ({ visit }) => {
  await become(visit, { phone: phone() });
  await visit.open('/profile/password');
  await visit.sees('Criar senha');
  await visit.reads('Sua conta não tem senha: você entra com um código enviado ao seu celular.');
  await visit.fill({ 'Nova senha': NEW_PASSWORD, 'Confirme a Nova Senha': NEW_PASSWORD });
  await visit.press('Criar senha');
  await visit.reads('Senha criada com sucesso!');
});

test.describe('Não fui eu', () => {
  test('encerra todas as sessões, tira a senha trocada e cria outra em seguida', async ({ visit, otherDevice, outbox, request, page }) => {
    const teacher = await teacherByApi(request, outbox);
    const thief = await otherDevice();
    await comeIn(thief, teacher.email);
    await thief.open('/profile/password');
    await changePassword(thief, PASSWORD, 'Ladrao#77 novo');
    await thief.reads(CHANGED);

    const link = await outbox.notMeLink(teacher.email);
    await visit.open(link);
    await visit.sees('Não foi você?');
    // To open it changes nothing: mail scanners do.
    await thief.open('/dashboard');
    await thief.sees('Olá, Luísa');
    await visit.press('Não fui eu: proteger minha conta');
    await visit.reads('Pronto: todas as sessões foram encerradas, e o que mudou desde o primeiro aviso não vale mais.');
    await visit.sees('Crie uma nova senha');
    await isOut(thief);
    for (const password of ['Ladrao#77 novo', PASSWORD]) {
      await signIn(thief, teacher.email, password);
      await thief.isTold('Dados de acesso incorretos');
    }

    await chooseNewPassword(visit, NEW_PASSWORD, PASSWORD);
    await visit.isToldAt('Confirme a Nova Senha', 'As senhas não coincidem');
    // Nothing that went well stands above what did not.
    await expect(visit.main).not.toContainText('Pronto:');
    await chooseNewPassword(visit, NEW_PASSWORD);
    await visit.sees('Entrar');
    await visit.reads(CHANGED);
    expect(page.url()).not.toContain('token');
    await visit.awake();
    await signIn(visit, teacher.email, NEW_PASSWORD);
    await visit.sees('Olá, Luísa');
  });

  test('o aviso de um novo acesso leva até lá: encerra as sessões, tira a senha, e não desfaz mais nada', async ({ visit, otherDevice, outbox, request }) => {
    const teacher = await teacherByApi(request, outbox);
    const owner = await otherDevice();
    await comeIn(owner, teacher.email);
    const thief = await otherDevice();
    await comeIn(thief, teacher.email);

    await visit.open(await outbox.notMyAccessLink(teacher.email));
    await visit.sees('Não reconhece este acesso?');
    await visit.reads('Encerramos todas as sessões, em todos os aparelhos.');
    await thief.open('/dashboard');
    await thief.sees('Olá, Luísa');
    await visit.press('Não fui eu: proteger minha conta');
    await visit.reads('todas as sessões foram encerradas, e a senha anterior não vale mais. Nenhum contato ou documento saiu da conta.');
    await isOut(thief);
    await isOut(owner);
    await signIn(thief, teacher.email, PASSWORD);
    await thief.isTold('Dados de acesso incorretos');
    await chooseNewPassword(visit, NEW_PASSWORD);
    await visit.reads(CHANGED);
    await comeIn(owner, teacher.email, NEW_PASSWORD);
  });

  test('um link já usado ou copiado pela metade não abre, e outros caminhos são oferecidos', async ({ visit, otherDevice, outbox, request, guard }) => {
    const teacher = await teacherByApi(request, outbox);
    await comeIn(visit, teacher.email);
    await visit.open('/profile/password');
    await changePassword(visit, PASSWORD, NEW_PASSWORD);
    await visit.reads(CHANGED);
    const link = await outbox.notMeLink(teacher.email);
    const [one, two] = [await otherDevice(), await otherDevice()];
    for (const it of [one, two]) {
      await it.open(link);
      await it.sees('Não foi você?');
    }
    await one.press('Não fui eu: proteger minha conta');
    await one.sees('Crie uma nova senha');
    // That page was opened before.
    await two.press('Não fui eu: proteger minha conta');
    await two.sees('Link inválido');
    await two.main.getByRole('link', { name: 'Recuperar com CPF ou CNPJ' }).click();
    await two.sees('Recuperar senha');

    guard.expect(400);
    for (const path of [link, link.slice(0, -5), '/not-me']) {
      await two.open(path);
      await two.sees('Link inválido');
      await expect(two.main.getByRole('link', { name: 'Recuperar com CPF ou CNPJ' })).toHaveAttribute('href', '/recover-password');
      await two.main.getByRole('link', { name: 'Esqueci minha senha' }).click();
      await two.sees('Esqueci minha senha');
    }
  });
});
