// For specs that need settings of their own: each worker starts a server with them.

import { Portaria, type Settings } from './server';
import { test as base } from './test';

export interface Own {
  server: Portaria;
}

/** Returns `test` with a server that has these settings. The specs must run in one worker (mode `default`), or each starts its own. */
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
