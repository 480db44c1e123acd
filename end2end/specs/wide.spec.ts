// Wide screens: header and page on one grid, a side beside the page; narrow ones: the side below it.

import { comeIn, signOut, teacherByApi } from '../support/steps';
import { expect, test } from '../support/test';

const WIDE = { width: 1280, height: 800 };
const BETWEEN = { width: 800, height: 800 };
const NARROW = { width: 390, height: 844 };

for (const path of ['/', '/register', '/register/client', '/login', '/sign-in-help', '/forgot-password', '/terms', '/accessibility']) {
  test(`${path} begins where the header does`, async ({ visit, page }) => {
    await page.setViewportSize(WIDE);
    await visit.open(path);
    const left = async (what: string) => (await page.locator(what).first().boundingBox())?.x;
    expect(await left('main h1')).toBe(await left('.brand'));
    await page.setViewportSize(NARROW);
    expect(await left('main h1')).toBe(await left('.brand'));
  });
}

for (const path of ['/login', '/forgot-password', '/register']) {
  test(`a notice begins where its page does, on ${path}`, async ({ visit, page }) => {
    await page.context().addCookies([{ name: 'portaria_notice', value: 'signed_out', url: process.env.PORTARIA_TEST_URL ?? '' }]);
    await visit.open(path);
    for (const size of [WIDE, BETWEEN, NARROW]) {
      await page.setViewportSize(size);
      const left = async (what: string) => (await page.locator(what).first().boundingBox())?.x;
      expect(await left('.notice > p'), `${size.width} px`).toBe(await left('main h1'));
    }
  });
}

test('the steps stand beside the wizard by their names, with the present one marked, and help at any width', async ({ visit, page }) => {
  await page.setViewportSize(WIDE);
  await visit.open('/register/teacher');
  const side = page.getByRole('complementary', { name: 'Ajuda e segurança' });
  await expect(side.getByRole('listitem').filter({ hasText: 'Seus dados' })).toHaveAttribute('aria-current', 'step');
  await expect(side.getByText('Confirmação do e-mail')).toBeVisible();
  const [form, beside] = [await page.locator('main form').first().boundingBox(), await side.boundingBox()];
  expect(beside?.x).toBeGreaterThan((form?.x ?? 0) + (form?.width ?? 0));
  await page.setViewportSize(NARROW);
  await expect(side.getByText('Confirmação do e-mail')).toBeHidden();
  await expect(side.getByText('Ninguém da nossa equipe pede seu código')).toBeVisible();
  await expect(side.getByRole('link', { name: 'Já tenho conta' })).toBeVisible();
});

test('the overview tells the sign-in before this one, and leads to where a stranger is put out', async ({ visit, page, request, outbox }) => {
  const teacher = await teacherByApi(request, outbox);
  await comeIn(visit, teacher.email);
  await visit.reads('Este é o seu primeiro acesso.');
  await signOut(visit);
  await comeIn(visit, teacher.email);
  await visit.reads(/na mesma rede de agora/);
  await visit.reads('A conta está aberta só neste aparelho.');
  await visit.follow('Proteja sua conta');
  await visit.sees('Meus dados');
  await expect(page.getByRole('button', { name: 'Bloquear minha conta agora' })).toBeInViewport();
});
