// What a scene is.

import type { APIRequestContext } from '@playwright/test';
import { expect, type Visit } from '../test';

export interface Stage {
  visit: Visit;
  request: APIRequestContext;
  guard: { expect(status: number): void };
}

/** `subject`: what it is about, where that does not stand at the head of its page: the picture begins there. */
export type Scene = [name: string, play: (stage: Stage) => Promise<void>, subject?: string];

/** What a page shows instead of its form, because of what was just done. */
export const instead = (name: string, path: string, notice: string, heading: string): Scene => [
  name,
  async ({ visit }) => {
    await visit.page.context().addCookies([{ name: 'portaria_notice', value: notice, url: process.env.PORTARIA_TEST_URL ?? '' }]);
    await visit.open(path);
    await visit.sees(heading);
  },
];

/** A page that says what was just done. */
export const saying = (...[name, path, notice, heading]: Parameters<typeof instead>): Scene => [
  name,
  async (stage) => {
    await instead(name, path, notice, heading)[1](stage);
    await expect(stage.visit.main.locator('.notice')).not.toBeEmpty();
  },
];

/** A page right after it was opened. */
export const page = (name: string, path: string, heading: string): Scene => [
  name,
  async ({ visit }) => {
    await visit.open(path);
    await visit.sees(heading);
  },
];
