// What a scene is.

import type { APIRequestContext } from '@playwright/test';
import type { Visit } from '../test';

export interface Stage {
  visit: Visit;
  request: APIRequestContext;
  guard: { expect(status: number): void };
}

export type Scene = [name: string, play: (stage: Stage) => Promise<void>];

/** A page right after it was opened. */
export const page = (name: string, path: string, heading: string): Scene => [
  name,
  async ({ visit }) => {
    await visit.open(path);
    await visit.sees(heading);
  },
];
