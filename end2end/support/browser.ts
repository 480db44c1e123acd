// Which browsers run the tests, and how.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** Returns the paths where a program may be: in PATH, or installed by `make tools`. */
function places(...names: string[]): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  return names.flatMap((name) => [...folders, resolve(__dirname, '../../.tools/bin')].map((folder) => join(folder, name)));
}

export const launchOptions = {
  /** The system's Chromium, or the one from `make tools`; the one without windows first, because it is faster. `undefined`: Playwright's own. */
  executablePath: places('chromium-headless-shell', 'chromium').find((place) => existsSync(place)),
  // It talks only to our server, and must run without a GPU and without a sandbox.
  args: [
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-gpu',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    // Letters are drawn alike on every machine: in shades of grey, and not fitted to its pixels.
    '--disable-lcd-text',
    '--font-render-hinting=none',
  ],
};

/** The version of the Chromium that runs the tests, such as 148.0.7778.167; `undefined` where it is Playwright's own. */
export function chromiumVersion(): string | undefined {
  const { executablePath } = launchOptions;
  if (!executablePath) return undefined;
  return /\d+(\.\d+)+/.exec(execFileSync(executablePath, ['--version'], { encoding: 'utf8', timeout: 30_000 }))?.[0];
}

/** The oldest version that the tests were tried with. Much older ones lack commands that the driver needs. */
const OLDEST_FIREFOX = 153;

export type Firefox = { path: string } | { missing: string };

/** Returns the system's Firefox. It is looked for once: the workers inherit the result in their environment. */
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

/** Also detects Ubuntu's package, which is a script that calls the snap. */
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
