// A page for people to look at: phone and desktop, light and dark.

import type { Page } from '@playwright/test';

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };

export async function photograph(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: `test-results/shots/${name}-${size}-${colorScheme}.png`, fullPage: true });
    }
  }
}
