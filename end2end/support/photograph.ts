// Pictures of pages: for people to look at, and to be compared with those in `pictures`.
//
// A picture shows the same on every machine and each time: letters of one font (an npm package), samples where something varies
// (variable.ts), no movement, no caret, no shades of colour at the edges of letters (browser.ts).

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { makeSmall } from './palette';
import { VARIABLE_IN_PAGE } from './variable';

export const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
/** As high as most pages are on a phone. What is longer is cut. */
const LONG_PHONE = { width: SIZES.phone.width, height: 1350 };
/** As much of a desktop as shows how a page is laid out. */
const SHORT_DESKTOP = { width: SIZES.desktop.width, height: 720 };

const font = (name: string): string => readFileSync(join(__dirname, `../node_modules/@fontsource-variable/${name}`)).toString('base64');
const FONTS = [
  ['Pinned', font('inter/files/inter-latin-wght-normal.woff2')],
  ['Pinned Mono', font('jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2')],
] as const;

/** Makes a page stand still: the fonts, the samples, and what an upload or a clock would still change. */
export async function pose(page: Page): Promise<void> {
  // Nothing is drawn as under the pointer that pressed it.
  await page.mouse.move(0, 0);
  await page.evaluate(
    async ({ fonts, variable }) => {
      for (const [family, data] of fonts) {
        const bytes = Uint8Array.from(atob(data), (it) => it.charCodeAt(0));
        document.fonts.add(await new FontFace(family, bytes, { weight: '100 900' }).load());
      }
      const style = new CSSStyleSheet();
      style.replaceSync(`
        :root { --font: Pinned; --mono: "Pinned Mono"; }
        .qr path:last-child { visibility: hidden; }
        /* A document of its own, with the fonts of the machine. */
        iframe { visibility: hidden; }
        /* An e-mail names its fonts where they are used; a page cannot. */
        body[style] { font-family: Pinned !important; }
        .code[style] { font-family: "Pinned Mono" !important; }
        /* What the browser says in the language of its machine. */
        input[type=file], ::file-selector-button, ::-webkit-datetime-edit { color: transparent !important; }
        ::file-selector-button { inline-size: 9rem; }
      `);
      document.adoptedStyleSheets.push(style);
      const rules = variable.map(([what, sample]) => [new RegExp(what, 'g'), sample] as const);
      const fix = (text: string) => rules.reduce((sofar, [what, sample]) => sofar.replace(what, sample), text);
      const sample = () => {
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let text = texts.nextNode() as Text | null; text; text = texts.nextNode() as Text | null) {
          const fixed = fix(text.data);
          if (fixed !== text.data) text.data = fixed;
        }
        for (const field of document.querySelectorAll<HTMLInputElement>('input:is([type=text], [type=email], [type=tel])')) {
          const fixed = fix(field.value);
          if (fixed !== field.value) field.value = fixed;
        }
      };
      sample();
      // A clock that ticks on is a sample again before it is drawn.
      new MutationObserver(sample).observe(document.body, { subtree: true, childList: true, characterData: true });
      scrollTo(0, 0);
    },
    { fonts: FONTS, variable: VARIABLE_IN_PAGE },
  );
}

/** For people: phone and desktop, light and dark, the whole page. */
export async function photograph(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: `test-results/shots/${name}-${size}-${colorScheme}.png`, fullPage: true });
    }
  }
}

/** How much of a picture may differ. */
export interface Tolerance {
  /** Of a colour, from 0 to 1. */
  threshold: number;
  maxDiffPixels?: number;
  maxDiffPixelRatio?: number;
}

/** By the Chromium that took the pictures: a line of a border that moved is more. */
export const FINE: Tolerance = { threshold: 0.2, maxDiffPixels: 60 };

/** By another one, whose controls and letters may differ: what lost its style sheet is still more. */
export const COARSE: Tolerance = { threshold: 0.2, maxDiffPixelRatio: 0.02 };

const TAKEN_BY = join(__dirname, '../pictures/chromium.txt');
const major = (version: string): string => version.split('.')[0] ?? '';

/** How pictures are compared by this Chromium, and why so if not finely. */
export function howCompared(version: string): { tolerance: Tolerance; why?: string } {
  const taken = existsSync(TAKEN_BY) ? readFileSync(TAKEN_BY, 'utf8').trim() : 'none';
  if (taken === major(version)) return { tolerance: FINE };
  return { tolerance: COARSE, why: `taken by Chromium ${taken}, compared COARSELY by Chromium ${major(version)}` };
}

/** Whether pictures are taken now, not only compared. */
export const isTaking = (): boolean => test.info().config.updateSnapshots !== 'none';

/** How pictures are compared by this Chromium in the test that runs, which is told of it. If they are taken now, it is written down by which. */
export function tolerated(version: string): Tolerance {
  if (isTaking()) {
    mkdirSync(dirname(TAKEN_BY), { recursive: true });
    writeFileSync(TAKEN_BY, `${major(version)}\n`);
    return FINE;
  }
  const { tolerance, why } = howCompared(version);
  if (why) test.info().annotations.push({ type: 'pictures', description: why });
  return tolerance;
}

/** In what a page is compared: on a phone in light, on a desktop in dark. */
export const VIEWS = [
  { size: 'phone', viewport: LONG_PHONE, colorScheme: 'light' },
  { size: 'desktop', viewport: SHORT_DESKTOP, colorScheme: 'dark' },
] as const;

export type View = (typeof VIEWS)[number];

/** The picture's file. PNG, because Chromium's WebP without loss is larger. */
export const fileOf = (name: string, { size }: View): string => `${name}-${size}.png`;

export async function turn(page: Page, { viewport, colorScheme }: View): Promise<void> {
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
}

/** Compares a page that poses with a picture, or takes it. */
export async function isAsBefore(page: Page, file: string, options: Tolerance & { fullPage?: boolean }): Promise<void> {
  await expect.soft(page).toHaveScreenshot(file, options);
  if (isTaking()) makeSmall(test.info().snapshotPath(file, { kind: 'screenshot' }));
}

/** Compares a page that poses with its pictures, or takes them. They begin at `subject`, or at the head of the page. */
export async function looksAsBefore(page: Page, name: string, tolerance: Tolerance, subject = 'body'): Promise<void> {
  for (const view of VIEWS) {
    await turn(page, view);
    await page.locator(subject).first().evaluate((it) => it.scrollIntoView({ block: 'start', behavior: 'instant' }));
    await isAsBefore(page, fileOf(name, view), tolerance);
  }
}
