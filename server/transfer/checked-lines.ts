import { MOST_LINE_BYTES } from "../../schema/transfer/records.ts";
import type { StoredInteraction } from "../../schema/transfer.ts";
import { eventLine, interactionLine, stepLine } from "./export-lines.ts";
import { InteractionCheck } from "./interaction-check.ts";
import { recordOf } from "./read-record.ts";
import { wrong } from "./wrong-file.ts";

/** Characters of lines that are held until they are written; those of a longer log are read again. */
const MOST_HELD = 1 << 20;

/** The lines of an interaction but for its `close`, how many of them are steps and events, and the hashes of its media. */
export type CheckedLines = {
  lines: Iterable<string> | AsyncIterable<string>;
  steps: number;
  events: number;
  media: readonly string[];
};

/**
 * Checks an interaction just as an import would. Throws a `HubError` where one would not take it, since a file with it could
 * not be imported at all.
 */
export async function checkedLines(stored: StoredInteraction): Promise<CheckedLines> {
  let check: InteractionCheck | undefined;
  let held: string[] | undefined = [];
  let characters = 0;
  for await (const line of linesOf(stored)) {
    characters += line.length;
    if (characters > MOST_HELD) held = undefined;
    held?.push(line);
    refuseLong(line);
    const record = recordOf(line);
    if (record.type === "interaction") check = new InteractionCheck(record);
    else if (record.type === "step") check?.addStep(record, line.length);
    else if (record.type === "event") check?.addEvent(record);
  }
  if (check === undefined) throw new Error("An interaction has a line of its own.");
  check.end();
  const media = await stored.media();
  const { steps, events, media: named } = check;
  if (media.length !== named.size || media.some((sha256) => !named.has(sha256))) {
    throw wrong("its media are not those that its steps and events name.");
  }
  return { lines: held ?? linesOf(stored), steps, events, media };
}

async function* linesOf(stored: StoredInteraction): AsyncGenerator<string, void, void> {
  yield interactionLine(await stored.head());
  for await (const page of stored.steps()) for (const step of page) yield stepLine(step);
  for await (const page of stored.events()) for (const event of page) yield eventLine(event);
}

/** No character has more than three bytes for each of its units, and hardly any line is so long. */
function refuseLong(line: string): void {
  if (line.length * 3 < MOST_LINE_BYTES || Buffer.byteLength(line) < MOST_LINE_BYTES) return;
  throw wrong(`a line of it is longer than ${MOST_LINE_BYTES} bytes.`);
}
