// For specs that need settings of their own: a server per worker, with them.

import { Portaria, type Settings } from './server';
import { test as base } from './test';

export interface Own {
  server: Portaria;
}

/** The test, on a server with these settings. Its specs have to run in one worker (mode `default`), or each gets one. */
export function withSettings(settings: () => Promise<Settings> | Settings) {
  return base.extend<object, Own>({
    server: [
      async ({}, use) => {
        const server = await Portaria.start(await settings());
        await use(server);
        await server.stop();
      },
      { scope: 'worker', timeout: 120_000 },
    ],
    baseURL: async ({ server }, use) => use(server.url),
  });
}
