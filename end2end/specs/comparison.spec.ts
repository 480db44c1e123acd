// What the comparison of pictures sees, and what it lets pass. Pictures are taken here, then the page is changed.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Page } from '@playwright/test';
import { makeSmall } from '../support/palette';
import { COARSE, FINE, fileOf, howCompared, pose, type Tolerance, turn, VIEWS } from '../support/photograph';
import { expect, test } from '../support/test';

/** Compares once more, in both views. */
async function compare(page: Page, name: string, tolerance: Tolerance): Promise<('same' | 'other')[]> {
  const found: ('same' | 'other')[] = [];
  for (const view of VIEWS) {
    await turn(page, view);
    const same = expect(page).toHaveScreenshot(fileOf(name, view), { ...tolerance, timeout: 1_500 });
    found.push(await same.then(() => 'same' as const, () => 'other' as const));
  }
  return found;
}

test.beforeEach(async ({ visit, page }, info) => {
  await visit.open('/login?by=code');
  await pose(page);
  for (const view of VIEWS) {
    await turn(page, view);
    const file = info.snapshotPath(fileOf(info.testId, view), { kind: 'screenshot' });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, await page.screenshot({ animations: 'disabled', caret: 'hide', scale: 'css' }));
    makeSmall(file);
  }
});

test('the same page is the same, also with noise of one shade in every pixel', async ({ page }, { testId }) => {
  expect(await compare(page, testId, FINE)).toEqual(['same', 'same']);
  await page.evaluate(() => {
    const noise = document.createElement('canvas');
    [noise.width, noise.height] = [1300, 1600];
    const context = noise.getContext('2d')!;
    const pixels = context.createImageData(noise.width, noise.height);
    for (let n = 0; n < pixels.data.length; n += 4) pixels.data.set([n % 3 ? 255 : 0, n % 5 ? 255 : 0, n % 7 ? 255 : 0, (n / 4) % 3], n);
    context.putImageData(pixels, 0, 0);
    noise.style.cssText = 'position: fixed; inset: 0; pointer-events: none';
    document.body.append(noise);
  });
  expect(await compare(page, testId, FINE)).toEqual(['same', 'same']);
});

for (const [what, where] of [
  ['a button', 'main form.form button[type=submit]'],
  ['a link', 'main a[href="/login"]'],
  ['a field', 'main form.form input[type=tel]'],
] as const) {
  test(`${what} that moved by eight pixels is seen`, async ({ page }, { testId }) => {
    await page.locator(where).first().evaluate((it) => Object.assign(it.style, { position: 'relative', top: '8px' }));
    expect(await compare(page, testId, FINE)).toEqual(['other', 'other']);
  });
}

test('by another Chromium that is said, and a page without its style sheet is still seen', async ({ page }, { testId }) => {
  expect(howCompared('9.8.7')).toEqual({ tolerance: COARSE, why: expect.stringMatching(/COARSELY by Chromium 9$/) });
  await page.evaluate(() => document.querySelectorAll('link[rel=stylesheet], style').forEach((it) => it.remove()));
  expect(await compare(page, testId, COARSE)).toContain('other');
});
