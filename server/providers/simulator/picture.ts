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
/** Sides that differ more than this would leave no room for tiles. */
const MOST_RATIO = 16;

/** Whether an aspect ratio is two positive numbers with a colon, and not all too long. */
export function isAspectRatio(text: string): boolean {
  const ratio = ratioOf(text);
  return ratio !== undefined && ratio <= MOST_RATIO && ratio >= 1 / MOST_RATIO;
}

/** Whether an image size is one that the simulator makes. */
export function isImageSize(text: string): boolean {
  return Object.hasOwn(edges, text);
}

/** A picture of about the asked shape: its area is that of the asked size (256 × 256 where none is asked). */
export function paint(random: Random, aspectRatio = "1:1", imageSize?: string): Picture {
  const ratio = ratioOf(aspectRatio) ?? 1;
  const edge = (imageSize === undefined ? undefined : edges[imageSize]) ?? DEFAULT_EDGE;
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

function ratioOf(text: string): number | undefined {
  const match = /^(\d{1,4}):(\d{1,4})$/.exec(text);
  const ratio = Number(match?.[1]) / Number(match?.[2]);
  return Number.isFinite(ratio) && ratio > 0 ? ratio : undefined;
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
