// A person without a mouse, and in any language: Tab, Shift+Tab, Enter, Space, arrows and letters alone. What is looked for is found by its
// place in a form or by where it leads, never by its words. At each stop the focus must be seen, and nothing may lie over it (2.4.7, 2.4.11).
//
// The page is asked from outside, again and again: a browser without JavaScript may have no timers.

import { expect, type FileChooser, type Locator } from '@playwright/test';
import type { Visit } from './test';

interface Stop {
  /** What has the focus, as it is told when it is not to be seen. */
  what: string;
  ringed: boolean;
  inView: boolean;
  covered: boolean;
}

/** Where the focus is; nothing on the page itself, from which a browser begins. */
function stop(): Stop | undefined {
  const at = document.activeElement as HTMLElement | null;
  if (!at || at === document.body || at === document.documentElement) return undefined;
  const rings = (style: CSSStyleDeclaration) => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none';
  // Around it, or around the card that it stands for. Of a date a part has the focus, which the browser marks itself.
  const around = [getComputedStyle(at), getComputedStyle(at, '::after'), ...[at.closest('li'), at.closest('label'), at.closest('.file')].filter((it) => it !== null).map((it) => getComputedStyle(it))];
  const ringed = around.some(rings) || at.matches('[type=date]:not(:focus-visible)');
  // A link that is broken over lines is where its first part is.
  const box = at.getClientRects()[0] ?? at.getBoundingClientRect();
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  const over = document.elementFromPoint((Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2, (top + bottom) / 2);
  return {
    what: at.outerHTML.slice(0, 160),
    ringed,
    inView: box.width > 1 && box.height > 1 && bottom - top > 1,
    covered: !(over && (at.contains(over) || over.contains(at))),
  };
}

/** How many stops a page has at most. */
const STOPS = 90;

export class Hands {
  constructor(private readonly visit: Visit) {}

  /** A form, by the name that it is posted with. */
  form(name: string): Locator {
    return this.visit.page.locator(`form:has(> [name=_form][value=${name}])`).first();
  }

  field(form: string, name: string): Locator {
    return this.form(form).locator(`[name="${name}"]:not([type=hidden])`).first();
  }

  /** Waits until the page has this form. */
  async isAt(form: string): Promise<void> {
    await expect.poll(() => this.form(form).count()).toBe(1);
  }

  /** Waits until the address is of this path. */
  async isOn(path: string): Promise<void> {
    await expect.poll(() => new URL(this.visit.page.url()).pathname).toBe(path);
  }

  /** Goes there by the Tab key: forward, or back to what stands before. */
  async reach(target: Locator): Promise<void> {
    // An answer that is under way takes the focus to its own page.
    await expect.poll(() => this.visit.page.locator('html[data-busy]').count().catch(() => 1), 'nothing is under way').toBe(0);
    await expect.poll(() => target.count().catch(() => 0), `${target} is there`).toBe(1);
    const back = await target.evaluate((it) => (document.activeElement?.compareDocumentPosition(it) ?? 0) & Node.DOCUMENT_POSITION_PRECEDING);
    for (let n = 0; n < STOPS; n++) {
      if (await target.evaluate((it) => it === document.activeElement)) return;
      await this.key(back ? 'Shift+Tab' : 'Tab');
      await this.isSeen();
    }
    throw new Error(`${target} is not reached by ${STOPS} stops`);
  }

  private async isSeen(): Promise<void> {
    const at = await this.visit.page.evaluate(stop);
    if (at) expect(at, 'the focus is seen').toEqual({ ...at, ringed: true, inView: true, covered: false });
  }

  async key(...keys: string[]): Promise<void> {
    for (const key of keys) await this.visit.page.keyboard.press(key);
  }

  async type(form: string, fields: Record<string, string>): Promise<void> {
    for (const [name, text] of Object.entries(fields)) {
      await this.reach(this.field(form, name));
      await this.visit.page.keyboard.type(text);
    }
  }

  /** Types into fields of a form, and sends it from the last one. */
  async send(form: string, fields: Record<string, string>): Promise<void> {
    await this.type(form, fields);
    await this.key('Enter');
  }

  /** Ticks a box. */
  async tick(form: string, name: string): Promise<void> {
    await this.reach(this.field(form, name));
    await this.key('Space');
    await expect(this.field(form, name)).toBeChecked();
  }

  /** Chooses one of several radio buttons, or an option of a list, by the arrows. */
  async pick(form: string, name: string, value: string): Promise<void> {
    const [group, list] = [this.form(form).locator(`[name="${name}"][type=radio]`), this.form(form).locator(`select[name="${name}"]`)];
    const isList = (await list.count()) > 0;
    // A group of radio buttons is one stop: what is chosen, or else the first.
    const chosen = isList ? list : group.and(this.visit.page.locator(':checked'));
    await this.reach((await chosen.count()) > 0 ? chosen : group.first());
    if (!isList && (await chosen.count()) === 0) await this.key('Space');
    const current = () => (isList ? list.inputValue() : group.and(this.visit.page.locator(':checked')).inputValue());
    for (let n = 0; n < 40 && (await current()) !== value; n++) await this.key('ArrowDown');
    expect(await current()).toBe(value);
  }

  /** Presses a button: that of a form, or another one. */
  async press(button: string | Locator): Promise<void> {
    const target = typeof button === 'string' ? this.form(button).locator('[type=submit]').first() : button;
    await this.reach(target);
    await this.key('Enter');
  }

  /** Follows the first link that leads there. */
  async follow(href: string): Promise<void> {
    await this.reach(this.visit.page.locator(`a[href="${href}"], a[href^="${href}?"], a[href^="${href}#"]`).first());
    await this.key('Enter');
  }

  /** Opens what is folded around what a selector names. */
  async unfold(inside: string): Promise<void> {
    await this.press(this.visit.page.locator(`details:has(${inside}) > summary`).first());
  }

  /** Presses a file field, and answers the dialog of the browser. */
  async file(form: string, name: string, answer: Parameters<FileChooser['setFiles']>[0]): Promise<void> {
    await this.reach(this.field(form, name));
    // The key is lost now and then while the page is still drawn.
    await expect(async () => {
      const asked = this.visit.page.waitForEvent('filechooser', { timeout: 3_000 });
      await this.key('Space');
      await (await asked).setFiles(answer);
    }).toPass();
  }
}
