// Larger and wider text (WCAG 1.4.4, 1.4.12): nothing is cut off, and nobody scrolls sideways.

import { NARROWEST, width } from '../support/axe';
import { comeIn, teacherByApi } from '../support/steps';
import { expect, test } from '../support/test';

const OPEN = ['/', '/register', '/register/client', '/register/teacher', '/register/company', '/register/carona', '/login', '/recover-password', '/terms'];
const OWN = ['/dashboard', '/profile', '/profile/data', '/profile/password'];
const PHONE = { width: 390, height: 844 };

/** Texts that stand outside of the box that should hold them. */
function cut(): string[] {
  const shown = [...document.querySelectorAll<HTMLElement>('main *, header *, footer *')].filter((it) => it.offsetParent && it.children.length === 0);
  const hides = (it: HTMLElement) => getComputedStyle(it).overflow !== 'visible' && !it.matches('input, textarea, select, .visually-hidden, .visually-hidden *');
  return shown.filter((it) => hides(it) && (it.scrollWidth > it.clientWidth + 1 || it.scrollHeight > it.clientHeight + 1)).map((it) => it.outerHTML.slice(0, 160));
}

/** Text twice as large, as a browser's own setting makes it. */
function twice(): void {
  document.documentElement.style.fontSize = '200%';
}

/** The spacing of 1.4.12: lines 1.5, letters 0.12, words 0.16, paragraphs 2. */
function spaced(): void {
  for (const it of document.querySelectorAll<HTMLElement>('body, body *')) {
    it.style.setProperty('line-height', '1.5', 'important');
    it.style.setProperty('letter-spacing', '0.12em', 'important');
    it.style.setProperty('word-spacing', '0.16em', 'important');
    if (it.tagName === 'P') it.style.setProperty('margin-block-end', '2em', 'important');
  }
}

/** In how many rows the header stands. */
function rows(): number {
  const middles = [...document.querySelectorAll('.header :is(.brand, nav > a, nav button)')].map((it) => {
    const box = it.getBoundingClientRect();
    return (box.top + box.bottom) / 2;
  });
  middles.sort((a, b) => a - b);
  return middles.filter((middle, at) => at === 0 || middle - (middles[at - 1] ?? 0) > 10).length;
}

test.use({ viewport: PHONE });

test('text twice as large leaves the header one row more, on the narrowest phone', async ({ visit, page, outbox, request }) => {
  await comeIn(visit, (await teacherByApi(request, outbox)).email);
  await page.setViewportSize(NARROWEST);
  for (const path of ['/dashboard', '/profile']) {
    await visit.open(path);
    expect.soft(await page.evaluate(rows), path).toBe(1);
    await page.evaluate(twice);
    expect.soft(await page.evaluate(rows), path).toBe(2);
    expect.soft(await width(page), path).toBeLessThanOrEqual(NARROWEST.width);
  }
});

for (const [what, change] of [['text twice as large', twice], ['text with more space', spaced]] as const) {
  test(`${what} fits everywhere a stranger comes`, async ({ visit, page }) => {
    for (const path of OPEN) {
      await visit.open(path);
      await page.evaluate(change);
      expect.soft(await width(page), path).toBeLessThanOrEqual(PHONE.width);
      expect.soft(await page.evaluate(cut), path).toEqual([]);
    }
  });

  test(`${what} fits on a person's own pages`, async ({ visit, page, outbox, request }) => {
    const teacher = await teacherByApi(request, outbox);
    await comeIn(visit, teacher.email);
    for (const path of OWN) {
      await visit.open(path);
      await page.evaluate(change);
      expect.soft(await width(page), path).toBeLessThanOrEqual(PHONE.width);
      expect.soft(await page.evaluate(cut), path).toEqual([]);
    }
  });
}
