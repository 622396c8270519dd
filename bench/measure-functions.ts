import type { LoggedEvent } from "../schema/core/event.ts";
import { blank, foldLog } from "../schema/core/fold.ts";
import type { Interaction } from "../schema/core/interaction.ts";
import { decodeCreate } from "../schema/interactions/decode-create.ts";
import { createStreamEncoder, wireRecord } from "../schema/interactions/encode-stream.ts";
import type { Measurement } from "./measurement.ts";
import { plainCreate } from "./scenarios.ts";
import { summarise } from "./summary.ts";

const LOG_EVENTS = 200;

/** The pure functions that every request or event goes through, alone, so that a slower one is noticed by its name. */
export function measureFunctions(quick: boolean): Measurement[] {
  const { interaction, log } = sample();
  const body = plainCreate.body ?? "";
  const millis = quick ? 100 : 300;
  const measure = (name: string, times: number, run: () => unknown): Measurement => ({
    name,
    unit: "µs",
    hub: summarise(Array.from({ length: 5 }, () => timeOf(run, millis) / times)),
  });
  return [
    measure("function: parse and decode a create", 1, () => decodeCreate(JSON.parse(body), "steps")),
    measure("function: encode a text delta, steps", log.length, () => encodeAll(interaction, log, "steps")),
    measure("function: encode a text delta, legacy", log.length, () => encodeAll(interaction, log, "legacy")),
    measure(`function: fold a text delta, of ${log.length}`, log.length, () => foldLog(blank(interaction), log)),
  ];
}

function encodeAll(interaction: Interaction, log: readonly LoggedEvent[], revision: "steps" | "legacy"): string {
  const encode = createStreamEncoder(interaction, revision);
  let text = "";
  for (const logged of log) for (const event of encode(logged)) text += wireRecord(event);
  return text;
}

/** Microseconds for one run, over at least so many milliseconds; the first stretch only warms up. */
function timeOf(run: () => unknown, millis: number): number {
  let runs = 0;
  const stretch = (length: number) => {
    const start = performance.now();
    runs = 0;
    while (performance.now() - start < length) {
      run();
      runs += 1;
    }
    return ((performance.now() - start) * 1000) / runs;
  };
  stretch(millis / 3);
  return stretch(millis);
}

function sample(): { interaction: Interaction; log: LoggedEvent[] } {
  const at = Date.UTC(2026, 0, 1);
  const { request } = decodeCreate(JSON.parse(plainCreate.body ?? ""), "steps");
  const id = "v1_ChctUDZ0T1RCSS0tLUxiejhyemxGbUg1UBIXLVA2dE9UQkktLS1MYno4cnpsRm1INVA";
  const interaction: Interaction = {
    id,
    root_id: id,
    status: "in_progress",
    provider: "simulator",
    model: "gemini-2.5-flash",
    revision: "steps",
    store: true,
    background: false,
    created_at: at,
    updated_at: at,
    settings: request.settings,
    input: request.input,
    output: [],
  };
  const deltas = Array.from(
    { length: LOG_EVENTS - 2 },
    (_, place): LoggedEvent => ({
      sequence: place + 3,
      at,
      event: { type: "step.delta", index: 0, delta: { type: "text", text: " harbour" } },
    }),
  );
  return {
    interaction,
    log: [
      { sequence: 1, at, event: { type: "status", status: "in_progress" } },
      { sequence: 2, at, event: { type: "step.start", index: 0, step: { type: "model_output", content: [] } } },
      ...deltas,
    ],
  };
}
