// Phone and desktop, light and dark.

import { SCENES } from '../support/scenes';
import { test } from '../support/test';

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };

for (const [name, play] of SCENES) {
  test(name, async ({ visit, request, guard, page }) => {
    await play({ visit, request, guard });
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.screenshot({ path: `test-results/shots/${name}-${size}-${colorScheme}.png`, fullPage: true });
      }
    }
  });
}
