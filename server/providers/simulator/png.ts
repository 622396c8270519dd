import { promisify } from "node:util";
import { crc32, deflate } from "node:zlib";
import { type Picture, TILE } from "./picture.ts";

const compress = promisify(deflate);
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const PALETTE_COLOUR = 3;
const BITS_PER_PIXEL = 8;

/** The picture as a PNG with a palette; compressed off the main thread. */
export async function encodePng(picture: Picture): Promise<Buffer> {
  const { columns, rows, palette, tiles } = picture;
  const width = columns * TILE;
  const height = rows * TILE;
  // Each line begins with its filter type, 0: none.
  const lineLength = width + 1;
  const pixels = Buffer.alloc(lineLength * height);
  for (let row = 0; row < rows; row += 1) {
    const start = row * TILE * lineLength;
    for (let column = 0; column < columns; column += 1) {
      const from = start + 1 + column * TILE;
      pixels.fill(tiles[row * columns + column] ?? 0, from, from + TILE);
    }
    for (let line = 1; line < TILE; line += 1)
      pixels.copy(pixels, start + line * lineLength, start, start + lineLength);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([BITS_PER_PIXEL, PALETTE_COLOUR, 0, 0, 0], 8);
  const data = await compress(pixels);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(palette.flat())),
    chunk("IDAT", data),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), whole.length - 4);
  return whole;
}
