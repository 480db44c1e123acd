// What a screen reader gets of a page: roles, names, states, values, and where the focus is.

import type { Page } from '@playwright/test';
import { fixed } from './variable';

/** Returns the tree of the main part of a page, with samples where something varies. */
export async function treeOf(page: Page): Promise<string> {
  return `${fixed(await page.getByRole('main').ariaSnapshot())}\n`;
}
