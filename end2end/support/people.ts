// Generated people. All are unique, so that specs can run in parallel on one database.

import { randomInt } from 'node:crypto';

const digits = (count: number): string => Array.from({ length: count }, () => randomInt(10)).join('');
const pick = <T>(...choices: [T, ...T[]]): T => choices[randomInt(choices.length)] as T;

/** A mobile number, as it is typed, stored and shown. */
export interface Phone {
  typed: string;
  e164: string;
  masked: string;
}

export function phone(): Phone {
  const ddd = pick('11', '21', '31', '48', '51', '61', '71', '81', '85', '92');
  const number = `9${digits(8)}`;
  const [head, tail] = [number.slice(0, 5), number.slice(5)];
  return { typed: `(${ddd}) ${head}-${tail}`, e164: `+55${ddd}${number}`, masked: `(${ddd}) *****-${tail}` };
}

export function landline(): string {
  return `(${pick('11', '21', '31')}) 3${digits(3)}-${digits(4)}`;
}

export function email(): string {
  return `pessoa.${digits(12)}@exemplo.com.br`;
}

export const MASKED_EMAIL = 'p***@e***.br';

/** Appends the two check digits (Receita Federal). The value of a character is its ASCII code minus 48; the weights go from 2 to
 * `highest` and start again. */
function withCheckDigits(root: string, highest: number): string {
  let all = root;
  for (let round = 0; round < 2; round++) {
    let weight = 2;
    let sum = 0;
    for (const character of [...all].reverse()) {
      sum += (character.charCodeAt(0) - 48) * weight;
      weight = weight === highest ? 2 : weight + 1;
    }
    const rest = sum % 11;
    all += rest < 2 ? 0 : 11 - rest;
  }
  return all;
}

export function cnpj(kind: 'numeric' | 'alphanumeric'): string {
  const root = kind === 'numeric' ? digits(8) : `${digits(2)}${pick('A', 'K', 'Z')}${digits(3)}${pick('B', 'X')}${digits(1)}`;
  const all = withCheckDigits(`${root}0001`, 9);
  return `${all.slice(0, 2)}.${all.slice(2, 5)}.${all.slice(5, 8)}/${all.slice(8, 12)}-${all.slice(12)}`;
}

export function cpf(): string {
  const all = withCheckDigits(digits(9), 11);
  return `${all.slice(0, 3)}.${all.slice(3, 6)}.${all.slice(6, 9)}-${all.slice(9)}`;
}

export function maskedCpf(cpf: string): string {
  return `***${cpf.slice(3, 12)}**`;
}

export function username(): string {
  return `rian.${digits(12)}`;
}

/** Meets the policy of 003 and is hard to guess. */
export const PASSWORD = 'Jacarandá#7 no quintal';

export const NEW_PASSWORD = 'Pitangueira#8 na varanda';

export function otherThan(code: string): string {
  return `${(Number(code[0]) + 1) % 10}${code.slice(1)}`;
}

/** Returns a new client address, for `X-Forwarded-For`. */
export function address(): string {
  return `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;
}
