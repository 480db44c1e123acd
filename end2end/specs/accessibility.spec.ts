// Each scene by axe, light and dark, and in the narrowest window that WCAG asks for (1.4.10).

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { SCENES } from '../support/scenes';
import { expect, test } from '../support/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];
/** What colours alone decide. */
const BY_COLOUR = ['color-contrast', 'link-in-text-block'];

function told(violations: Awaited<ReturnType<AxeBuilder['analyze']>>['violations']): string[] {
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

// No second page is opened for it: the guard would watch that too.
const axe = (page: Page) => new AxeBuilder({ page }).setLegacyMode(true);

/** Things to press that are smaller than 24 by 24 CSS pixels (2.5.8). Links in a sentence are exempt. */
function small(page: Page): Promise<string[]> {
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

for (const [name, play] of SCENES) {
  test(`${name} is for everybody`, async ({ visit, request, guard, page }) => {
    // No movement: a colour that is still changing is no colour.
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await play({ visit, request, guard });
    expect(told((await axe(page).withTags(TAGS).analyze()).violations), 'light').toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    expect(told((await axe(page).withRules(BY_COLOUR).analyze()).violations), 'dark').toEqual([]);
    expect(await small(page), 'targets of 24 px').toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, 'no scrolling sideways at 320 px').toBeLessThanOrEqual(320);
    expect(await small(page), 'targets of 24 px, narrow').toEqual([]);
  });
}
