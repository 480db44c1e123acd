import { photograph } from '../support/photograph';
import { SCENES } from '../support/scenes';
import { test } from '../support/test';

for (const [name, play] of SCENES) {
  test(name, async ({ visit, request, guard, page }) => {
    await play({ visit, request, guard });
    await photograph(page, name);
  });
}
