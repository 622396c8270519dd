import type { Random } from "./random.ts";

/** A mosaic of tiles, each of one colour: small to store, and sharp in every encoding. */
export type Picture = {
  /** Tiles a row, and rows. */
  columns: number;
  rows: number;
  /** Colours as red, green, blue; tiles name them by place. */
  palette: readonly (readonly [number, number, number])[];
  /** The colour of each tile, row by row. */
  tiles: Uint8Array;
};

/** Pixels along each side of a tile. */
export const TILE = 8;

const SHADES = 16;
const DEFAULT_EDGE = 256;
const edges: Readonly<Record<string, number>> = { "512": 512, "1K": 1024, "2K": 2048, "4K": 4096 };

/** The shapes that pictures can have. */
export const aspectRatios: readonly string[] = "1:1 2:3 3:2 3:4 4:3 4:5 5:4 9:16 16:9 21:9 1:8 8:1 1:4 4:1".split(" ");

/** The sizes that pictures can have; requests may write them in any case. */
export const imageSizes: readonly string[] = Object.keys(edges);

/** A picture of about the asked shape: its area is that of the asked size (256 × 256 where none is asked). */
export function paint(random: Random, aspectRatio = "1:1", imageSize?: string): Picture {
  const [across = 1, down = 1] = aspectRatio.split(":").map(Number);
  const ratio = across / down;
  const edge = (imageSize === undefined ? undefined : edges[imageSize.toUpperCase()]) ?? DEFAULT_EDGE;
  const columns = Math.max(1, Math.round((edge * Math.sqrt(ratio)) / TILE));
  const rows = Math.max(1, Math.round(edge / Math.sqrt(ratio) / TILE));
  const [from, to] = [colour(random), colour(random)];
  const palette = Array.from({ length: SHADES }, (_, shade) => blend(from, to, shade / (SHADES - 1)));
  const [slant, wave] = [random.next(), 1 + random.next() * 3];
  const tiles = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const across = (column / columns) * slant + (row / rows) * (1 - slant);
      const ripple = Math.sin((column / columns) * Math.PI * wave) * Math.cos((row / rows) * Math.PI * wave) * 0.25;
      tiles[row * columns + column] = Math.round(Math.min(1, Math.max(0, across + ripple)) * (SHADES - 1));
    }
  }
  return { columns, rows, palette, tiles };
}

function colour(random: Random): readonly [number, number, number] {
  return [random.integer(0, 255), random.integer(0, 255), random.integer(0, 255)];
}

function blend(
  from: readonly [number, number, number],
  to: readonly [number, number, number],
  share: number,
): [number, number, number] {
  return [mixed(from[0], to[0], share), mixed(from[1], to[1], share), mixed(from[2], to[2], share)];
}

function mixed(from: number, to: number, share: number): number {
  return Math.round(from + (to - from) * share);
}
