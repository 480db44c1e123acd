// Every e-mail of the brand's preview, and the preview itself.

import { photograph } from '../support/photograph';
import { expect, test } from '../support/test';

test('preview', async ({ visit, page }) => {
  await page.goto('/dev/brand');
  await expect(visit.main.getByRole('heading', { level: 1 })).toBeVisible();
  await photograph(page, 'preview');
});

test('e-mails', async ({ page, request }) => {
  test.slow();
  const preview = await (await request.get('/dev/brand')).text();
  for (const [, path] of preview.matchAll(/<iframe src="([^"]+)"/g)) {
    await page.goto(path ?? '');
    await photograph(page, `mail-${(path ?? '').replace(/\W+/g, '-')}`);
  }
});
