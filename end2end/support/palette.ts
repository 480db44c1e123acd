// Makes a picture that is kept a third as large: by at most 256 colours, the most frequent of those that look different. A shade at the
// edge of a letter becomes the nearest of them, which no comparison sees.

import { readFileSync, writeFileSync } from 'node:fs';
import { PNG } from 'pngjs';
import { encode } from './pictures';

const COLOURS = 256;

/** How far apart two of them are at least, squared. So the few letters of a rare colour have one, too. */
const APART = 6 ** 2;

/** Where a PNG says how its colours are kept, and that they are in a palette. */
const COLOUR_TYPE = { at: 25, palette: 3 };

type Rgb = [red: number, green: number, blue: number];

const rgb = (colour: number): Rgb => [colour >>> 16, (colour >>> 8) & 255, colour & 255];

/** How far a colour is from each in a palette, squared. */
function distances(colour: number, palette: Rgb[]): number[] {
  const [red, green, blue] = rgb(colour);
  return palette.map(([r, g, b]) => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2);
}

function nearest(colour: number, palette: Rgb[]): number {
  const far = distances(colour, palette);
  return far.indexOf(Math.min(...far));
}

/** Returns the colours that are kept, of all, the most frequent first. */
function kept(colours: number[]): Rgb[] {
  const palette: Rgb[] = [];
  for (const colour of colours) {
    if (palette.length < COLOURS && distances(colour, palette).every((it) => it >= APART)) palette.push(rgb(colour));
  }
  return palette;
}

/** Does nothing to a file that is small already. */
export function makeSmall(file: string): void {
  const before = readFileSync(file);
  if (before[COLOUR_TYPE.at] === COLOUR_TYPE.palette) return;
  const { width, height, data } = PNG.sync.read(before);
  // Pages have no holes: without the channel that says how opaque a pixel is.
  const colours = Uint32Array.from({ length: width * height }, (_, n) => data.readUInt32BE(n * 4) >>> 8);
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const palette = kept([...counts.keys()].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0)));
  const places = new Map([...counts.keys()].map((colour) => [colour, nearest(colour, palette)]));
  const rows = Buffer.alloc((width + 1) * height);
  colours.forEach((colour, n) => (rows[Math.floor(n / width) * (width + 1) + 1 + (n % width)] = places.get(colour) ?? 0));
  writeFileSync(file, encode(width, height, rows, Buffer.from(palette.flat())));
}
