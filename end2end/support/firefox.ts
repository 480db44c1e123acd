// A stock Firefox, driven by WebDriver BiDi. Playwright speaks it on its channel `moz-firefox`, which is not finished.
//
// What cannot be asked of it yet, so that such tests are not tagged: `fill` over what stands in an e-mail field (it appends), which
// of two windows has the focus, media features, and what needs Chromium's own protocol.

import type { Browser } from '@playwright/test';

/** Of a BiDi session. */
interface Session {
  send(command: string, parameters?: object): Promise<unknown>;
}

/** What Playwright keeps of a browser behind its own interface, in the version that package.json pins. */
interface Inside {
  _connection: { toImpl(browser: Browser): { _browserSession: Session } };
}

/** For each new context Playwright sets the media features, by a command that Firefox does not know yet. Firefox keeps the ones of
 * its preferences. `page.emulateMedia` still fails, so that no test believes in a darkness that is not there. */
export function withoutMediaFeatures(browser: Browser): void {
  const session = (browser as unknown as Inside)._connection.toImpl(browser)._browserSession;
  const send = session.send.bind(session);
  session.send = async (command, parameters) => {
    return command === 'emulation.setMediaFeaturesOverride' ? {} : send(command, parameters);
  };
}

/** What differs from its defaults: 0 is dark, 1 is light. */
const PREFERENCES = {
  light: { 'layout.css.prefers-color-scheme.content-override': 1 },
  dark: { 'layout.css.prefers-color-scheme.content-override': 0 },
  scriptless: { 'javascript.enabled': false },
};

/** Options of a project: that Firefox, started so. */
export function started(path: string, preferences: keyof typeof PREFERENCES) {
  return {
    browserName: 'firefox' as const,
    channel: 'moz-firefox',
    // Each context that closes would be photographed. For that an inline style is put into the page, which the page's policy refuses,
    // and the guard hears of it.
    screenshot: 'off' as const,
    launchOptions: { executablePath: path, firefoxUserPrefs: PREFERENCES[preferences] },
  };
}
