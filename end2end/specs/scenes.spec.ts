// Each scene, played once and looked at in four ways: by axe, light and dark, and in the narrowest window that WCAG asks for (1.4.10); as
// browsers and password managers meet its fields; as the tree that a screen reader gets; and as a picture. Trees and pictures are compared
// with those in `trees` and `pictures`, which `make screenshots` renews.

import { NARROWEST, small, violations, width } from '../support/axe';
import { brand, isOurs } from '../support/brand';
import { unhelpful } from '../support/filled';
import { isTaking, looksAsBefore, photograph, pose, tolerated } from '../support/photograph';
import { withSettings } from '../support/own-server';
import { SCENES } from '../support/scenes';
import { LATE, LATE_SETTINGS, leaveMessages, OF_DEVELOPMENT } from '../support/scenes/late';
import type { Scene } from '../support/scenes/stage';
import { expect, test } from '../support/test';
import { torn } from '../support/torn';
import { treeOf } from '../support/tree';

/** A test of each scene. */
function look(at: typeof test, scenes: Scene[]): void {
  for (const [name, play, subject] of scenes) {
    at(`${name} is for everybody, and is what it was`, async ({ visit, request, guard, page, browser }) => {
      // No movement: a colour that is still changing is no colour.
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      await play({ visit, request, guard });
      const isOfProduct = !OF_DEVELOPMENT.has(name);
      if (isOfProduct) await expect.soft(page).toHaveTitle(new RegExp(` · ${brand.name}$`));
      // What is told and drawn under another brand is the brand's.
      if (isOurs) expect.soft(await treeOf(page)).toMatchSnapshot(`${name}.yml`);

      if (isOfProduct) expect.soft(await unhelpful(page), 'fields as browsers and password managers need them').toEqual([]);

      expect(await violations(page, 'everything'), 'light').toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
      expect(await violations(page, 'colours'), 'dark').toEqual([]);
      expect(await small(page), 'targets of 24 px').toEqual([]);
      expect(await torn(page), 'words of a sentence').toEqual([]);
      await page.setViewportSize(NARROWEST);
      expect(await width(page), 'no scrolling sideways at 320 px').toBeLessThanOrEqual(320);
      expect(await small(page), 'targets of 24 px, narrow').toEqual([]);

      if (!isOurs) return;
      await pose(page);
      await looksAsBefore(page, name, tolerated(browser.version()), subject);
      if (isTaking()) await photograph(page, name);
    });
  }
}

look(test, SCENES);

test.describe('on a server of their own', () => {
  test.describe.configure({ mode: 'default' });
  const late = withSettings(() => LATE_SETTINGS);
  late.beforeAll(({ server }) => leaveMessages(server.url));
  // Under another brand they look no different.
  look(late, isOurs ? LATE : []);
});
