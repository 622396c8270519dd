import { keepsTarget, type Measurement } from "./measurement.ts";
import type { Summary } from "./summary.ts";

const headings = ["measure", "unit", "hub", "(low to high)", "target", "", "bare node:http", "hub / bare"] as const;
const textColumns = new Set<number>([0, 1, 5]);

/** A table for the terminal: medians, the spread of the repetitions, and whether the target was kept. */
export function printTable(measurements: readonly Measurement[]): void {
  const rows = [[...headings], ...measurements.map(cellsOf)];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const [index, row] of rows.entries()) {
    const cells = row.map((cell, column) =>
      textColumns.has(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    console.log(cells.join("  ").trimEnd());
    if (index === 0) console.log("-".repeat(cells.join("  ").length));
  }
}

function cellsOf(measurement: Measurement): string[] {
  const { name, unit, hub, bare } = measurement;
  const kept = keepsTarget(measurement);
  return [
    name,
    unit,
    figure(hub.median),
    spread(hub),
    target(measurement),
    kept === undefined ? "" : kept ? "ok" : "OVER",
    bare === undefined ? "" : figure(bare.median),
    bare === undefined || bare.median === 0 ? "" : figure(hub.median / bare.median),
  ];
}

function target({ target }: Measurement): string {
  if (target === undefined) return "";
  return "atMost" in target ? `≤ ${figure(target.atMost)}` : `≥ ${figure(target.atLeast)}`;
}

function spread({ low, high }: Summary): string {
  return low === high ? "" : `(${figure(low)} to ${figure(high)})`;
}

/** Three digits that count, and thousands apart. */
function figure(value: number): string {
  const decimals = value === 0 || value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  return value.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
