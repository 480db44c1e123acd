// The test that all specs use: one visitor with a browser, an address and an outbox, watched by a guard.

import { test as base, type BrowserContext, type Browser, expect, type Locator, type Page } from '@playwright/test';
import { withoutMediaFeatures } from './firefox';
import { Guard, type Wasm } from './guard';
import { Outbox } from './outbox';
import { address } from './people';

export { expect };

export interface Options {
  /** How the WASM arrives, where there is JavaScript. */
  wasm: Wasm;
}

interface Fixtures {
  /** Of the server that the pages come from. */
  outbox: Outbox;
  /** Watches every context of the test. */
  guard: { expect(status: number): void; expectOffline(): void; watch(context: BrowserContext): Promise<void> };
  /** Who looks at `page`. */
  visit: Visit;
  /** The same person with another device. */
  otherDevice: () => Promise<Visit>;
}

/** How long the slow WASM takes, in milliseconds. */
export const SLOW = 3_000;

/** A person with a browser. */
export class Visit {
  constructor(
    readonly page: Page,
    readonly outbox: Outbox,
    /** Whether pages wake up (and can be waited for) before they are used. */
    readonly wakes: boolean,
  ) {}

  /** Opens a page as the address bar does. */
  async open(path: string): Promise<void> {
    await this.page.goto(path);
    await this.awake();
  }

  /** What a document that was loaded needs before it is used, in order not to lose the first click. */
  async awake(): Promise<void> {
    if (this.wakes) await this.page.locator('body[data-hydrated]').waitFor();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.awake();
  }

  /** The page's one first heading. */
  async sees(heading: string | RegExp): Promise<void> {
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText(heading);
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveCount(1);
  }

  /** Text somewhere in the page's own part. */
  async reads(text: string | RegExp): Promise<void> {
    await expect(this.main.getByText(text).first()).toBeVisible();
  }

  get main(): Locator {
    return this.page.getByRole('main');
  }

  /** A field by its label; labels begin with the field's name. */
  field(name: string): Locator {
    return this.main.getByLabel(new RegExp(`^${name}`)).and(this.page.locator('input'));
  }

  async fill(values: Record<string, string>): Promise<void> {
    for (const [name, value] of Object.entries(values)) await this.field(name).fill(value);
  }

  async press(button: string): Promise<void> {
    await this.page.getByRole('button', { name: button, exact: true }).click();
  }

  async follow(link: string): Promise<void> {
    await this.page.getByRole('link', { name: link, exact: true }).first().click();
  }

  /** What is said above a form that was refused. */
  get summary(): Locator {
    return this.page.getByRole('alert').filter({ hasText: 'Há um problema' });
  }

  /** The form was refused: the summary says these things and has the focus, and the title says so first. */
  async isTold(...texts: (string | RegExp)[]): Promise<void> {
    for (const text of texts) await expect(this.summary).toContainText(text);
    await expect(this.summary).toBeFocused();
    await expect(this.page).toHaveTitle(/^Erro: /);
  }

  /** Something is wrong with the field, and it says so. */
  async isToldAtField(field: string, text: string | RegExp): Promise<void> {
    await expect(this.field(field)).toHaveAttribute('aria-invalid', 'true');
    await expect(this.field(field)).toHaveAccessibleDescription(text instanceof RegExp ? text : new RegExp(escape(text)));
  }

  /** That stands at the field and above the form. */
  async isToldAt(field: string, text: string | RegExp): Promise<void> {
    await this.isToldAtField(field, text);
    await expect(this.summary.getByRole('link', { name: text })).toBeVisible();
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Lets the WASM arrive late or never. */
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

/** With the project's options (Playwright fills them in), from another address. */
function device(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({ extraHTTPHeaders: { 'X-Forwarded-For': address() } });
}
