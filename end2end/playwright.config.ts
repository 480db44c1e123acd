import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';
import { firefox, launchOptions } from './support/browser';
import { started } from './support/firefox';
import type { Options } from './support/test';

/** What people do: with JavaScript and without it. What operators do, and a contest (journeys), are not seen twice. */
const JOURNEYS = [
  'client.spec.ts',
  'two-signups.spec.ts',
  'teacher.spec.ts',
  'company.spec.ts',
  'carona.spec.ts',
  'login.spec.ts',
  'recovery.spec.ts',
  'reset.spec.ts',
  'lapses.spec.ts',
  'profile.spec.ts',
  'own-contacts.spec.ts',
  'own-access.spec.ts',
  'own-data.spec.ts',
  'account-deletion.spec.ts',
  'fresh.spec.ts',
  'password.spec.ts',
  'sessions.spec.ts',
  'terms.spec.ts',
  'product.spec.ts',
];

/** Of them, those that are also seen while the WASM is late: a proof by code, one by link, a photo, the way back to a product. Until it is
 * there a page is the one without JavaScript, which all of them are seen on. */
const WASM_IS_LATE = ['client.spec.ts', 'teacher.spec.ts', 'carona.spec.ts', 'product.spec.ts'];

/** And where it never comes. There is nothing in such a page that is not in one whose WASM is late; these show that it stays so to the end. */
const WASM_NEVER_COMES = ['client.spec.ts', 'product.spec.ts'];

/** How people type and paste. */
const BY_HAND = ['journeys.spec.ts', 'pasted.spec.ts'];

/** Firefox has one of its own: what it shows of its colours, and the keys in the order in which it takes them. */
const IN_FIREFOX = ['firefox.spec.ts', 'keyboard.spec.ts'];

/** The channel by which Playwright drives a stock Firefox is an experiment of its own: what fails there is asked once more. */
const ONCE_MORE = { retries: 1 };

/** What is tagged, once; what is looked at in its colours also in the dark; and without JavaScript what keys alone can do:
 * Playwright's clicks wait for timers in the page, which stand still then. */
function inFirefox(path: string): NonNullable<PlaywrightTestConfig<Options>['projects']> {
  return [
    { name: 'firefox', ...ONCE_MORE, use: started(path, 'light'), grep: /@firefox/ },
    { name: 'firefox-dark', ...ONCE_MORE, use: started(path, 'dark'), testMatch: ['firefox.spec.ts'] },
    { name: 'firefox-nojs', ...ONCE_MORE, use: { ...started(path, 'scriptless'), javaScriptEnabled: false }, testMatch: ['keyboard.spec.ts'] },
  ];
}

const found = firefox();

export default defineConfig<Options>({
  testDir: 'specs',
  outputDir: 'test-results/run',
  globalSetup: './support/setup',
  fullyParallel: true,
  workers: 2,
  // What fails now and then is a fault, of the product or of the test.
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  // Only `make screenshots` writes them: what is missing here is a failure.
  updateSnapshots: 'none',
  snapshotPathTemplate: 'trees/{arg}{ext}',
  expect: { timeout: 10_000, toHaveScreenshot: { pathTemplate: 'pictures/{arg}{ext}' } },
  reporter: [['list'], ['html', { open: 'never' }]],
  use: {
    browserName: 'chromium',
    launchOptions,
    locale: 'pt-BR',
    timezoneId: 'America/Sao_Paulo',
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'js', testIgnore: ['without-wasm.spec.ts', 'slow.spec.ts', 'comparison.spec.ts', ...IN_FIREFOX] },
    // How pictures are compared, by pictures of its own.
    { name: 'comparison', testMatch: ['comparison.spec.ts'], expect: { toHaveScreenshot: { pathTemplate: 'test-results/comparison/{arg}{ext}' } } },
    { name: 'nojs', use: { javaScriptEnabled: false }, testMatch: [...JOURNEYS, ...BY_HAND, 'hasty.spec.ts', 'without-wasm.spec.ts'] },
    { name: 'nowasm', use: { wasm: 'off' }, testMatch: [...WASM_NEVER_COMES, 'without-wasm.spec.ts'] },
    { name: 'slowwasm', use: { wasm: 'slow' }, testMatch: [...WASM_IS_LATE, 'slow.spec.ts'] },
    ...('path' in found ? inFirefox(found.path) : []),
  ],
});
