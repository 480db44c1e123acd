// Accounts of another system, brought in beside the server that all specs share.

import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { email, PASSWORD } from './people';
import { Portaria } from './server';
import { NAME, type Teacher } from './steps';

/** The hash as the other system wrote it (docs/moving-in.md). */
function hashed(password: string): string {
  const [rounds, salt] = [1_000, randomBytes(16)];
  const bare = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$pbkdf2-sha256$i=${rounds},l=32$${bare(salt)}$${bare(pbkdf2Sync(password, salt, rounds, 32, 'sha256'))}`;
}

/** Brings a teacher in, who has accepted no terms of ours. */
export async function importedTeacher(): Promise<Teacher> {
  const { PORTARIA_TEST_URL: url = '', PORTARIA_TEST_FOLDER: folder = '' } = process.env;
  const teacher = { name: NAME, email: email(), password: PASSWORD };
  const line = { kind: 'professor', name: teacher.name, email: teacher.email, emailVerified: true, passwordHash: hashed(teacher.password) };
  const file = join(folder, `${teacher.email}.ndjson`);
  writeFileSync(file, JSON.stringify(line));
  await Portaria.beside(url, folder).command('import', file);
  rmSync(file);
  return teacher;
}
