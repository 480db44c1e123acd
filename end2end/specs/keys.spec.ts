// SPEC §13, keys: a new secret and a new signing key while somebody is in. Nobody is signed out, nothing is lost, and the old secret opens nothing.

import { randomBytes } from 'node:crypto';
import { withSettings } from '../support/own-server';
import { maskedCpf } from '../support/people';
import type { Settings } from '../support/server';
import { clientByApi, comeIn, openOwnProfile, signOut } from '../support/steps';
import { expect } from '../support/test';

const secret = () => randomBytes(32).toString('base64');
const [before, after] = [secret(), secret()];
const settings: Settings = {};
const test = withSettings(() => Object.assign(settings, { PORTARIA_SECRET: before }));

test('whoever is in stays in and finds everything; a node with the old secret alone does not start', async ({ visit, server, outbox, request }) => {
  const client = await clientByApi(request, outbox);
  const findsEverything = async () => {
    await openOwnProfile(visit);
    await visit.reads(maskedCpf(client.document));
    await visit.reads(client.phone.masked);
  };
  await comeIn(visit, client.email);
  await findsEverything();

  await server.kill();
  Object.assign(settings, { PORTARIA_SECRET: after, PORTARIA_SECRET_OLD: before });
  await server.again();
  await server.command('keys', 'rotate', '--signing');
  await findsEverything();

  await server.kill();
  delete settings.PORTARIA_SECRET_OLD;
  settings.PORTARIA_SECRET = before;
  await expect(server.again()).rejects.toThrow('PORTARIA_SECRET is not the one');
  settings.PORTARIA_SECRET = after;
  await server.again();
  await findsEverything();
  await signOut(visit);
  await comeIn(visit, client.document);
});
