// Shortens the WASM and its script, and compresses all files of the site: node shorten.mjs target/site. A part of `make build`, after
// wasm-bindgen and before the server takes the files in. Four things go that no browser needs: streams that nobody opens, the names of
// imports, the paths of other people's sources, and what says by which tools it was made.
//
// A library exports classes for streams (wasm-streams, by way of server_fn), and what is exported no linker takes out. Without them the first
// page weighs 2 kB less.
//
// wasm-bindgen names each import by its function and sixteen digits of a hash, once in the WASM and once in the script. No two hashes have
// anything in common, so they do not compress: with names of two letters the first page weighs 6 kB less. wasm-opt has a pass of that kind
// (`--minify-imports`), but only for the modules `env` and `wasi`.
//
// A panic says in which file it was. Of a library the line and the words are enough, and where a machine keeps its libraries is nobody's
// business: such a path becomes as many slashes, which weigh nothing.

import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Sections of a WASM file. */
const [CUSTOM, IMPORTS, EXPORTS, DATA] = [0, 2, 7, 11];
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

const STREAM = /^(?:__wbg_)?intounderlying/;
/** In the script: a class of streams, and what ends its values. */
const STREAM_CLASS = /export class (IntoUnderlying\w+)\{.*?\}Symbol\.dispose&&\(\1\.prototype\[Symbol\.dispose\]=\1\.prototype\.free\);/gs;
const STREAM_END = /,\w+=[^,]*?\{register:\(\)=>\{\},unregister:\(\)=>\{\}\}:new FinalizationRegistry\(\w+=>\w+\.__wbg_intounderlying\w+\(\w+,1\)\)/g;

/** The section of exports, without those of streams. */
function withoutStreams(section) {
  const reader = new Reader(section);
  const parts = [];
  for (let left = reader.number(); left > 0; left--) {
    const name = reader.take(reader.number());
    const what = [reader.take(1), number(reader.number())];
    if (!STREAM.test(name.toString())) parts.push(Buffer.concat([withLength(name), ...what]));
  }
  return Buffer.concat([number(parts.length), ...parts]);
}

const escaped = (text) => text.replace(/[^\w/]/g, '\\$&');
const LIBRARIES = [escaped(join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'registry/src')), '/rustc'].join('|');
const PATH_OF_LIBRARY = new RegExp(`(?:${LIBRARIES})/[\\w./@+-]+?\\.rs`, 'g');

/** The section of data, as long as before, without the paths of libraries. */
const withoutPaths = (section) => Buffer.from(section.toString('latin1').replace(PATH_OF_LIBRARY, (path) => '/'.repeat(path.length)), 'latin1');

/** The WASM with some of its sections made anew. `custom`: with those, too, that browsers pass over. */
function remade(wasm, anew, custom) {
  const reader = new Reader(wasm);
  const parts = [reader.take(HEADER)];
  while (reader.at < wasm.length) {
    const id = reader.take(1);
    const section = reader.take(reader.number());
    if (custom || id[0] !== CUSTOM) parts.push(id, withLength(anew[id[0]]?.(section) ?? section));
  }
  return Buffer.concat(parts);
}

// What only the streams used goes with them. Nothing of a Rust program lies in the first kilobyte: its stack stands there, and ends.
writeFileSync(wasmFile, remade(readFileSync(wasmFile), { [EXPORTS]: withoutStreams }, true));
execFileSync('wasm-opt', ['-Oz', '--converge', '--low-memory-unused', wasmFile, '-o', wasmFile], { stdio: 'inherit' });
const lean = readFileSync(scriptFile, 'utf8').replace(STREAM_CLASS, '').replace(STREAM_END, '');
if (/intounderlying/i.test(lean)) throw new Error(`${scriptFile} still knows of streams`);

const wasm = remade(readFileSync(wasmFile), { [IMPORTS]: renamed, [DATA]: withoutPaths }, false);
const met = new Map();
const script = lean.replace(/[\w$]+/g, (word) => {
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
