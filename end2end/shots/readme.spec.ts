// The picture in the README: the sign-up, on a desktop in light and on a phone in dark.

import { makeSmall } from '../support/palette';
import { pose } from '../support/photograph';
import { phone } from '../support/people';
import { NAME, register } from '../support/steps';
import { expect, test } from '../support/test';

const FILE = '../style/readme-screenshot.png';

test.use({ deviceScaleFactor: 1.5 });

test('readme', async ({ visit, page, browser }) => {
  const shot = async (width: number, height: number, colorScheme: 'light' | 'dark') => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    return `data:image/png;base64,${(await page.screenshot()).toString('base64')}`;
  };
  await visit.open('/register/client');
  await visit.fill({ 'Nome completo': NAME, Celular: phone().typed });
  await pose(page);
  const desktop = await shot(1080, 760, 'light');
  const mine = phone();
  await register(visit, { phone: mine });
  await visit.outbox.code(mine.e164);
  await visit.reload();
  await pose(page);
  const mobile = await shot(390, 720, 'dark');

  const board = await browser.newPage({ viewport: { width: 1240, height: 800 }, deviceScaleFactor: 1.5 });
  await board.setContent(`
    <style>
      body { margin: 0; background: #dfe7e2; }
      img { position: absolute; border-radius: 12px; box-shadow: 0 2px 6px #0003, 0 18px 44px #0004; }
      .desktop { inset: 20px auto auto 20px; inline-size: 1040px; }
      .mobile { inset: auto 20px 20px auto; inline-size: 340px; border-radius: 28px; outline: 8px solid #0b0f0e; outline-offset: -1px; }
    </style>
    <img class="desktop" src="${desktop}"><img class="mobile" src="${mobile}">`);
  await expect(board.locator('img.mobile')).toBeVisible();
  await board.screenshot({ path: FILE });
  makeSmall(FILE);
  await board.close();
});
