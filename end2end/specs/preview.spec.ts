// The preview of the brand, `/dev/brand`: every page, e-mail and SMS in it. The e-mails stand in frames that run no script, where axe cannot
// look: each is looked at as a document of its own.

import { NARROWEST, violations, width } from '../support/axe';
import { brand } from '../support/brand';
import { expect, test } from '../support/test';

const PREVIEW = '/dev/brand';

for (const scheme of ['light', 'dark'] as const) {
  test(`the preview is for everybody, ${scheme}`, async ({ page, visit }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.goto(PREVIEW);
    await expect(visit.main.getByRole('heading', { level: 1 })).toContainText(brand.name);
    expect(await violations(page, 'everything')).toEqual([]);
    await page.setViewportSize(NARROWEST);
    expect(await width(page), 'no scrolling sideways at 320 px').toBeLessThanOrEqual(320);
  });

  test(`every e-mail in it is for everybody, ${scheme}`, async ({ page, request }) => {
    test.slow();
    const preview = await (await request.get(PREVIEW)).text();
    const mails = [...preview.matchAll(/<iframe src="([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(mails.length).toBeGreaterThan(20);
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.setViewportSize(NARROWEST);
    for (const path of mails) {
      const answer = await request.get(path);
      expect(answer.headers()['content-security-policy'], path).toContain('sandbox');
      await page.setContent(await answer.text());
      expect(await violations(page, 'everything'), path).toEqual([]);
      expect(await width(page), `${path}: no scrolling sideways at 320 px`).toBeLessThanOrEqual(320);
    }
  });
}
