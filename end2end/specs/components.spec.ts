// `/dev/components`: everything that pages are made of. And that the style sheet has no rule for what no page has.

import { NARROWEST, small, violations, width } from '../support/axe';
import { phone } from '../support/people';
import { picture } from '../support/pictures';
import { enterCode, register } from '../support/steps';
import { expect, test } from '../support/test';
import type { Page } from '@playwright/test';

const COMPONENTS = '/dev/components';

/** What only a moment shows: a fetch that takes long, and a page whose form could not be sent. */
const OF_A_MOMENT = ['[data-busy]', 'html[data-busy]', 'html[data-busy]::before', '.header .summary', '.countdown:empty', 'live-part:empty + .icon'];

/** The selectors of the product's own style sheet that match nothing here. What depends on a pointer, the focus or a browser's inner parts is left out of each. */
function unmatched(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const look = (rules: CSSRuleList) => {
      for (const rule of rules) {
        if (rule instanceof CSSStyleRule) {
          for (const selector of rule.selectorText.split(/,(?![^(]*\))/)) {
            const bare = selector
              .trim()
              .replace(/::[\w-]+/g, '')
              .replace(/:(hover|active|focus-within|focus-visible|focus|-webkit-autofill)/g, '')
              .replace(/:not\(\)/g, '');
            if (!document.querySelector(bare.replace(/[>+~\s]+$/, ' *') || '*')) found.push(selector.trim());
          }
        } else if ('cssRules' in rule) look((rule as CSSGroupingRule).cssRules);
      }
    };
    for (const sheet of document.styleSheets) if (!sheet.href || sheet.href.endsWith('/portaria.css')) look(sheet.cssRules);
    return found;
  });
}

for (const scheme of ['light', 'dark'] as const) {
  test(`every component is for everybody, ${scheme}`, async ({ page, visit }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await visit.open(COMPONENTS);
    expect(await violations(page, 'everything')).toEqual([]);
    expect(await small(page), 'targets of 24 px').toEqual([]);
    await page.setViewportSize(NARROWEST);
    expect(await width(page), 'no scrolling sideways at 320 px').toBeLessThanOrEqual(320);
  });
}

test('light and dark stand beside each other, whatever the device says', async ({ page }) => {
  await page.goto(`${COMPONENTS}/both`);
  const papers = ['light', 'dark'].map((scheme) => page.frame({ url: new RegExp(`scheme=${scheme}$`) })?.locator('html'));
  const colours = await Promise.all(papers.map((paper) => paper?.evaluate((html) => getComputedStyle(html).backgroundColor)));
  expect(new Set(colours).size).toBe(2);
  expect(colours).not.toContain(undefined);
});

test('a password is shown by the eye in its field, and Caps Lock is told', async ({ page, visit }) => {
  await visit.open('/login');
  const [field, eye] = [visit.field('Senha'), page.getByRole('button', { name: 'Mostrar senha' })];
  await field.fill('Senha@1234');
  const [box, button] = [await field.boundingBox(), await eye.boundingBox()];
  expect(button?.x).toBeGreaterThan(box?.x ?? 0);
  expect((button?.x ?? 0) + (button?.width ?? 0)).toBeLessThanOrEqual((box?.x ?? 0) + (box?.width ?? 0) + 1);
  await eye.click();
  await expect(field).toHaveAttribute('type', 'text');
  await page.getByRole('button', { name: 'Ocultar senha' }).click();
  await expect(field).toHaveAttribute('type', 'password');
  const told = visit.main.getByText('Caps Lock está ligado.');
  const press = (on: boolean) =>
    field.evaluate((input, on) => input.dispatchEvent(new KeyboardEvent('keyup', { key: 'A', modifierCapsLock: on })), on);
  await press(true);
  await expect(told).toBeVisible();
  await press(false);
  await expect(told).toHaveCount(0);
});

test('no rule of the style sheet is for nothing', async ({ page, visit, guard }) => {
  guard.expect(404);
  await visit.open(COMPONENTS);
  let left = await unmatched(page);
  const look = async () => {
    const here = new Set(await unmatched(page));
    left = left.filter((selector) => here.has(selector));
  };
  await page.getByRole('button', { name: 'Mostrar senha' }).first().click();
  await look();
  await visit.field('Foto').first().setInputFiles(picture());
  await visit.reads('Enquadre a foto');
  await look();
  for (const path of ['/', '/register/teacher', '/register/client', '/login', '/terms', '/nao-existe']) {
    await visit.open(path);
    await look();
  }
  await visit.open('/register/teacher');
  await visit.field('Nome completo').fill('Ana Souza');
  for (const [typed, told] of [['a', 'fraca'], ['Senha123!', 'fácil de adivinhar'], ['Janela#42', 'razoável'], ['Jacarandá#7 no quintal', 'boa']] as const) {
    await visit.field('Senha').fill(typed);
    await visit.reads(told);
    await look();
  }
  const mine = phone();
  await register(visit, { phone: mine });
  await look();
  await visit.open('/register');
  await look();
  await visit.open('/register/client');
  await enterCode(visit, await visit.outbox.code(mine.e164));
  await visit.sees('Perfil criado com sucesso');
  for (const path of ['/dashboard', '/profile', '/profile/password']) {
    await visit.open(path);
    await look();
  }
  expect(left.filter((selector) => !OF_A_MOMENT.includes(selector))).toEqual([]);
});
