// An unmodified Firefox, driven by WebDriver BiDi. Playwright supports it by the channel `moz-firefox`, which is unfinished.
//
// Some things do not work yet, so tests that need them are not tagged: `fill` on an e-mail field that is not empty (it appends), the
// focus of one of two windows, media features, and everything that needs Chromium's own protocol.

import type { Browser } from '@playwright/test';

/** The part of a BiDi session that is used here. */
interface Session {
  send(command: string, parameters?: object): Promise<unknown>;
}

/** Private parts of Playwright's browser object, in the version that package.json pins. */
interface Inside {
  _connection: { toImpl(browser: Browser): { _browserSession: Session } };
}

/** Drops the command by which Playwright sets the media features of each new context, because Firefox does not know it yet. Firefox uses
 * its preferences instead. `page.emulateMedia` still fails, so no test can rely on a colour scheme that is not set. */
export function withoutMediaFeatures(browser: Browser): void {
  const session = (browser as unknown as Inside)._connection.toImpl(browser)._browserSession;
  const send = session.send.bind(session);
  session.send = async (command, parameters) => {
    return command === 'emulation.setMediaFeaturesOverride' ? {} : send(command, parameters);
  };
}

/** Preferences that differ from the defaults. For the colour scheme 0 is dark and 1 is light. */
const PREFERENCES = {
  light: { 'layout.css.prefers-color-scheme.content-override': 1 },
  dark: { 'layout.css.prefers-color-scheme.content-override': 0 },
  scriptless: { 'javascript.enabled': false },
};

/** Returns the options of a Playwright project that uses this Firefox with these preferences. */
export function started(path: string, preferences: keyof typeof PREFERENCES) {
  return {
    browserName: 'firefox' as const,
    channel: 'moz-firefox',
    // For a screenshot of each context that closes, Playwright puts an inline style into the page. The Content Security Policy refuses
    // it, and the guard would report that.
    screenshot: 'off' as const,
    launchOptions: { executablePath: path, firefoxUserPrefs: PREFERENCES[preferences] },
  };
}
