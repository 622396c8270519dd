import { setTimeout as wait } from "node:timers/promises";
import type { Interaction } from "../../schema/core/interaction.ts";
import type { JsonObject } from "../../schema/core/json.ts";
import type { Settings } from "../../schema/core/settings.ts";
import type { Step } from "../../schema/core/step.ts";
import type { FunctionTool } from "../../schema/core/tool.ts";
import type { Provider } from "../../schema/provider.ts";
import { createSimulator, type Pace } from "../../server/providers/simulator/provider.ts";
import { callOf, eventsOf, foldOf } from "./provider.ts";

/** A simulator that never waits, and says so if it should. */
export const quick = createSimulator({
  name: "sim",
  standsIn: true,
  pace: { token_interval_ms: 0, agent_step_ms: 0 },
  sleep: () => Promise.reject(new Error("must not sleep")),
});

/** A simulator that waits in real time. */
export function paced(pace: Pace): Provider {
  return createSimulator({
    name: "sim",
    standsIn: true,
    pace,
    sleep: (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
  });
}

export const weather: FunctionTool = {
  type: "function",
  name: "get_weather",
  description: "Get the current weather in a city",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

/** Settings that ask for JSON by a schema. */
export function json(schema: JsonObject): Settings {
  return { response_format: [{ type: "text", mime_type: "application/json", schema }] };
}

/** What comes of one thing said. */
export async function outputOf(text: string, settings: Settings = {}, history: Step[] = []): Promise<Interaction> {
  return foldOf(await eventsOf(quick, callOf("simulator", text, settings, history)));
}

/** The text of all answers among steps. */
export function textIn(steps: readonly Step[]): string {
  return steps
    .flatMap((step) => (step.type === "model_output" ? step.content : []))
    .map((content) => (content.type === "text" ? content.text : ""))
    .join("");
}

/** The text that comes of one thing said. */
export async function textOf(text: string, settings: Settings = {}, history: Step[] = []): Promise<string> {
  return textIn((await outputOf(text, settings, history)).output);
}
