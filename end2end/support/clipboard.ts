// What people copy elsewhere, and paste.

import type { Locator } from '@playwright/test';
import type { Visit } from './test';

/** Copies the text somewhere else and pastes it there, by the clipboard, over what stood there. */
export async function paste({ page }: Visit, field: Locator, text: string): Promise<void> {
  const source = await page.context().newPage();
  await source.goto(`data:text/html;charset=utf-8,<textarea>${encodeURIComponent(text)}</textarea>`);
  await source.locator('textarea').press('ControlOrMeta+A');
  await source.locator('textarea').press('ControlOrMeta+C');
  await source.close();
  await field.press('ControlOrMeta+A');
  await field.press('ControlOrMeta+V');
}
