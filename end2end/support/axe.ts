// Automatic checks of accessibility.

import type { Page } from '@playwright/test';
import { type AxeResults, type RunOptions, source } from 'axe-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];
const BY_COLOUR = ['color-contrast', 'link-in-text-block'];

/**
 * Returns the violations that axe finds: all, or only those about colours. Of documents in frames, none: they are looked at by themselves.
 *
 * axe is put into a document once, and describes violations alone: what is right need not be told.
 */
export async function violations(page: Page, of: 'everything' | 'colours'): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source);
  const options: RunOptions = {
    runOnly: of === 'colours' ? { type: 'rule', values: BY_COLOUR } : { type: 'tag', values: TAGS },
    resultTypes: ['violations'],
    iframes: false,
  };
  const { violations } = await page.evaluate(
    (options) => (globalThis as unknown as { axe: { run(of: Document, options: RunOptions): Promise<AxeResults> } }).axe.run(document, options),
    options,
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

/** Returns the pointer targets that are smaller than 24 by 24 CSS pixels (2.5.8). Links in a sentence are exempt. */
export function small(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const targets = document.querySelectorAll<HTMLElement>('button, input:not([type=hidden], [aria-hidden]), select, textarea, summary, a.button, nav a, .card a, .back, .brand');
    return [...targets]
      .filter((target) => {
        // The label of a checkbox or radio button belongs to the target.
        const label = target instanceof HTMLInputElement && /checkbox|radio/.test(target.type) ? target.labels?.[0] : undefined;
        const boxes = [target, label].filter((it) => it != null).map((it) => it.getBoundingClientRect());
        const visible = boxes.some((box) => box.width > 1 && box.height > 1);
        return visible && !boxes.some((box) => box.width >= 24 && box.height >= 24);
      })
      .map((target) => target.outerHTML.slice(0, 200));
  });
}

/** The narrowest window that WCAG requires (1.4.10). */
export const NARROWEST = { width: 320, height: 640 };

/** Returns the width of a page, including what is scrolled out of sight. */
export function width(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth);
}
