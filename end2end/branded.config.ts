// The specs once more under another brand: `npm run branded`. One project, with JavaScript: what a brand changes does not depend on it.

import { defineConfig } from '@playwright/test';

process.env.PORTARIA_BRAND = 'aurora';

// After the line above: specs and servers take the brand from it.
const { default: base } = require('./playwright.config') as typeof import('./playwright.config');

export default defineConfig({
  ...base,
  outputDir: 'test-results/branded',
  projects: [{ name: 'branded', testIgnore: ['without-wasm.spec.ts', 'slow.spec.ts', 'firefox.spec.ts', 'weight.spec.ts'] }],
});
