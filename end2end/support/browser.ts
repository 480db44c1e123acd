// Which browser runs the tests, and how.

import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** The machine's Chromium, or the one that `make tools` put aside; `undefined`: Playwright's own. */
function chromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  const places = [...folders.map((folder) => join(folder, 'chromium')), resolve(__dirname, '../../.tools/bin/chromium')];
  return places.find((place) => existsSync(place));
}

export const launchOptions = {
  executablePath: chromium(),
  // It talks to our server alone, and runs where there is neither a GPU nor a sandbox.
  args: [
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-gpu',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
};
