// Which browsers run the tests, and how.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** Where a program may be, by its name: in PATH, or put aside by `make tools`. */
function places(...names: string[]): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  return names.flatMap((name) => [...folders, resolve(__dirname, '../../.tools/bin')].map((folder) => join(folder, name)));
}

export const launchOptions = {
  /** The machine's Chromium, or the one that `make tools` put aside; `undefined`: Playwright's own. */
  executablePath: places('chromium').find((place) => existsSync(place)),
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

/** The oldest that the tests were tried with. What drives it asks for commands that much older ones do not know. */
const OLDEST_FIREFOX = 153;

/** A Firefox, or why there is none. */
export type Firefox = { path: string } | { missing: string };

/** The machine's own. Asked once: what a worker finds in the environment was found for it. */
export function firefox(): Firefox {
  process.env.PORTARIA_TEST_FIREFOX ??= JSON.stringify(findFirefox());
  return JSON.parse(process.env.PORTARIA_TEST_FIREFOX) as Firefox;
}

function findFirefox(): Firefox {
  let missing = 'no firefox-esr and no firefox here';
  for (const path of [...places('firefox-esr', 'firefox'), '/Applications/Firefox.app/Contents/MacOS/firefox']) {
    if (!existsSync(path)) continue;
    const version = versionOf(path);
    if (isSnap(path)) missing = `${path} is a snap, which cannot read the profile that it would be given`;
    else if (version === undefined) missing = `${path} does not say its version`;
    else if (version < OLDEST_FIREFOX) missing = `${path} is Firefox ${version}, older than ${OLDEST_FIREFOX}`;
    else return { path };
  }
  return { missing };
}

/** Ubuntu's package is a script that calls the snap. */
function isSnap(path: string): boolean {
  return path.startsWith('/snap/') || (statSync(path).size < 10_000 && readFileSync(path, 'utf8').includes('/snap/'));
}

function versionOf(path: string): number | undefined {
  try {
    const said = execFileSync(path, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 30_000 });
    const major = /^Mozilla Firefox (\d+)/m.exec(said)?.[1];
    return major === undefined ? undefined : Number(major);
  } catch {
    return undefined;
  }
}
