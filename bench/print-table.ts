import { keepsTarget, type Measurement } from "./measurement.ts";
import type { Summary } from "./summary.ts";

type Rival = "bare" | "pipe" | "direct";

const headings = ["measure", "hub", "low to high", "target", ""] as const;
const rivalHeadings = {
  bare: "bare node:http",
  pipe: "node:http pipe",
  direct: "called directly",
} satisfies Record<Rival, string>;
const textColumns = new Set([0, 4]);

/** A table for the terminal: medians, the spread of the repetitions, and whether the target was kept. */
export function printTable(measurements: readonly Measurement[]): void {
  const rivals = (["bare", "pipe", "direct"] as const).filter((rival) => measurements.some((one) => rival in one));
  const heading = [...headings, ...rivals.flatMap((rival) => [rivalHeadings[rival], "cost"])];
  const rows = [heading, ...measurements.map((measurement) => cellsOf(measurement, rivals))];
  const widths = heading.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
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

function cellsOf(measurement: Measurement, rivals: readonly Rival[]): string[] {
  const { name, unit, hub } = measurement;
  const kept = keepsTarget(measurement);
  return [
    name,
    withUnit(hub.median, unit),
    spread(hub),
    targetOf(measurement),
    kept === undefined ? "" : kept ? "ok" : "OVER",
    ...rivals.flatMap((rival) => rivalCells(measurement, rival)),
  ];
}

function rivalCells(measurement: Measurement, rival: Rival): [string, string] {
  const { unit, hub, [rival]: other } = measurement;
  return other === undefined ? ["", ""] : [withUnit(other.median, unit), ratio(hub, other, unit)];
}

function targetOf({ target, unit }: Measurement): string {
  if (target === undefined) return "";
  return "atMost" in target ? `≤ ${withUnit(target.atMost, unit)}` : `≥ ${withUnit(target.atLeast, unit)}`;
}

/** How much more the hub costs; for a rate, that is how much less it does in the same time. */
function ratio(hub: Summary, other: Summary, unit: Measurement["unit"]): string {
  if (unit === "") return "";
  return `× ${figure(unit === "/s" ? other.median / hub.median : hub.median / other.median)}`;
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
