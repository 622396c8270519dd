/** Rows in columns as wide as their widest cell; the last one is as long as it is. Cells hold no colours. */
export function table(
  rows: readonly (readonly string[])[],
  paint: (line: string, row: number) => string = (line) => line,
): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  const lines = rows.map((row, place) => {
    const cells = row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)));
    return `${paint(cells.join("  ").trimEnd(), place)}\n`;
  });
  return lines.join("");
}
