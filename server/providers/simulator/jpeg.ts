import { type Picture, TILE } from "./picture.ts";

/** Quantisation by which the one coefficient of a tile of one colour is just that colour. */
const STEP = 8;
/** Code words (bits, length) of the standard table for differences of brightness, by their category. */
const codes = [
  [0b00, 2],
  [0b010, 3],
  [0b011, 3],
  [0b100, 3],
  [0b101, 3],
  [0b110, 3],
  [0b1110, 4],
  [0b11110, 5],
  [0b111110, 6],
] as const;
const CODE_COUNTS = [0, 1, 5, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
/** The only other symbol is "no more coefficients", written as one zero bit. */
const END_COUNTS = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/** The picture as a baseline JPEG. A tile is a block of one colour, so each block is its mean and nothing else. */
export function encodeJpeg(picture: Picture): Buffer {
  const width = picture.columns * TILE;
  const height = picture.rows * TILE;
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, [...Buffer.from("JFIF\0"), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    segment(0xdb, [0, ...Array<number>(64).fill(STEP)]),
    segment(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]),
    segment(0xc4, [0x00, ...CODE_COUNTS, ...codes.keys()]),
    segment(0xc4, [0x10, ...END_COUNTS, 0]),
    segment(0xda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
    scan(picture),
    Buffer.from([0xff, 0xd9]),
  ]);
}

function segment(marker: number, body: readonly number[]): Buffer {
  const length = body.length + 2;
  return Buffer.from([0xff, marker, length >> 8, length & 255, ...body]);
}

function scan({ palette, tiles }: Picture): Buffer {
  const colours = palette.map(([red, green, blue]) => [
    Math.round(0.299 * red + 0.587 * green + 0.114 * blue) - 128,
    Math.round(-0.168736 * red - 0.331264 * green + 0.5 * blue),
    Math.round(0.5 * red - 0.418688 * green - 0.081312 * blue),
  ]);
  // At most 6 + 8 + 1 bits for each of three components, and a zero after each byte of ones.
  const bytes = Buffer.alloc(tiles.length * 12 + 16);
  let length = 0;
  let bits = 0;
  let bitCount = 0;
  function write(value: number, size: number): void {
    bits = (bits << size) | value;
    bitCount += size;
    while (bitCount >= 8) {
      const byte = (bits >> (bitCount - 8)) & 255;
      bitCount -= 8;
      bytes[length++] = byte;
      if (byte === 255) bytes[length++] = 0;
    }
    bits &= (1 << bitCount) - 1;
  }
  const previous = [0, 0, 0];
  for (const tile of tiles) {
    const colour = colours[tile] ?? previous;
    for (let component = 0; component < 3; component += 1) {
      const value = Math.min(127, colour[component] ?? 0);
      const difference = value - (previous[component] ?? 0);
      previous[component] = value;
      const category = difference === 0 ? 0 : 32 - Math.clz32(Math.abs(difference));
      const [code, size] = codes[category] ?? codes[0];
      write(code, size);
      write(difference < 0 ? difference + (1 << category) - 1 : difference, category);
      write(0, 1);
    }
  }
  // The last byte is filled with ones, as the format asks.
  if (bitCount > 0) write((1 << (8 - bitCount)) - 1, 8 - bitCount);
  return bytes.subarray(0, length);
}
