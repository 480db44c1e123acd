// 003: where an account is open (Meu Perfil, “Aparelhos”), and “Logout”.

import { comeIn, applicationByApi, signOut, teacherByApi } from '../support/steps';
import { expect, test, type Visit } from '../support/test';

const ENDED = 'Sua sessão terminou. Entre de novo para continuar.';

/** One after the other, the own one first. */
const listed = (visit: Visit) => visit.main.getByRole('region', { name: 'Aparelhos' }).getByRole('listitem');
const endOne = (visit: Visit) => visit.page.getByRole('button', { name: /^Encerrar a sessão em / });
const endOthers = (visit: Visit) => visit.page.getByRole('button', { name: 'Encerrar todas as outras' });

async function look(visit: Visit): Promise<void> {
  await visit.open('/profile');
  await visit.sees('Meu Perfil');
}

/** What is next clicked on leads to the login page. */
async function isSentToLogin(visit: Visit): Promise<void> {
  await visit.follow('Meu Perfil');
  await visit.sees('Entrar');
  expect(new URL(visit.page.url()).pathname).toBe('/login');
}

/** Goes from one thing to the next until it is there. */
async function tabTo(visit: Visit, target: ReturnType<typeof endOne>): Promise<void> {
  for (let n = 0; n < 40; n++) {
    await visit.page.keyboard.press('Tab');
    if (await target.evaluate((it) => it === document.activeElement)) return;
  }
  throw new Error('it cannot be reached by the keyboard');
}

test('as sessões são listadas com aparelho, endereço e último uso, e uma é encerrada', async ({ visit, otherDevice, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox);
  const other = await otherDevice();
  await comeIn(other, teacher.email);
  await comeIn(visit, teacher.email);
  await visit.follow('Meu Perfil');
  await visit.sees('Meu Perfil');
  await expect(listed(visit)).toHaveCount(2);
  const addresses: string[] = [];
  for (const [n, own] of [true, false].entries()) {
    const session = listed(visit).nth(n);
    await expect(session).toContainText(/Chrome.*Linux/);
    await expect(session).toContainText(/Último uso em \d\d\/\d\d\/\d{4}, às \d\d:\d\d/);
    await expect(session).toContainText(/Aberta em \d\d\/\d\d\/\d{4}, às \d\d:\d\d/);
    await expect(session.getByText('Esta sessão')).toHaveCount(own ? 1 : 0);
    await expect(session.getByRole('button')).toHaveCount(own ? 0 : 1);
    addresses.push(/Endereço IP (10(?:\.\d+){3}), na rede local/.exec(await session.innerText())?.[1] ?? '');
  }
  expect(addresses).not.toContain('');
  expect(addresses[0]).not.toBe(addresses[1]);

  await endOne(visit).click();
  await visit.reads('Sessão encerrada.');
  await expect(listed(visit)).toHaveCount(1);
  await expect(listed(visit)).toContainText('Esta sessão');
  await visit.reads('Nenhuma outra sessão está aberta.');
  await expect(endOthers(visit)).toHaveCount(0);
  await isSentToLogin(other);
  if (other.wakes) await other.reads(ENDED);
  await look(visit);
  await expect(listed(visit)).toHaveCount(1);
});

test('uma que já terminou é encerrada de novo sem queixa', async ({ visit, otherDevice, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox);
  const other = await otherDevice();
  await comeIn(other, teacher.email);
  await comeIn(visit, teacher.email);
  await look(visit);
  await expect(listed(visit)).toHaveCount(2);
  await signOut(other);
  await endOne(visit).click();
  await visit.reads('Sessão encerrada.');
  await expect(listed(visit)).toHaveCount(1);
});

test('todas as outras são encerradas juntas, a de um aplicativo também', async ({ visit, otherDevice, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox);
  const others = [await otherDevice(), await otherDevice()];
  for (const other of others) await comeIn(other, teacher.email);
  const application = await applicationByApi(request, teacher.email);
  await comeIn(visit, teacher.email);
  await look(visit);
  await expect(listed(visit)).toHaveCount(4);
  await expect(listed(visit).filter({ hasText: 'Aplicativo' })).toHaveCount(1);
  await endOthers(visit).click();
  await visit.reads('As outras sessões foram encerradas.');
  await expect(listed(visit)).toHaveCount(1);
  await visit.reads('Nenhuma outra sessão está aberta.');
  for (const other of others) await isSentToLogin(other);
  const profile = await request.get('/api/auth/profile', { headers: { Authorization: `Bearer ${application.accessToken}` } });
  expect(profile.status()).toBe(401);
  const fresh = await request.post('/api/auth/refresh-token', { data: { refreshToken: application.refreshToken } });
  expect(fresh.status()).toBe(401);
  await visit.open('/dashboard');
  await visit.sees('Olá, Luísa');
});

test('só com o teclado', async ({ visit, otherDevice, outbox, request, page }) => {
  const teacher = await teacherByApi(request, outbox);
  const others = [await otherDevice(), await otherDevice(), await otherDevice()];
  for (const other of others) await comeIn(other, teacher.email);
  await comeIn(visit, teacher.email);
  await look(visit);
  await expect(listed(visit)).toHaveCount(4);
  const heading = page.getByRole('heading', { name: 'Aparelhos' });
  // There before it says something: what is put in together with its text is not read out.
  const region = visit.main.getByRole('region', { name: 'Aparelhos' }).getByRole('status');
  await expect(region).toHaveCount(1);
  await tabTo(visit, endOne(visit).first());
  await page.keyboard.press('Enter');
  await visit.reads('Sessão encerrada.');
  await expect(listed(visit)).toHaveCount(3);
  if (visit.wakes) {
    // The button is gone; who pressed it is not thrown to the top of the page, nor at a button that ends another.
    await expect(heading).toBeFocused();
  }
  await tabTo(visit, endOthers(visit));
  await page.keyboard.press('Space');
  await visit.reads('As outras sessões foram encerradas.');
  await expect(listed(visit)).toHaveCount(1);
  if (visit.wakes) {
    await expect(heading).toBeFocused();
    await expect(region).toHaveText('As outras sessões foram encerradas.');
  }
  for (const other of others) await isSentToLogin(other);
});

test('Logout', async ({ visit, otherDevice, outbox, request, page, context }) => {
  const teacher = await teacherByApi(request, outbox);
  const other = await otherDevice();
  await comeIn(other, teacher.email);
  await comeIn(visit, teacher.email);
  const cookies = async () => (await context.cookies()).filter(({ name, httpOnly }) => httpOnly && name.includes('session'));
  const [before] = await cookies();
  expect(before).toBeDefined();
  await look(visit);

  await test.step('1. O usuário seleciona a opção “Sair” no menu', async () => {
    await page.getByRole('navigation').getByRole('button', { name: 'Sair' }).click();
  });

  await test.step('3. O sistema redireciona para a página inicial', async () => {
    await visit.sees('Uma conta segura para os serviços que você usa');
    await visit.reads('Você saiu da sua conta.');
    expect(new URL(page.url()).pathname).toBe('/');
  });

  await test.step('2. A sessão não vale mais, nem para quem guardou o cookie; as outras valem', async () => {
    expect(await cookies()).toEqual([]);
    await context.addCookies(before ? [before] : []);
    await visit.open('/dashboard');
    await visit.sees('Entrar');
    await other.open('/dashboard');
    await other.sees('Olá, Luísa');
  });
});
