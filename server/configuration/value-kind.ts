import { z } from "zod";
import { formatDuration, parseDuration } from "./duration.ts";
import { formatSize, parseSize } from "./size.ts";

/** How values of one sort are read from text (flag, environment) or YAML, shown in `--help`, and written back. */
export type ValueKind<Value> = {
  placeholder: string;
  schema: z.ZodType<Value, unknown>;
  write(value: Value): unknown;
};

const longestShown = 60;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

/** Builds a kind from a function that reads one value, or gives `undefined` for what is not `expected`. */
export function valueKind<Value>(
  placeholder: string,
  expected: string,
  read: (value: unknown) => Value | undefined,
  write: (value: Value) => unknown = (value) => value,
): ValueKind<Value> {
  const schema = z.unknown().transform((value, context): Value => {
    const result = read(value);
    if (result !== undefined) return result;
    const instead = value === undefined ? "" : `, not ${shown(value)}`;
    context.addIssue({ code: "custom", message: `expected ${expected}${instead}` });
    return z.NEVER;
  });
  return { placeholder, schema, write };
}

/** Builds a kind for values that no message may repeat: `read` gives the value, or says what is wrong without it. */
export function quietKind<Value>(
  placeholder: string,
  read: (value: unknown) => { value: Value } | { wrong: string },
  write: (value: Value) => unknown = (value) => value,
): ValueKind<Value> {
  const schema = z.unknown().transform((value, context): Value => {
    const result = read(value);
    if ("value" in result) return result.value;
    context.addIssue({ code: "custom", message: result.wrong });
    return z.NEVER;
  });
  return { placeholder, schema, write };
}

/** Text that matches a pattern. */
export function text(placeholder: string, expected: string, pattern: RegExp): ValueKind<string> {
  return valueKind(placeholder, expected, (value) =>
    typeof value === "string" && pattern.test(value) ? value : undefined,
  );
}

export function wholeNumber(least: number, most: number): ValueKind<number> {
  return valueKind("number", `a whole number from ${least} to ${most}`, (value) => {
    const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
    return Number.isInteger(number) && Number(number) >= least && Number(number) <= most ? Number(number) : undefined;
  });
}

export function choice<const Option extends string>(options: readonly Option[]): ValueKind<Option> {
  return valueKind(options.join("|"), `one of ${options.join(", ")}`, (value) => options.find((one) => one === value));
}

const yesAndNo: readonly [unknown, boolean][] = [
  [true, true],
  ["true", true],
  [false, false],
  ["false", false],
];

export function yesOrNo(): ValueKind<boolean> {
  const words = new Map(yesAndNo);
  return valueKind("true|false", "true or false", (value) => words.get(value));
}

/** Yes, no, or as fits. */
export function yesNoOrAuto(): ValueKind<boolean | "auto"> {
  const words = new Map<unknown, boolean | "auto">([...yesAndNo, ["auto", "auto"]]);
  return valueKind("auto|true|false", "auto, true or false", (value) => words.get(value));
}

export function size(least: number, most: number): ValueKind<number> {
  const expected = `a size like 64MiB, from ${formatSize(least)} to ${formatSize(most)}`;
  const read = (value: unknown): number | undefined => {
    const bytes = typeof value === "string" ? parseSize(value) : value;
    return Number.isInteger(bytes) && Number(bytes) >= least && Number(bytes) <= most ? Number(bytes) : undefined;
  };
  return valueKind("size", expected, read, formatSize);
}

export function duration(least: number, most: number): ValueKind<number> {
  const expected = `a time like 30s, 10m, 1h or 55d, from ${formatDuration(least)} to ${formatDuration(most)}`;
  const read = (value: unknown): number | undefined => {
    const milliseconds = typeof value === "string" ? parseDuration(value) : undefined;
    return milliseconds !== undefined && milliseconds >= least && milliseconds <= most ? milliseconds : undefined;
  };
  return valueKind("time", expected, read, formatDuration);
}

/** A duration, or `forever`; written `forever` or null in YAML, and null as a value. */
export function durationOrForever(least: number, most: number): ValueKind<number | null> {
  const limited = duration(least, most).schema;
  const read = (value: unknown): number | null | undefined =>
    value === null || value === "forever" ? null : limited.safeParse(value).data;
  return valueKind("time|forever", "a time like 1h or 55d, or forever", read, (value) =>
    value === null ? "forever" : formatDuration(value),
  );
}

/** A file or folder. The shell expands `~`, a YAML file does not; taking it literally would create a folder named `~`. */
export function path(placeholder: string): ValueKind<string> {
  return valueKind(placeholder, "a path (with ~ written out)", (value) =>
    typeof value === "string" && value.trim() !== "" && !/^~(?:[/\\]|$)/.test(value) && !value.includes("\0")
      ? value
      : undefined,
  );
}

/** Several values: a list in YAML, separated by commas in text; the text `none` is the empty list. */
export function list(
  placeholder: string,
  expected: string,
  read: (item: string) => string | undefined,
): ValueKind<string[]> {
  return valueKind(placeholder, expected, (value) => {
    const items = typeof value === "string" ? splitList(value) : value;
    if (!Array.isArray(items)) return undefined;
    const results = items.map((item) => (typeof item === "string" ? read(item) : undefined));
    return results.every((result) => result !== undefined) ? results : undefined;
  });
}

function splitList(text: string): string[] {
  return text.trim() === "none" ? [] : text.split(",").map((item) => item.trim());
}
