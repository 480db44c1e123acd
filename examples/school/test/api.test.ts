// Who the API lets in. Against the real Portaria, and against one of our own, whose tokens are wrong in one point each.

import { registerClient, verifyPhone } from '@portaria/client';
import { exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { codeSentTo } from '../src/outbox.js';
import { school } from '../src/school.js';
import { PORTARIA } from '../src/settings.js';
import { walk } from '../src/walk.js';
import { asked, client, opened, teacher } from './support.js';

test('a teacher walks through the whole of it', async () => {
  const told: string[] = [];
  await walk(PORTARIA, await opened(school(PORTARIA)), (line) => told.push(line));
  const statuses = told.join('\n').match(/"status":\d+/g);
  assert.deepEqual(statuses, [401, 201, 200, 200, 401, 401].map((status) => `"status":${status}`));
});

test('a client is known, and has no lessons', async () => {
  const phone = `119${randomInt(80_000_000, 99_999_999)}`;
  await registerClient({ client, body: { fullName: 'Rui Costa', phone }, throwOnError: true });
  const code = await codeSentTo(PORTARIA, `+55${phone}`);
  const { data } = await verifyPhone({ client, body: { phone, code }, throwOnError: true });
  assert.equal(data.user.kind, 'cliente');
  assert.equal(await asked(await opened(school(PORTARIA)), data.accessToken), 403);
});

test('a token that was changed opens nothing', async () => {
  const url = await opened(school(PORTARIA));
  const { accessToken } = await teacher();
  const [head, body, signature] = accessToken.split('.') as [string, string, string];
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as JWTPayload;
  const another = Buffer.from(JSON.stringify({ ...claims, sub: '1' })).toString('base64url');
  for (const token of [`${head}.${another}.${signature}`, `${head}.${body}.`, new UnsecuredJWT(claims).encode(), 'abc']) {
    assert.equal(await asked(url, token), 401, token);
  }
  assert.equal(await asked(url, accessToken), 200);
  const refused = await fetch(`${url}/api/lessons`);
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get('www-authenticate'), 'Bearer');
});

test('each of the claims, and the way of signing, is looked at', async () => {
  const ours = await generateKeyPair('EdDSA');
  const curve = await generateKeyPair('ES256');
  const keys = await Promise.all([
    exportJWK(ours.publicKey).then((key) => ({ ...key, kid: 'ours', alg: 'EdDSA', use: 'sig' })),
    exportJWK(curve.publicKey).then((key) => ({ ...key, kid: 'curve', alg: 'ES256', use: 'sig' })),
  ]);
  const issuer = await opened(
    createServer((request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(request.url === '/.well-known/jwks.json' ? { keys } : { id: 7, fullName: 'Ana Lima' }));
    }),
  );
  const url = await opened(school(issuer));
  const now = Math.floor(Date.now() / 1000);
  const right = { iss: issuer, aud: 'portaria', sub: '7', kind: 'professor', sid: 'a', iat: now, exp: now + 60 };
  const header = { alg: 'EdDSA', typ: 'at+jwt', kid: 'ours' };
  const token = (claims: JWTPayload, by: JWTHeaderParameters = header, key = ours.privateKey) =>
    new SignJWT({ ...right, ...claims }).setProtectedHeader(by).sign(key);

  assert.equal(await asked(url, await token({})), 200);
  const wrong = {
    issuer: token({ iss: 'https://portaria.example' }),
    'issuer with a slash': token({ iss: `${issuer}/` }),
    audience: token({ aud: 'another-product' }),
    'end in the past': token({ exp: now - 60 }),
    'no end': token({ exp: undefined }),
    'no session': token({ sid: undefined }),
    type: token({}, { ...header, typ: 'JWT' }),
    'no type': token({}, { alg: 'EdDSA', kid: 'ours' }),
    algorithm: token({}, { ...header, alg: 'ES256', kid: 'curve' }, curve.privateKey),
    'unknown key': token({}, { ...header, kid: 'another' }),
    "another's key": token({}, header, (await generateKeyPair('EdDSA')).privateKey),
  };
  for (const [what, made] of Object.entries(wrong)) {
    assert.equal(await asked(url, await made), 401, what);
  }
  assert.equal(await asked(url, await token({ kind: 'empresa' })), 403);
});

test('while Portaria is away nobody is let in, and no token is called wrong', async () => {
  const { accessToken } = await teacher();
  const nobody = 'http://127.0.0.1:9';
  assert.equal(await asked(await opened(school(nobody)), accessToken), 503);
});
