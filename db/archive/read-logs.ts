import { sql } from "drizzle-orm";
import type { LoggedEvent } from "../../schema/core/event.ts";
import { foldLog } from "../../schema/core/fold.ts";
import { isTerminal } from "../../schema/core/interaction.ts";
import type { Step } from "../../schema/core/step.ts";
import { headOf, type InteractionRow, interactionColumns } from "../interaction-head.ts";
import type { Ask } from "./ask.ts";
import { valuesOf } from "./conditions.ts";
import { boundedLimit } from "./sorted-page.ts";

/** Characters of the bodies of events after which a part of a log ends. */
const MOST_CHARACTERS = 1 << 20;

export type Steps = { input: Step[]; output: Step[] };

/** Steps and events of many interactions at once, with the hashes of media. */
export type ReadLogs = {
  steps(ids: readonly string[]): Map<string, Steps>;
  events(ids: readonly string[], after: number, limit: number): Map<string, LoggedEvent[]>;
};

export function createReadLogs(ask: Ask): ReadLogs {
  /** What is under way has its output in its log only. */
  function foldedOutput(row: InteractionRow): Step[] {
    const log = ask.all<EventRow>(sql`
      select sequence, at, body from events where interaction = ${row.key} order by sequence`);
    return foldLog({ ...headOf(row, true), input: [], output: [] }, log.map(loggedEvent)).output;
  }

  return {
    steps(ids) {
      const rows = ask.all<InteractionRow>(sql`
        select ${interactionColumns} from ${valuesOf([...new Set(ids)])} v cross join interactions i on i.id = v.value`);
      const steps = ask.all<{ interaction: number; side: keyof Steps; body: string }>(sql`
        select s.interaction, s.side, s.body from ${valuesOf(rows.map(({ key }) => key))} v
        cross join steps s on s.interaction = v.value order by s.interaction, s.side, s."index"`);
      const found = new Map<number, Steps>(rows.map(({ key }) => [key, { input: [], output: [] }]));
      for (const { interaction, side, body } of steps) found.get(interaction)?.[side].push(JSON.parse(body));
      return new Map(
        rows.map((row) => {
          const { input = [], output = [] } = found.get(row.key) ?? {};
          return [row.id, { input, output: isTerminal(row.status) ? output : foldedOutput(row) }];
        }),
      );
    },

    events(ids, after, limit) {
      const first = Math.max(0, after) + 1;
      const logs = new Map<string, LoggedEvent[]>();
      for (let left = [...new Set(ids)]; left.length > 0; ) {
        // Sequences have no gaps, so the next ones are known by number. To sort would be to read all events before the first
        // is given; a cross join goes through its tables in the order in which they are named, and through a log by its key.
        const rows = ask.each<EventRow & { id: string }>(sql`
          select i.id, e.sequence, e.at, e.body
          from ${valuesOf(left)} v cross join interactions i on i.id = v.value
          cross join events e on e.interaction = i.key
          where e.sequence >= ${first} and e.sequence < ${first + boundedLimit(limit)}`);
        const filled = fill(logs, rows);
        left = filled === undefined ? [] : left.slice(left.indexOf(filled) + 1);
      }
      return logs;
    },
  };
}

/** Adds events to logs until one of them is large; gives the id of that one. */
function fill(logs: Map<string, LoggedEvent[]>, rows: Iterable<EventRow & { id: string }>): string | undefined {
  let characters = 0;
  for (const { id, ...row } of rows) {
    const log = logs.get(id);
    if (log === undefined) {
      logs.set(id, [loggedEvent(row)]);
      characters = 0;
    } else {
      log.push(loggedEvent(row));
    }
    characters += row.body.length;
    if (characters > MOST_CHARACTERS) return id;
  }
  return undefined;
}

type EventRow = { sequence: number; at: number; body: string };

function loggedEvent({ sequence, at, body }: EventRow): LoggedEvent {
  return { sequence, at, event: JSON.parse(body) };
}
