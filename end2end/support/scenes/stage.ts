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

/** A page that says what was just done. */
export const saying = (name: string, path: string, notice: string, heading: string): Scene => [
  name,
  async ({ visit }) => {
    await visit.page.context().addCookies([{ name: 'portaria_notice', value: notice, url: process.env.PORTARIA_TEST_URL ?? '' }]);
    await visit.open(path);
    await visit.sees(heading);
    await expect(visit.main.locator('.notice')).not.toBeEmpty();
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
