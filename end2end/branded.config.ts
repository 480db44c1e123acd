// The specs once more under another brand: `npm run branded`, a part of `make test`. One project, with JavaScript: what a brand changes does
// not depend on it. Each spec here looks at what a brand changes: words, kinds, colours, the logo, the terms, or a message.

import { defineConfig } from '@playwright/test';

process.env.PORTARIA_BRAND = 'aurora';

// After the line above: specs and servers take the brand from it.
const { default: base } = require('./playwright.config') as typeof import('./playwright.config');

/** These look at nothing of it, each for another reason. */
const THE_SAME_UNDER_EVERY_BRAND = [
  // How a page lives without its WASM, while it comes, when it wakes; how it is weighed; what another browser makes of the same bytes.
  'without-wasm.spec.ts',
  'slow.spec.ts',
  'waking.spec.ts',
  'weight.spec.ts',
  'firefox.spec.ts',
  'comparison.spec.ts',
  // What fingers do with a field, and what a browser uploads.
  'keyboard.spec.ts',
  'journeys.spec.ts',
  'pasted.spec.ts',
  'photo.spec.ts',
  // What is late, failed or lapsed: states of messages and codes, not their words.
  'deliveries.spec.ts',
  'hasty.spec.ts',
  'lapses.spec.ts',
  // What programs say to each other: 004 and webhooks. What operators do.
  'carona-http.spec.ts',
  'keys.spec.ts',
  'operator.spec.ts',
  'webhooks.spec.ts',
];

export default defineConfig({
  ...base,
  outputDir: 'test-results/branded',
  reporter: [['list'], ['html', { open: 'never', outputFolder: 'playwright-report/branded' }]],
  projects: [{ name: 'branded', testIgnore: THE_SAME_UNDER_EVERY_BRAND }],
});
