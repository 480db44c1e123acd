// 000: a client signs up by a code to the phone, and comes in again.

import { brand, titled } from '../support/brand';
import { email, otherThan, PASSWORD, phone } from '../support/people';
import { askToRegister, become, enterCode, handsOver, NAME, register, signIn } from '../support/steps';
import { expect, test, Visit } from '../support/test';

test.describe('from nothing to an account', () => {
  test('from the home page to the dashboard, out, and in again by a one-time code', { tag: '@firefox' }, async ({ visit, outbox, page }) => {
    const mine = phone();
    await visit.open('/');
    await visit.follow('Criar conta');
    await visit.sees('Que tipo de conta você quer criar?');
    await visit.follow(brand.client.name);
    await visit.sees(brand.client.title);
    await visit.reads('Passo 1 de 3');

    await visit.fill({ 'Nome completo': NAME, Celular: mine.typed });
    await visit.field('SMS').check();
    await visit.press('Receber código');
    await visit.sees('Digite o código que enviamos');
    await visit.reads('Passo 2 de 3');
    await visit.reads(`Enviamos um código de 6 dígitos para ${mine.typed}.`);

    const sms = await outbox.next(mine.e164);
    expect(sms.channel).toBe('sms');
    expect(sms.body).toContain(`\n\n@127.0.0.1 #${sms.code}`);
    await enterCode(visit, sms.code ?? '');
    await visit.sees('Perfil criado com sucesso');
    await visit.reads('Passo 3 de 3');

    await visit.follow('Ir para o início');
    await visit.sees('Olá, Luísa');
    await visit.reads(NAME);
    await visit.reads(mine.masked);
    await expect(visit.main).not.toContainText(mine.typed);

    await visit.press('Sair');
    await visit.sees('Uma conta segura para os serviços que você usa');
    await visit.reads('Você saiu da sua conta.');
    await visit.open('/dashboard');
    await visit.sees('Entrar');
    expect(new URL(page.url()).pathname).toBe('/login');

    await visit.follow('Entrar com código no celular');
    await visit.fill({ Celular: mine.typed });
    await visit.press('Receber código');
    await visit.reads(`Se houver uma conta com ${mine.typed}, o código está a caminho por WhatsApp.`);
    await visit.field('Código').fill(await outbox.code(mine.e164));
    await visit.sendCode();
    await visit.sees('Olá, Luísa');
  });

  test('with an e-mail and a password, which let in by phone at once and by e-mail once it is proved', async ({ visit, outbox }) => {
    const me = await become(visit, { phone: phone(), email: email(), password: PASSWORD });
    await visit.reads(`Enviamos um link para ${me.email}.`);
    await visit.follow('Ir para o início');
    await visit.reads(me.email ?? '');
    await visit.reads('Não confirmado');
    await visit.follow('Confirmar e-mail');
    await visit.sees('Confirmar e-mail');
    await expect(visit.field('E-mail')).toHaveValue(me.email ?? '');
    await visit.press('Sair');
    await visit.sees('Uma conta segura para os serviços que você usa');

    await visit.open('/login');
    await signIn(visit, me.phone.typed, PASSWORD);
    await visit.sees('Olá, Luísa');
    await visit.press('Sair');
    await visit.sees('Uma conta segura para os serviços que você usa');

    await visit.open(await outbox.link(me.email ?? ''));
    await visit.reads('E-mail confirmado. Agora você pode entrar.');
    await signIn(visit, me.email ?? '', PASSWORD);
    await visit.sees('Olá, Luísa');
  });

  test('the code comes by WhatsApp, unless another way is chosen', async ({ visit, outbox }) => {
    const mine = phone();
    await visit.open('/register/client');
    await visit.fill({ 'Nome completo': NAME, Celular: mine.typed });
    await expect(visit.field('WhatsApp')).toBeChecked();
    await visit.press('Receber código');
    await visit.reads(`Enviamos um código de 6 dígitos para ${mine.typed}.`);
    const message = await outbox.next(mine.e164);
    expect(message.channel).toBe('whatsapp');
    await enterCode(visit, message.code ?? '');
    await visit.sees('Perfil criado com sucesso');
  });

  test('sent twice at once it is one sign-up and one message', async ({ visit, outbox }) => {
    const mine = phone();
    await visit.open('/register/client');
    await visit.fill({ 'Nome completo': NAME, Celular: mine.typed });
    await visit.page.getByRole('button', { name: 'Receber código' }).dblclick();
    await visit.sees('Digite o código que enviamos');
    const code = await outbox.code(mine.e164);
    await enterCode(visit, code);
    await visit.sees('Perfil criado com sucesso');
    expect(await outbox.to(mine.e164)).toHaveLength(1);
  });
});

test.describe('the first form', () => {
  test('an empty one tells every error at once, above it and at its fields', async ({ visit }) => {
    await visit.open('/register/client');
    await visit.press('Receber código');
    await visit.isTold('Informe o nome', 'Informe o número de telefone');
    await visit.isToldAt('Nome completo', 'Informe o nome');
    await visit.isToldAt('Celular', 'Informe o número de telefone');
    await visit.summary.getByRole('link', { name: 'Informe o número de telefone' }).click();
    await expect(visit.field('Celular')).toBeFocused();
  });

  for (const [what, typed, told] of [
    ['a DDD that does not exist', '(20) 98765-4321', 'Número de telefone inválido'],
    ['a landline', '(11) 3765-4321', 'Este é um telefone fixo'],
    ['a number of another country', '+1 202 555 0101', 'Número de telefone inválido'],
  ] as const) {
    test(`${what} is refused, and what was typed stays`, async ({ visit }) => {
      const address = email();
      await visit.open('/register/client');
      await visit.fill({ 'Nome completo': NAME, Celular: typed, 'E-mail': address });
      await visit.field('SMS').check();
      await visit.press('Receber código');
      await visit.isTold(told);
      await visit.isToldAt('Celular', new RegExp(told));
      await expect(visit.field('Nome completo')).toHaveValue(NAME);
      await expect(visit.field('Celular')).toHaveValue(typed);
      await expect(visit.field('E-mail')).toHaveValue(address);
      await expect(visit.field('SMS')).toBeChecked();
      await expect(visit.field('Nome completo')).not.toHaveAttribute('aria-invalid');

      await visit.fill({ Celular: phone().typed });
      await visit.press('Receber código');
      await visit.sees('Digite o código que enviamos');
      await expect(visit.page).toHaveTitle(titled('Digite o código que enviamos'));
    });
  }

  test('a phone that has an account offers to sign in', async ({ visit, otherDevice }) => {
    const me = await become(visit);
    const other = await otherDevice();
    await askToRegister(other, { name: 'Outra Pessoa', phone: me.phone });
    await other.isTold('Telefone já cadastrado');
    await other.isToldAt('Celular', 'Telefone já cadastrado');
    await expect(other.field('Nome completo')).toHaveValue('Outra Pessoa');
    await other.summary.getByRole('link', { name: 'Entrar na minha conta' }).click();
    await other.sees('Entrar');
  });
});

test.describe('the code', () => {
  test('correcting the number keeps what was typed, and the code goes to the new number', async ({ visit, outbox }) => {
    const [wrong, right] = [phone(), phone()];
    const address = email();
    await register(visit, { phone: wrong, email: address });
    const stale = await outbox.code(wrong.e164);

    await visit.follow('Corrigir o número');
    await visit.sees(brand.client.title);
    await visit.reads('Passo 1 de 3');
    await expect(visit.field('Nome completo')).toHaveValue(NAME);
    await expect(visit.field('Celular')).toHaveValue(wrong.typed);
    await expect(visit.field('E-mail')).toHaveValue(address);
    await visit.follow('Voltar sem mudar nada');
    await visit.sees('Digite o código que enviamos');
    await visit.reads(wrong.typed);

    await visit.follow('Corrigir o número');
    await visit.fill({ Celular: right.typed });
    await visit.press('Salvar e continuar');
    await visit.sees('Digite o código que enviamos');
    await visit.reads(right.typed);
    const code = await outbox.code(right.e164);
    await enterCode(visit, stale === code ? otherThan(stale) : stale);
    await visit.isTold('A confirmação do número de telefone falhou');
    await enterCode(visit, code);
    await visit.sees('Perfil criado com sucesso');
  });

  test('a wrong one is told, and the right one still counts', async ({ visit, outbox }) => {
    const mine = phone();
    await register(visit, { phone: mine });
    const code = await outbox.code(mine.e164);
    await enterCode(visit, otherThan(code));
    await visit.isTold('A confirmação do número de telefone falhou');
    await enterCode(visit, '12');
    await visit.isToldAt('Código', 'O código tem 6 dígitos');
    await enterCode(visit, '');
    await visit.isToldAt('Código', 'Digite o código');
    await enterCode(visit, `${code.slice(0, 3)} ${code.slice(3)}`);
    await visit.sees('Perfil criado com sucesso');
  });

  test('five wrong ones kill it, and the page says when to come back', async ({ visit, outbox }) => {
    const mine = phone();
    await register(visit, { phone: mine });
    const code = await outbox.code(mine.e164);
    for (let n = 1; n < 5; n++) {
      await enterCode(visit, otherThan(code));
      await visit.isTold('A confirmação do número de telefone falhou');
      // Anew, so that the next answer is not mistaken for this one. Not reloaded: that would post the form again.
      await visit.open('/register/client');
    }
    await enterCode(visit, otherThan(code));
    await visit.isTold(/Foram muitos códigos errados.*1[45]\sminutos/);
    await expect(visit.main.getByText(/Foram muitos códigos errados/)).toHaveCount(1);
    await expect(visit.field('Código')).toHaveCount(0);
    await visit.open('/register/client');
    await visit.sees('Aguarde para tentar de novo');
    await visit.reads(/Foram muitos códigos errados.*1[45]\sminutos/);
    await expect(visit.main.getByText(/Foram muitos códigos errados/)).toHaveCount(1);
    await expect(visit.field('Código')).toHaveCount(0);
  });

  test('cannot be sent again too early', async ({ visit, outbox, page }) => {
    const mine = phone();
    await register(visit, { phone: mine });
    await outbox.code(mine.e164);
    const again = page.getByRole('button', { name: 'Enviar de novo por WhatsApp' });
    await visit.reads(/Você pode pedir de novo em \d+\ss/);
    if (visit.wakes) {
      await expect(again).toHaveAttribute('aria-disabled', 'true');
      await again.click({ force: true });
      await visit.reads(/Você pode pedir de novo em \d+\ss/);
    } else {
      await again.click();
      await expect(visit.summary.or(page.locator('[aria-disabled="true"]').first())).toBeVisible();
    }
    expect(await outbox.to(mine.e164)).toHaveLength(1);
  });
});

test.describe('goes on where it was', () => {
  test('after a reload, in another tab, and from the pages before it', async ({ visit, outbox, context }) => {
    const mine = phone();
    await register(visit, { phone: mine });
    await visit.reload();
    await visit.sees('Digite o código que enviamos');
    await visit.reads(mine.typed);

    const tab = new Visit(await context.newPage(), outbox, visit.wakes);
    await tab.open('/');
    await tab.follow('Continuar meu cadastro');
    await tab.sees('Digite o código que enviamos');
    await tab.open('/register');
    await tab.reads('Você tem um cadastro em andamento');
    await tab.follow('Continuar');
    await tab.sees('Digite o código que enviamos');
    await tab.open('/verify-email');
    await tab.sees('Digite o código que enviamos');

    await visit.page.close();
    await enterCode(tab, await outbox.code(mine.e164));
    await tab.sees('Perfil criado com sucesso');
  });

  test('on another device by a link, and the first page moves on by itself', async ({ visit, otherDevice, outbox }) => {
    const mine = phone();
    await register(visit, { phone: mine });
    const link = await handsOver(visit);
    await expect(visit.main.getByRole('button', { name: 'Copiar link' })).toHaveCount(visit.wakes ? 1 : 0);

    const other = await otherDevice();
    await other.open(link);
    await other.sees('Continuar o cadastro aqui?');
    await other.press('Continuar neste aparelho');
    await other.sees('Digite o código que enviamos');
    await other.reads(mine.typed);
    await enterCode(other, await outbox.code(mine.e164));
    await other.sees('Perfil criado com sucesso');

    // Without WASM it is looked at anew.
    if (!visit.wakes) await visit.reload();
    await visit.sees('Perfil criado com sucesso');
    await visit.reads('A confirmação foi feita em outro aparelho.');
    await visit.press('Entrar na minha conta');
    await visit.sees('Olá, Luísa');
  });

  test('a link to another device works once, and then says so as soon as it is opened', async ({ visit, otherDevice, guard }) => {
    await register(visit, { phone: phone() });
    const link = await handsOver(visit);
    const first = await otherDevice();
    await first.open(link);
    await first.press('Continuar neste aparelho');
    await first.sees('Digite o código que enviamos');
    const second = await otherDevice();
    guard.expect(400);
    await second.open(link);
    await second.sees('Link inválido');
    await second.reads('Crie outro link no aparelho em que você começou.');
    await expect(second.page.getByRole('button', { name: 'Continuar neste aparelho' })).toHaveCount(0);
  });

  test('or is thrown away', async ({ visit }) => {
    await register(visit, { phone: phone() });
    await visit.main.locator('summary', { hasText: 'Cancelar cadastro' }).click();
    await visit.sees('Digite o código que enviamos');
    await visit.press('Sim, cancelar cadastro');
    await visit.sees('Que tipo de conta você quer criar?');
    await expect(visit.main).not.toContainText('Você tem um cadastro em andamento');
    await visit.open('/register/client');
    await expect(visit.field('Nome completo')).toHaveValue('');
  });
});
