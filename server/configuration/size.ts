const units = [
  ["GiB", 1024 ** 3],
  ["MiB", 1024 ** 2],
  ["KiB", 1024],
  ["GB", 1e9],
  ["MB", 1e6],
  ["KB", 1e3],
  ["B", 1],
] as const;

/** Reads `64MiB`, `10MB` or a bare number of bytes; `undefined` when the text is none of them. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(text.trim());
  if (match === null) return undefined;
  const name = match[2] === "" ? "b" : match[2]?.toLowerCase();
  const unit = units.find(([unitName]) => unitName.toLowerCase() === name);
  const bytes = unit === undefined ? Number.NaN : Number(match[1]) * unit[1];
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** Writes bytes in the largest binary unit that says them exactly. */
export function formatSize(bytes: number): string {
  const unit = units.find(([name, size]) => name.endsWith("iB") && bytes >= size && bytes % size === 0);
  return unit === undefined ? `${bytes}B` : `${bytes / unit[1]}${unit[0]}`;
}
