// Opens the school. `npm run start:oidc`.

import { PORTARIA } from 'school/settings';
import { school } from './school.js';

const PORT = Number(process.env['PORT'] ?? 4001);
const here = `http://127.0.0.1:${PORT}`;
const secret = process.env['SCHOOL_SECRET'];
if (!secret) {
  throw new Error('SCHOOL_SECRET: the last line of `portaria client new`; see examples/README.md');
}

school(PORTARIA, here, 'school', secret).listen(PORT, '127.0.0.1', () => {
  console.log(`The school is open at ${here}; people sign in at ${PORTARIA}.`);
});
