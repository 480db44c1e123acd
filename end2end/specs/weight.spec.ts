// What the first load of a page weighs, as it is sent: HTML, CSS, JavaScript, WASM. `budget.json` has the limits. They only fall: a page
// that has become lighter takes its limit with it.

import type { Page } from '@playwright/test';
import budget from '../budget.json';
import { teacherByApi, comeIn, rideTo } from '../support/steps';
import { expect, test, type Visit } from '../support/test';

/** How far a limit may stand above what is measured. */
const ROOM = 1.03;
/** Whatever a page is, in bytes (issue 4: no page more than 130 kB, the client's sign-up 95 kB). */
const HIGHEST = 130_000;

async function weigh(page: Page, visit: Visit, path: string): Promise<number> {
  const sizes: Promise<number>[] = [];
  page.on('response', (response) => {
    sizes.push(response.request().sizes().then(({ responseBodySize }) => responseBodySize));
  });
  await visit.open(path);
  await page.waitForLoadState('networkidle');
  const weight = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  page.removeAllListeners('response');
  return weight;
}

for (const [path, limit] of Object.entries(budget)) {
  test(`${path} weighs at most ${limit} bytes, and not much less`, async ({ visit, browser, context, guard, outbox, request }) => {
    if (path === '/profile') await comeIn(visit, (await teacherByApi(request, outbox)).email);
    if (path === '/complete-profile') await rideTo(visit);
    // A browser that has nothing in its cache, and the cookies of this one.
    const fresh = await browser.newContext({ storageState: await context.storageState() });
    await guard.watch(fresh);
    const page = await fresh.newPage();
    const weight = await weigh(page, Object.assign(Object.create(Object.getPrototypeOf(visit)), visit, { page }), path);
    await fresh.close();
    expect(weight).toBeLessThanOrEqual(Math.min(limit, HIGHEST));
    expect(limit, 'the limit falls too').toBeLessThanOrEqual(weight * ROOM);
  });
}
