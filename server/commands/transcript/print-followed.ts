import type { WireEvent } from "../client/follow-interaction.ts";
import type { CommandContext } from "../command-context.ts";
import type { OutputStream } from "../process.ts";
import { jsonLine } from "../terminal/json-line.ts";
import { createPaint } from "../terminal/paint.ts";
import { EventPrinter } from "./event-printer.ts";
import { exitCodeOf, type Outcome, outcomeAfter, unknownOutcome } from "./outcome.ts";

/**
 * Prints the events of an interaction while they come, as lines of JSON or for people, and says how it ended. Gives the
 * exit code. `asides` takes what is not the answer itself.
 */
export async function printFollowed(
  { outside, json, quiet }: CommandContext,
  events: AsyncIterable<WireEvent>,
  asides: OutputStream,
): Promise<number> {
  const paint = createPaint(outside.env, asides);
  const printer = new EventPrinter({ answers: outside.output, asides: quiet ? undefined : asides, paint });
  let outcome = unknownOutcome;
  try {
    for await (const event of events) {
      outcome = outcomeAfter(outcome, event);
      if (json) await outside.output.write(jsonLine(event));
      else await printer.print(event);
    }
  } finally {
    await printer.endLine();
  }
  if (!json) await printer.aside(paint(exitCodeOf(outcome) === 0 ? "dim" : "yellow", endLine(outcome)));
  if (outcome.failure !== undefined) await outside.errors.write(`interactions-hub: ${outcome.failure}\n`);
  return exitCodeOf(outcome);
}

function endLine({ status = "unknown", tokens }: Outcome): string {
  return tokens === undefined ? `(${status})` : `(${status}, ${tokens} tokens)`;
}
