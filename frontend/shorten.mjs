// Shortens what the WASM imports from its script, and compresses all files of the site: node shorten.mjs target/site. A part of `make build`,
// after wasm-bindgen and before the server takes the files in.
//
// wasm-bindgen names each import by its function and sixteen digits of a hash, once in the WASM and once in the script. No two hashes have
// anything in common, so they do not compress: with names of two letters the first page weighs 6 kB less. wasm-opt has a pass of that kind
// (`--minify-imports`), but only for the modules `env` and `wasi`.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const IMPORTS = 2;
const FUNCTION = 0;
/** The header of a WASM file: `\0asm` and the version. */
const HEADER = 8;

const [site] = process.argv.slice(2);
const [wasmFile, scriptFile] = ['portaria.wasm', 'portaria.js'].map((name) => join(site, 'pkg', name));

/** Reads WASM from a place on. Numbers are LEB128. */
class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  number() {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  }

  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

function number(value) {
  const bytes = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  return Buffer.from([...bytes, value]);
}

const withLength = (bytes) => Buffer.concat([number(bytes.length), bytes]);

const shortened = new Map();
const short = (name) => {
  if (!shortened.has(name)) shortened.set(name, `$${shortened.size.toString(36)}`);
  return shortened.get(name);
};

/** The section of imports, each of them renamed. */
function renamed(section) {
  const reader = new Reader(section);
  const count = reader.number();
  const parts = [number(count)];
  for (let nth = 0; nth < count; nth++) {
    const module = reader.take(reader.number());
    const name = reader.take(reader.number()).toString();
    const kind = reader.take(1);
    if (kind[0] !== FUNCTION) throw new Error(`${name} is no function`);
    parts.push(withLength(module), withLength(Buffer.from(short(name))), kind, number(reader.number()));
  }
  return Buffer.concat(parts);
}

function withShortImports(wasm) {
  const reader = new Reader(wasm);
  const parts = [reader.take(HEADER)];
  while (reader.at < wasm.length) {
    const id = reader.take(1);
    const section = reader.take(reader.number());
    parts.push(id, withLength(id[0] === IMPORTS ? renamed(section) : section));
  }
  return Buffer.concat(parts);
}

const wasm = withShortImports(readFileSync(wasmFile));
const met = new Map();
const script = readFileSync(scriptFile, 'utf8').replace(/[\w$]+/g, (word) => {
  if (!shortened.has(word)) return word;
  met.set(word, (met.get(word) ?? 0) + 1);
  return shortened.get(word);
});
// Each is given to the WASM once, and met nowhere else.
const odd = [...shortened.keys()].filter((name) => met.get(name) !== 1);
if (odd.length > 0) throw new Error(`not once in ${scriptFile}: ${odd.join(', ')}`);

writeFileSync(wasmFile, wasm);
writeFileSync(scriptFile, script);
const files = readdirSync(site, { recursive: true }).filter((name) => /\.(css|js|wasm|svg|txt|ico)$/.test(name));
for (const file of files.map((name) => join(site, name))) {
  const bytes = readFileSync(file);
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
}
console.log(`${site}: ${shortened.size} imports shortened, ${files.length} files compressed`);
