// Each scene by axe, light and dark, and in the narrowest window that WCAG asks for (1.4.10).

import { NARROWEST, small, violations, width } from '../support/axe';
import { SCENES } from '../support/scenes';
import { expect, test } from '../support/test';

for (const [name, play] of SCENES) {
  test(`${name} is for everybody`, async ({ visit, request, guard, page }) => {
    // No movement: a colour that is still changing is no colour.
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await play({ visit, request, guard });
    expect(await violations(page, 'everything'), 'light').toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    expect(await violations(page, 'colours'), 'dark').toEqual([]);
    expect(await small(page), 'targets of 24 px').toEqual([]);
    await page.setViewportSize(NARROWEST);
    expect(await width(page), 'no scrolling sideways at 320 px').toBeLessThanOrEqual(320);
    expect(await small(page), 'targets of 24 px, narrow').toEqual([]);
  });
}
