// What can be told about a page without looking at it.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];
/** What colours alone decide. */
const BY_COLOUR = ['color-contrast', 'link-in-text-block'];

/** What axe finds: all of it, or what lies in the colours. */
export async function violations(page: Page, of: 'everything' | 'colours'): Promise<string[]> {
  // No second page is opened for it: the guard would watch that too.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations } = await (of === 'colours' ? axe.withRules(BY_COLOUR) : axe.withTags(TAGS)).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

/** Things to press that are smaller than 24 by 24 CSS pixels (2.5.8). Links in a sentence are exempt. */
export function small(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const targets = document.querySelectorAll<HTMLElement>('button, input:not([type=hidden]), select, a.button, nav a, .card a, .back, .brand');
    return [...targets]
      .filter((target) => {
        // A label enlarges its box.
        const label = target instanceof HTMLInputElement && /checkbox|radio/.test(target.type) ? target.labels?.[0] : undefined;
        const boxes = [target, label].filter((it) => it != null).map((it) => it.getBoundingClientRect());
        const visible = boxes.some((box) => box.width > 1 && box.height > 1);
        return visible && !boxes.some((box) => box.width >= 24 && box.height >= 24);
      })
      .map((target) => target.outerHTML.slice(0, 200));
  });
}

/** The window that WCAG asks for (1.4.10). */
export const NARROWEST = { width: 320, height: 640 };

/** How wide a page is, what is out of sight included. */
export function width(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth);
}
