import { keepsTarget, type Measurement } from "./measurement.ts";
import type { Summary } from "./summary.ts";

const headings = ["measure", "hub", "low to high", "target", "", "bare node:http", "cost"] as const;
const textColumns = new Set([0, 4]);

/** A table for the terminal: medians, the spread of the repetitions, and whether the target was kept. */
export function printTable(measurements: readonly Measurement[]): void {
  const rows = [[...headings], ...measurements.map(cellsOf)];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const [index, row] of rows.entries()) {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return textColumns.has(column) ? cell.padEnd(width) : cell.padStart(width);
    });
    const line = cells.join("  ");
    console.log(line.trimEnd());
    if (index === 0) console.log("-".repeat(line.length));
  }
}

function cellsOf(measurement: Measurement): string[] {
  const { name, unit, hub, bare } = measurement;
  const kept = keepsTarget(measurement);
  return [
    name,
    withUnit(hub.median, unit),
    spread(hub),
    targetOf(measurement),
    kept === undefined ? "" : kept ? "ok" : "OVER",
    bare === undefined ? "" : withUnit(bare.median, unit),
    bare === undefined ? "" : ratio(hub, bare, unit),
  ];
}

function targetOf({ target, unit }: Measurement): string {
  if (target === undefined) return "";
  return "atMost" in target ? `≤ ${withUnit(target.atMost, unit)}` : `≥ ${withUnit(target.atLeast, unit)}`;
}

/** How much more the hub costs; for a rate, that is how much less it does in the same time. */
function ratio(hub: Summary, bare: Summary, unit: Measurement["unit"]): string {
  if (unit === "") return "";
  return `× ${figure(unit === "/s" ? bare.median / hub.median : hub.median / bare.median)}`;
}

function spread({ low, high }: Summary): string {
  return low === high ? "" : `${figure(low)} to ${figure(high)}`;
}

function withUnit(value: number, unit: Measurement["unit"]): string {
  return unit === "/s" ? `${figure(value)}/s` : `${figure(value)} ${unit}`.trimEnd();
}

/** Three digits that count, and thousands apart. */
function figure(value: number): string {
  const decimals = Number.isInteger(value) || value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  return value.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
