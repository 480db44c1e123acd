// Every e-mail as a picture, as it is on a phone: all in light, and in dark one with a code and one with facts and links. The brand's preview
// (`/dev/brand`) has one of each. It frames them, where no script runs: each is drawn as a document of its own.

import type { APIRequestContext, Page } from '@playwright/test';
import { isAsBefore, pose, SIZES, tolerated } from '../support/photograph';
import { expect, test } from '../support/test';

const IN_DARK = ['proof-login-phone', 'new-device'];

/** The address of each e-mail, by the name of its kind. */
async function mails(request: APIRequestContext): Promise<Map<string, string>> {
  const preview = await (await request.get('/dev/brand')).text();
  const found = new Map([...preview.matchAll(/<section class="panel" id="([^"]+)">[^]*?<iframe src="([^"]+)"/g)].map(([, id, path]) => [id!, path!]));
  expect(found.size).toBeGreaterThan(20);
  return found;
}

async function open(page: Page, request: APIRequestContext, path: string): Promise<void> {
  await page.setContent(await (await request.get(path)).text());
  await pose(page);
}

test('every e-mail looks as it did', async ({ page, request, browser }) => {
  test.slow();
  await page.setViewportSize(SIZES.phone);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  for (const [name, path] of await mails(request)) {
    await open(page, request, path);
    await isAsBefore(page, `mail-${name}-phone.png`, { ...tolerated(browser.version()), fullPage: true });
  }
});

test('e-mails look in the dark as they did', async ({ page, request, browser }) => {
  await page.setViewportSize(SIZES.phone);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  const all = await mails(request);
  for (const name of IN_DARK) {
    await open(page, request, all.get(name) ?? name);
    await isAsBefore(page, `mail-${name}-phone-dark.png`, { ...tolerated(browser.version()), fullPage: true });
  }
});
