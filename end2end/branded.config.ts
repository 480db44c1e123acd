// The specs once more under another brand: `npm run branded`, a part of `make test`. One project, with JavaScript: what a brand changes does not
// depend on it.

import { defineConfig } from '@playwright/test';

process.env.PORTARIA_BRAND = 'aurora';

// After the line above: specs and servers take the brand from it.
const { default: base } = require('./playwright.config') as typeof import('./playwright.config');

/**
 * What looks at it: every page, in every colour and width (scenes, zoom); kinds, by the sign-ups; its name in titles, in the header and in
 * English (navigation), in SMS (carriers), in e-mails (outbox, preview); its terms; what a product's person meets; two sign-ups at once,
 * which are told apart by their kinds.
 *
 * No other spec meets anything that a brand changes: how a page wakes, what is typed and pasted, what is late or lapsed, who may change
 * what, what programs say to each other is the same under every brand.
 */
const LOOK_AT_IT = [
  'scenes.spec.ts',
  'zoom.spec.ts',
  'client.spec.ts',
  'teacher.spec.ts',
  'company.spec.ts',
  'carona.spec.ts',
  'two-signups.spec.ts',
  'navigation.spec.ts',
  'carriers.spec.ts',
  'outbox.spec.ts',
  'preview.spec.ts',
  'terms.spec.ts',
  'product.spec.ts',
];

export default defineConfig({
  ...base,
  outputDir: 'test-results/branded',
  reporter: [['list'], ['html', { open: 'never', outputFolder: 'playwright-report/branded' }]],
  projects: [{ name: 'branded', testMatch: LOOK_AT_IT }],
});
