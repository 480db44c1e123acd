// In Firefox alone, which keeps to the colours that it was started in: once in light, once in dark.

import { NARROWEST, small, violations, width } from '../support/axe';
import { expect, test } from '../support/test';

for (const [path, heading] of [
  ['/', 'Uma conta segura para os serviços que você usa'],
  ['/register/client', 'Criar conta de cliente'],
  ['/login', 'Entrar'],
] as const) {
  test(`${path} is for everybody`, { tag: '@firefox' }, async ({ visit, page }, { project }) => {
    await visit.open(path);
    await visit.sees(heading);
    const dark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
    expect(dark).toBe(project.name === 'firefox-dark');
    expect(await violations(page, 'everything')).toEqual([]);
    await page.setViewportSize(NARROWEST);
    expect(await width(page), 'no scrolling sideways at 320 px').toBeLessThanOrEqual(320);
    expect(await small(page), 'targets of 24 px').toEqual([]);
  });
}
