// Pictures of every page and state: `make screenshots`. Those that the tests compare with are renewed where they changed (`pictures`,
// `trees`), and the README's; the rest, for people to look at, is in test-results/shots.

import { defineConfig } from '@playwright/test';
import base from './playwright.config';

export default defineConfig({
  ...base,
  outputDir: 'test-results/shots-run',
  reporter: 'list',
  updateSnapshots: 'changed',
  projects: [
    { name: 'scenes', testDir: 'specs', testMatch: ['scenes.spec.ts', 'mails.spec.ts'], timeout: 120_000 },
    { name: 'shots', testDir: 'shots' },
  ],
});
