// Every journey of the product by keys alone, from its first page to its end: with JavaScript, in Portuguese, on a desktop; and without it,
// in English, in the narrowest window that WCAG asks for (1.4.10).

import { NARROWEST, width } from '../support/axe';
import { Hands } from '../support/hands';
import { importedTeacher } from '../support/imported';
import { cnpj, email, NEW_PASSWORD, PASSWORD, phone } from '../support/people';
import { picture } from '../support/pictures';
import { Product, sentOn } from '../support/product';
import { applicationByApi, clientByApi, companyByApi, NAME, profile, rider, type Rider, teacherByApi } from '../support/steps';
import { expect, test as base, type Visit } from '../support/test';

const test = base.extend<{ hands: Hands; handsOf: (visit: Visit) => Promise<Hands> }>({
  /** The hands of another person, or of the same one elsewhere. */
  // Before other devices are put away.
  handsOf: async ({ javaScriptEnabled, baseURL, otherDevice: _ }, use) => {
    const visits: Visit[] = [];
    await use(async (visit) => {
      visits.push(visit);
      if (!javaScriptEnabled) {
        await visit.page.setViewportSize(NARROWEST);
        await visit.page.context().addCookies([{ name: 'portaria_language', value: 'en', url: baseURL ?? '' }]);
      }
      return new Hands(visit);
    });
    // Where each of them ended.
    for (const { page } of visits) {
      if (new URL(page.url()).origin !== baseURL) continue;
      await expect.soft(page.locator('html')).toHaveAttribute('lang', javaScriptEnabled ? 'pt-BR' : 'en');
      if (!javaScriptEnabled) expect.soft(await width(page), 'no scrolling sideways').toBeLessThanOrEqual(NARROWEST.width);
    }
  },
  hands: async ({ visit, handsOf }, use) => use(await handsOf(visit)),
});

/** Types e-mail or another name, and the password, and is in. */
async function comesIn(visit: Visit, hands: Hands, identifier: string, password: string): Promise<void> {
  await visit.open('/login');
  await hands.send('sign_in', { identifier, password });
  await hands.isOn('/dashboard');
}

/** Digits alone, whatever a page makes of them. */
const digits = (text: string): string => text.replace(/\D/g, '');

async function ridesTo(visit: Visit, hands: Hands): Promise<Rider> {
  const me = rider();
  await visit.open('/register/carona');
  const { name, username, email, password } = me;
  await hands.send('sign_up', { name, username, email, password });
  await hands.isAt('prove_code');
  await hands.send('prove_code', { code: await visit.outbox.code(email) });
  await hands.isAt('complete_profile');
  return me;
}

test('a client, from the first page to an account, out, and in again by a code', async ({ visit, hands, outbox }) => {
  const mine = phone();
  await visit.open('/');
  await hands.follow('/register');
  await hands.follow('/register/client');
  await hands.isAt('sign_up');
  await hands.press('sign_up');
  // What is wrong is told first, and leads to where it is.
  await expect(visit.page.locator('[role=alert]').first()).toBeFocused();
  await hands.press(visit.page.locator('[role=alert] a').first());
  await expect(hands.field('sign_up', 'name')).toBeFocused();
  await hands.type('sign_up', { name: NAME, phone: mine.e164.slice(3) });
  await hands.unfold('[name=password]');
  await hands.type('sign_up', { password: PASSWORD, password_confirmation: PASSWORD });
  await hands.pick('sign_up', 'channel', 'sms');
  await hands.press('sign_up');
  await hands.isAt('prove_code');
  await hands.send('prove_code', { code: await outbox.code(mine.e164) });
  await hands.follow('/dashboard');
  await hands.isOn('/dashboard');
  await hands.press('sign_out');
  await hands.isOn('/');
  await hands.follow('/login');
  await hands.follow('/login?by=code');
  await hands.isAt('ask_code');
  await hands.send('ask_code', { phone: mine.e164.slice(3) });
  await hands.isAt('sign_in_by_code');
  await hands.tick('sign_in_by_code', 'remember');
  await hands.send('sign_in_by_code', { code: await outbox.code(mine.e164) });
  await hands.isOn('/dashboard');
});

test('a teacher, by the link of an e-mail, and in by a password', async ({ visit, hands, outbox }) => {
  const mine = email();
  await visit.open('/register/teacher');
  await hands.type('sign_up', { name: NAME, email: mine, password: PASSWORD, password_confirmation: PASSWORD });
  await hands.tick('sign_up', 'terms');
  await hands.press('sign_up');
  await hands.isAt('prove_code');
  await visit.open(await outbox.link(mine));
  await hands.isAt('sign_in');
  // The address that was just proved stands there.
  await expect(hands.field('sign_in', 'identifier')).toHaveValue(mine);
  await hands.tick('sign_in', 'remember');
  await hands.send('sign_in', { password: PASSWORD });
  await hands.isOn('/dashboard');
});

test('a company, by the code of the same e-mail, after a correction of its address', async ({ visit, hands, outbox }) => {
  const [wrong, mine, number] = [email(), email(), cnpj('alphanumeric')];
  await visit.open('/register/company');
  await hands.type('sign_up', { name: 'Café do Porto Ltda.', cnpj: number, email: wrong, password: PASSWORD, password_confirmation: PASSWORD });
  await hands.tick('sign_up', 'terms');
  await hands.press('sign_up');
  await hands.isAt('prove_code');
  await hands.follow('/register/company');
  await expect(hands.field('sign_up', 'email')).toHaveValue(wrong);
  await hands.reach(hands.field('sign_up', 'email'));
  await hands.key('ControlOrMeta+A');
  await hands.type('sign_up', { email: mine });
  await hands.press('sign_up');
  await hands.isAt('prove_code');
  await hands.send('prove_code', { code: await outbox.code(mine) });
  await hands.follow('/dashboard');
  await hands.isOn('/dashboard');
});

test('a rider, with a profile and a photo in its frame', async ({ visit, hands, page }) => {
  await ridesTo(visit, hands);
  const mine = profile();
  await hands.file('complete_profile', 'photo', picture());
  if (visit.wakes) {
    const range = page.locator('input[type=range]');
    await expect(range).toHaveCount(3);
    for (const nth of [0, 1, 2]) {
      const before = await range.nth(nth).inputValue();
      await hands.reach(range.nth(nth));
      await hands.key('ArrowRight', 'ArrowUp', 'PageUp');
      // The photo is wider than high: at first there is nothing to move up and down.
      expect(Number(await range.nth(nth).inputValue())).toBeGreaterThan(Number(before));
    }
  }
  await hands.type('complete_profile', { phone: digits(mine.phone), birth_date: '10102000' });
  await expect(hands.field('complete_profile', 'birth_date')).toHaveValue('2000-10-10');
  await hands.pick('complete_profile', 'gender', 'O');
  await hands.type('complete_profile', { cpf: digits(mine.cpf) });
  await hands.pick('complete_profile', 'state', 'BA');
  await hands.type('complete_profile', { city: 'Salvador' });
  await hands.press('complete_profile');
  await hands.isOn('/dashboard');
  await expect(visit.main.getByRole('img')).toHaveCount(1);
});

test('a sign-up goes on on another device, and the first one follows', async ({ visit, hands, outbox, otherDevice, handsOf }) => {
  const mine = phone();
  await visit.open('/register/client');
  await hands.send('sign_up', { name: NAME, phone: mine.e164.slice(3) });
  await hands.isAt('prove_code');
  await hands.unfold('[value=hand_off]');
  await hands.press('hand_off');
  const link = visit.main.getByText(/\/continue\?token=/);
  await expect(link).toBeVisible();
  const other = await otherDevice();
  const theirs = await handsOf(other);
  await other.open((await link.textContent()) ?? '');
  await theirs.press('take_over');
  await theirs.isAt('prove_code');
  await theirs.send('prove_code', { code: await outbox.code(mine.e164) });
  await theirs.follow('/dashboard');
  await theirs.isOn('/dashboard');
  if (!visit.wakes) await hands.follow('/register/client');
  await hands.press('enter');
  await hands.isOn('/dashboard');
});

test('a sign-up is given up, which is asked once', async ({ visit, hands }) => {
  await visit.open('/register/client');
  await hands.send('sign_up', { name: NAME, phone: phone().e164.slice(3) });
  await hands.isAt('prove_code');
  await hands.unfold('[value=abandon]');
  await hands.press('abandon');
  await expect.poll(() => hands.form('prove_code').count()).toBe(0);
});

test('the terms in force are read and accepted, before anything else', async ({ visit, hands }) => {
  const teacher = await importedTeacher();
  await visit.open('/login');
  await hands.send('sign_in', { identifier: teacher.email, password: PASSWORD });
  await hands.isAt('accept_terms');
  // Whoever goes elsewhere is asked again.
  await visit.open('/dashboard');
  await hands.isAt('accept_terms');
  await hands.press('accept_terms');
  await hands.isOn('/dashboard');
});

test('a password recovered by a document and a code', async ({ visit, hands, outbox, request }) => {
  const client = await clientByApi(request, outbox);
  await visit.open('/login');
  await hands.follow('/recover-password');
  await hands.type('ask_recovery', { document: digits(client.document) });
  await hands.pick('ask_recovery', 'channel', 'email');
  await hands.press('ask_recovery');
  await hands.isAt('prove_recovery');
  await hands.send('prove_recovery', { code: await outbox.code(client.email) });
  await hands.isAt('reset_by_grant');
  await hands.send('reset_by_grant', { new_password: NEW_PASSWORD, password_confirmation: NEW_PASSWORD });
  await hands.isAt('sign_in');
  await hands.send('sign_in', { identifier: client.email, password: NEW_PASSWORD });
  await hands.isOn('/dashboard');
});

test('a forgotten password, by a link, from the page of all ways back in', async ({ visit, hands, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox);
  await visit.open('/login');
  await hands.follow('/sign-in-help');
  await hands.isOn('/sign-in-help');
  await hands.follow('/forgot-password');
  await hands.send('forgot_password', { email: teacher.email });
  await visit.open(await outbox.resetLink(teacher.email));
  await hands.send('reset_by_link', { password: NEW_PASSWORD, password_confirmation: NEW_PASSWORD });
  await hands.isAt('sign_in');
  await hands.send('sign_in', { identifier: teacher.email, password: NEW_PASSWORD });
  await hands.isOn('/dashboard');
});

test('another password, another phone, another e-mail, each from the profile', async ({ visit, hands, outbox, request }) => {
  const client = await clientByApi(request, outbox);
  const [number, address] = [phone(), email()];
  await comesIn(visit, hands, client.email, PASSWORD);
  await hands.follow('/profile');
  await hands.follow('/profile/password');
  await hands.send('change_password', { current_password: PASSWORD, new_password: NEW_PASSWORD, password_confirmation: NEW_PASSWORD });
  await expect(visit.main.locator('.alert-success, .notice').first()).toBeVisible();
  await hands.follow('/profile');
  await hands.follow('/profile/phone');
  await hands.isAt('ask_phone');
  await hands.type('ask_phone', { phone: number.e164.slice(3) });
  await hands.press('ask_phone');
  await hands.isAt('prove_own_phone');
  await hands.send('prove_own_phone', { code: await outbox.code(number.e164) });
  await hands.isOn('/profile');
  await visit.reads(number.masked);
  await hands.follow('/profile/email');
  await hands.isAt('ask_email');
  await hands.send('ask_email', { email: address });
  await hands.isAt('prove_own_email');
  await hands.send('prove_own_email', { code: await outbox.code(address) });
  await hands.isOn('/profile');
  await hands.press('sign_out');
  await hands.isOn('/');
  await comesIn(visit, hands, address, NEW_PASSWORD);
});

test('a CPF, a photo and other data of one’s own', async ({ visit, hands, outbox, request, page }) => {
  const teacher = await teacherByApi(request, outbox);
  await comesIn(visit, hands, teacher.email, PASSWORD);
  await visit.open('/profile');
  await hands.file('save_profile', 'photo', picture());
  await hands.type('save_profile', { institution: 'UFMG' });
  await hands.press('save_profile');
  await expect(visit.main.getByRole('img')).toHaveCount(1);
  await expect(hands.field('save_profile', 'institution')).toHaveValue('UFMG');
  await hands.follow('/profile/document');
  await hands.isAt('add_document');
  await hands.send('add_document', { cpf: digits(profile().cpf) });
  await hands.isOn('/profile');
  await expect(page.locator('a[href="/profile/document"]')).toHaveCount(0);
});

test('sessions ended, one and all others; the account blocked', async ({ visit, hands, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox);
  for (let n = 0; n < 3; n++) await applicationByApi(request, teacher.email);
  await comesIn(visit, hands, teacher.email, PASSWORD);
  await hands.follow('/profile');
  const ends = hands.form('end_session').locator('[name=id]');
  await expect(ends).toHaveCount(4);
  await hands.press(ends.first());
  await expect(ends).toHaveCount(3);
  await hands.press(ends.last());
  await expect(ends).toHaveCount(0);
  await hands.follow('/profile/data');
  await hands.press('block');
  await hands.isAt('sign_in');
});

test('a copy of one’s data, the deletion, and both ways to undo it', async ({ visit, hands, outbox, request, page }) => {
  const teacher = await teacherByApi(request, outbox);
  await comesIn(visit, hands, teacher.email, PASSWORD);
  await visit.open('/profile/data');
  const coming = page.waitForEvent('download');
  await hands.press(page.locator('form[action="/profile/data/file"] [type=submit]'));
  expect((await coming).suggestedFilename()).toMatch(/\.json$/);
  await hands.press('ask_deletion');
  await hands.isOn('/');
  await visit.open('/login');
  await hands.send('sign_in', { identifier: teacher.email, password: PASSWORD });
  await hands.isAt('keep_account');
  await hands.press('keep_account');
  await hands.isOn('/dashboard');
  await visit.open('/profile/data');
  await hands.press('ask_deletion');
  await hands.isOn('/');
  // The first one went with what was asked first.
  await outbox.undoDeletionLink(teacher.email);
  await visit.open(await outbox.undoDeletionLink(teacher.email));
  await hands.press('undo_deletion');
  await hands.isAt('sign_in');
});

test('a product is let in, and left again', async ({ visit, hands, outbox, request, page }) => {
  const [client, shop] = [await clientByApi(request, outbox), await Product.called('loja')];
  await sentOn(visit, shop);
  await visit.awake();
  await hands.send('sign_in', { identifier: client.email, password: PASSWORD });
  await hands.press(page.locator('[name=answer][value=yes]'));
  await shop.isEnteredBy(visit);
  await visit.goTo('/profile/products');
  await hands.press(page.locator('form:has([name=client]) [type=submit]'));
  await expect(page.locator('form:has([name=client])')).toHaveCount(0);
  await visit.goTo('/oauth/logout');
  await hands.press(page.locator('[name=answer][value=yes]'));
  await hands.isOn('/');
});

test('a taken document is contested, and kept by who holds it', async ({ visit, hands, outbox, request }) => {
  const [company, mine] = [await companyByApi(request, outbox), email()];
  await visit.open('/contest');
  await hands.send('ask_contest', { document: company.document, identifier: mine });
  await hands.isAt('prove_contest');
  await hands.send('prove_contest', { code: await outbox.code(mine) });
  await expect(visit.main.locator('ul.links')).toBeVisible();
  await visit.open(await outbox.documentMineLink(company.email));
  await hands.press('keep_document');
  await expect.poll(() => hands.form('keep_document').count()).toBe(0);
});

test('“it was not me”: a password that a stranger changed is changed back', async ({ visit, hands, outbox, request }) => {
  const teacher = await teacherByApi(request, outbox);
  await comesIn(visit, hands, teacher.email, PASSWORD);
  await visit.open('/profile/password');
  await hands.send('change_password', { current_password: PASSWORD, new_password: NEW_PASSWORD, password_confirmation: NEW_PASSWORD });
  await hands.isOn('/profile');
  await visit.open(await outbox.notMeLink(teacher.email));
  await hands.press('disown');
  await hands.isAt('reset_by_grant');
  await hands.send('reset_by_grant', { new_password: `${PASSWORD}!`, password_confirmation: `${PASSWORD}!` });
  await hands.isAt('sign_in');
});

test('a link of another browser is confirmed, or refused as a stranger’s', async ({ visit, hands, outbox, request }) => {
  const [mine, strange] = [await teacherByApi(request, outbox, false), await teacherByApi(request, outbox, false)];
  await visit.open(await outbox.link(mine.email));
  await hands.press('prove_link');
  await hands.isAt('sign_in');
  await visit.open(await outbox.link(strange.email));
  await hands.press('disown_link');
  await expect.poll(() => hands.form('disown_link').count()).toBe(0);
});

test('the language, there and back, with what was typed', async ({ visit, hands, page }) => {
  await visit.open('/register/teacher');
  const before = (await page.locator('html').getAttribute('lang')) ?? '';
  await hands.type('sign_up', { name: NAME });
  for (const tag of before === 'en' ? ['pt-BR', 'en'] : ['en', 'pt-BR']) {
    await hands.press(page.locator(`[name=language][value="${tag}"]`));
    await expect(page.locator('html')).toHaveAttribute('lang', tag);
    await visit.awake();
    await expect(hands.field('sign_up', 'name')).toHaveValue(NAME);
  }
});
