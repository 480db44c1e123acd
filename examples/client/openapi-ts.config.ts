// Makes src/generated from the document of the server that the client is for: of that version, at `PORTARIA_URL`.

import { defineConfig } from '@hey-api/openapi-ts';

const address = `${(process.env['PORTARIA_URL'] ?? 'http://127.0.0.1:3000').replace(/\/$/, '')}/api/openapi.json`;
const answer = await fetch(address).catch(() => undefined);
if (!answer?.ok) {
  console.error(`${address} answers ${answer?.status ?? 'nothing'}: start Portaria, or name another one by PORTARIA_URL.`);
  process.exit(1);
}

export default defineConfig({
  input: (await answer.json()) as Record<string, unknown>,
  output: { path: 'src/generated', module: { extension: '.js' } },
  plugins: [
    '@hey-api/typescript',
    // The address of the server belongs to the product's settings, not into generated code.
    { name: '@hey-api/client-fetch', baseUrl: false },
    // No client that is shared by the whole program: a server would call with one person's tokens for another.
    { name: '@hey-api/sdk', client: false },
  ],
});
