// Pictures for uploads.

import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

/** A file as Playwright's `setInputFiles` and `multipart` take it. */
export interface Picture {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

type Colour = [red: number, green: number, blue: number];

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const head = Buffer.alloc(4);
  const tail = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  tail.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, tail]);
}

/** Returns a PNG. Each row begins with its filter, none. With a palette, three bytes a colour, a pixel is a place in it; else it is RGB. */
export function encode(width: number, height: number, rows: Buffer, palette?: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits for a place or a channel.
  header.set([8, palette ? 3 : 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...(palette ? [chunk('PLTE', palette)] : []),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Returns a PNG whose left half has one colour and whose right half has another. */
export function picture(width = 900, height = 600, left: Colour = [190, 70, 40], right: Colour = [30, 90, 120]): Picture {
  const row = Buffer.from([0, ...Array.from({ length: width }, (_, x) => (x < width / 2 ? left : right)).flat()]);
  return { name: 'eu.png', mimeType: 'image/png', buffer: encode(width, height, Buffer.concat(Array(height).fill(row))) };
}

/** Returns a PNG of about this many bytes. It is noise, because that compresses badly. */
export function heavyPicture(bytes: number): Picture {
  const width = 1000;
  const height = Math.ceil(bytes / (width * 3 + 1));
  const rows = randomBytes(height * (width * 3 + 1));
  for (let y = 0; y < height; y++) rows[y * (width * 3 + 1)] = 0;
  return { name: 'pesada.png', mimeType: 'image/png', buffer: encode(width, height, rows) };
}
