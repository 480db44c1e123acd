// One server for all specs that need no settings of their own.

import { rmSync } from 'node:fs';
import { firefox } from './browser';
import { PRODUCTS } from './product';
import { LOGS, Portaria } from './server';

export default async function setup(): Promise<() => Promise<void>> {
  const found = firefox();
  if ('missing' in found) console.log(`Firefox: SKIPPED: ${found.missing}`);
  rmSync(LOGS, { recursive: true, force: true });
  const server = await Portaria.start({}, PRODUCTS);
  // The workers inherit it.
  process.env.PORTARIA_TEST_URL = server.url;
  return () => server.stop();
}
