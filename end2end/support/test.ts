// The `test` that all specs use: one visitor with a browser, a client address and an outbox, watched by a guard.

import { test as base, type BrowserContext, type Browser, expect, type Locator, type Page } from '@playwright/test';
import { withoutMediaFeatures } from './firefox';
import { Guard, type Wasm } from './guard';
import { Outbox } from './outbox';
import { address } from './people';

export { expect };

export interface Options {
  /** How the WASM loads, if JavaScript is enabled. */
  wasm: Wasm;
}

interface Fixtures {
  outbox: Outbox;
  /** Watches all browser contexts of the test. */
  guard: { expect(status: number): void; expectOffline(): void; watch(context: BrowserContext): Promise<void> };
  visit: Visit;
  /** Returns the same person with another device. */
  otherDevice: () => Promise<Visit>;
}

/** The delay of the slow WASM, in milliseconds. */
export const SLOW = 3_000;

export class Visit {
  constructor(
    readonly page: Page,
    readonly outbox: Outbox,
    /** Whether to wait until a page has woken before it is used. */
    readonly wakes: boolean,
  ) {}

  /** Opens a page as from the address bar. */
  async open(path: string): Promise<void> {
    await this.goTo(path);
    await this.awake();
  }

  /** The same, where a page may come that never wakes. */
  async goTo(path: string): Promise<void> {
    await this.page.goto(path).catch(async (error: Error) => {
      // A message may be read before the page that tells of it has come, and without JavaScript that one then comes instead.
      if (!error.message.includes('interrupted by another navigation')) throw error;
      await this.page.goto(path);
    });
  }

  /** Waits until the page has woken. */
  async awake(): Promise<void> {
    if (this.wakes) await this.page.locator('body[data-awake]').waitFor();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.awake();
  }

  /** Expects exactly one first-level heading, with this text. */
  async sees(heading: string | RegExp): Promise<void> {
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText(heading);
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveCount(1);
  }

  /** Expects this text somewhere in the main part of the page. */
  async reads(text: string | RegExp): Promise<void> {
    await expect(this.main.getByText(text).first()).toBeVisible();
  }

  get main(): Locator {
    return this.page.getByRole('main');
  }

  /** Returns a field by its label, which begins with `name`. */
  field(name: string): Locator {
    return this.main.getByLabel(new RegExp(`^${name}`)).and(this.page.locator('input'));
  }

  async fill(values: Record<string, string>): Promise<void> {
    for (const [name, value] of Object.entries(values)) {
      await this.unfold(name);
      await this.field(name).fill(value);
    }
  }

  /** Opens what is folded around a field. */
  private async unfold(name: string): Promise<void> {
    const folded = this.main.locator('details:not([open])').filter({ has: this.page.getByLabel(new RegExp(`^${name}`)) });
    if ((await folded.count()) > 0) await folded.locator('summary').click();
  }

  async press(button: string): Promise<void> {
    await this.page.getByRole('button', { name: button, exact: true }).click();
  }

  /** Sends the code that was just typed: by Enter at once, because a page that lives sends a whole one by itself after a second. */
  async sendCode(): Promise<void> {
    await this.field('Código').press('Enter');
  }

  async follow(link: string): Promise<void> {
    await this.page.getByRole('link', { name: link, exact: true }).first().click();
  }

  /** The error summary above a refused form. */
  get summary(): Locator {
    return this.page.getByRole('alert').filter({ hasText: /Há um problema|Confirme que é você|Confira o campo abaixo|Confira os campos abaixo|Não foi possível entrar|Aguarde/ });
  }

  /** Expects that the form was refused: the summary has these texts and the focus, and the title begins with “Erro”. */
  async isTold(...texts: (string | RegExp)[]): Promise<void> {
    for (const text of texts) await expect(this.summary).toContainText(text);
    await expect(this.summary).toBeFocused();
    await expect(this.page).toHaveTitle(/^Erro: /);
  }

  async isToldAtField(field: string, text: string | RegExp): Promise<void> {
    await expect(this.field(field)).toHaveAttribute('aria-invalid', 'true');
    await expect(this.field(field)).toHaveAccessibleDescription(text instanceof RegExp ? text : new RegExp(escape(text)));
  }

  /** Expects this error at the field and in the summary. */
  async isToldAt(field: string, text: string | RegExp): Promise<void> {
    await this.isToldAtField(field, text);
    await expect(this.summary.getByRole('link', { name: text })).toBeVisible();
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Delays or blocks the WASM. */
async function hinder(context: BrowserContext, wasm: Wasm): Promise<void> {
  if (wasm === 'off') await context.route('**/*.wasm', (route) => route.abort());
  if (wasm === 'slow') {
    await context.route('**/*.wasm', async (route) => {
      await new Promise((go) => setTimeout(go, SLOW));
      // The page may be gone by then.
      await route.continue().catch(() => {});
    });
  }
}

export const test = base.extend<Fixtures & Options>({
  browser: [
    async ({ browser, browserName }, use) => {
      if (browserName === 'firefox') withoutMediaFeatures(browser);
      await use(browser);
    },
    { scope: 'worker' },
  ],

  wasm: ['on', { option: true }],

  baseURL: async ({}, use) => use(process.env.PORTARIA_TEST_URL),

  extraHTTPHeaders: async ({}, use) => use({ 'X-Forwarded-For': address() }),

  outbox: async ({ baseURL }, use) => use(new Outbox(baseURL ?? '')),

  guard: async ({ wasm, javaScriptEnabled }, use) => {
    const guards: Guard[] = [];
    await use({
      expect: (status) => guards.forEach((guard) => guard.expect(status)),
      expectOffline: () => guards.forEach((guard) => guard.expectOffline()),
      watch: async (context) => {
        guards.push(await Guard.watch(context, javaScriptEnabled ? wasm : 'none'));
        await hinder(context, wasm);
      },
    });
    expect(guards.flatMap((guard) => guard.problems), 'nothing goes wrong behind the page').toEqual([]);
  },

  visit: async ({ context, page, outbox, guard, wasm, javaScriptEnabled }, use) => {
    await guard.watch(context);
    await use(new Visit(page, outbox, javaScriptEnabled && wasm === 'on'));
    await context.unrouteAll({ behavior: 'ignoreErrors' });
  },

  otherDevice: async ({ browser, outbox, guard, wasm, javaScriptEnabled }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await device(browser);
      contexts.push(context);
      await guard.watch(context);
      return new Visit(await context.newPage(), outbox, javaScriptEnabled && wasm === 'on');
    });
    for (const context of contexts) {
      await context.unrouteAll({ behavior: 'ignoreErrors' });
      await context.close();
    }
  },
});

/** Opens a context from another client address. Playwright adds the project's options. */
function device(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({ extraHTTPHeaders: { 'X-Forwarded-For': address() } });
}
