// Photographs of every scene, for people to look at: `npm run screenshots`, then test-results/shots.

import { defineConfig } from '@playwright/test';
import base from './playwright.config';

export default defineConfig({
  ...base,
  testDir: 'shots',
  outputDir: 'test-results/shots-run',
  reporter: 'list',
  projects: [{ name: 'shots' }],
});
