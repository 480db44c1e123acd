// One server for all specs that need no settings of their own.

import { rmSync } from 'node:fs';
import { chromiumVersion, firefox } from './browser';
import { howCompared } from './photograph';
import { PRODUCTS } from './product';
import { LOGS, Portaria } from './server';

export default async function setup(): Promise<() => Promise<void>> {
  const found = firefox();
  if ('missing' in found) console.log(`Firefox: SKIPPED: ${found.missing}`);
  const version = chromiumVersion();
  const why = version && howCompared(version).why;
  if (why) console.log(`Pictures: ${why}`);
  rmSync(LOGS, { recursive: true, force: true });
  const server = await Portaria.start({}, PRODUCTS);
  // The workers inherit it.
  process.env.PORTARIA_TEST_URL = server.url;
  process.env.PORTARIA_TEST_FOLDER = server.folder;
  return () => server.stop();
}
