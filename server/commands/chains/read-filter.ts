import type { InteractionFilter } from "../../../schema/archive.ts";
import { type Status, statuses } from "../../../schema/core/interaction.ts";
import { usageError } from "../parser/usage-error.ts";

export type FilterFlags = { model?: string[]; status?: string[]; label?: string[]; since?: string };

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

/** The filter that flags stand for; empty where there are none. `now` is in milliseconds since 1970. */
export function readFilter({ model, status, label, since }: FilterFlags, now: number): Omit<InteractionFilter, "text"> {
  return {
    ...(model === undefined ? {} : { model }),
    ...(status === undefined ? {} : { status: status.map(statusOf) }),
    ...(label === undefined ? {} : { labels: label.map(labelOf) }),
    ...(since === undefined ? {} : { created_from: timeOf(since, now) }),
  };
}

function statusOf(word: string): Status {
  const status = statuses.find((known) => known === word);
  if (status !== undefined) return status;
  throw usageError(`--status: expected one of ${statuses.join(", ")}, not "${word}"`);
}

function labelOf(text: string): { key: string; value?: string } {
  const sign = text.indexOf("=");
  return sign === -1 ? { key: text } : { key: text.slice(0, sign), value: text.slice(sign + 1) };
}

function timeOf(text: string, now: number): number {
  const [, count, unit] = /^(\d{1,9})([smhdw])$/.exec(text) ?? [];
  if (count !== undefined && isUnit(unit)) return Math.max(0, now - Number(count) * units[unit]);
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw usageError(`--since: expected a time such as 2026-11-27T09:00Z, a day, or a span such as 2h, not "${text}"`);
}

function isUnit(unit: string | undefined): unit is keyof typeof units {
  return unit !== undefined && unit in units;
}
