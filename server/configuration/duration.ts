const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
] as const;

/** Reads `55d`, `1h`, `30m`, `10s` or `500ms` as milliseconds; `undefined` when the text is none of them. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?(d|h|m|s|ms)$/i.exec(text.trim());
  const unit = units.find(([name]) => name === match?.[2]?.toLowerCase());
  const milliseconds = unit === undefined ? Number.NaN : Number(match?.[1]) * unit[1];
  return Number.isSafeInteger(milliseconds) ? milliseconds : undefined;
}

/** Writes milliseconds in the largest unit that says them exactly. */
export function formatDuration(milliseconds: number): string {
  const [name, length] = units.find(([, size]) => milliseconds >= size && milliseconds % size === 0) ?? ["ms", 1];
  return `${milliseconds / length}${name}`;
}
