import type { JsonObject } from "../../schema/core/json.ts";
import { readSteps } from "../cases/plain-readers.ts";
import type { Dialect } from "./client.ts";

/** How applications speak from release 2.0 on: `steps`. */
export const stepsDialect: Dialect = {
  revision: "steps",
  events: {
    begin: "interaction.created",
    start: "step.start",
    delta: "step.delta",
    stop: "step.stop",
    end: "interaction.completed",
  },
  produced: (resource, inputs = 0) => ((resource.steps ?? []) as JsonObject[]).slice(inputs),
  contents: (produced) =>
    produced.flatMap((step) => (step.type === "model_output" ? ((step.content ?? []) as JsonObject[]) : [])),
  fold: readSteps,
  replayUser: (text) => [{ type: "user_input", content: [{ type: "text", text }] }],
  replayModel: (produced) => [...produced],
  replayResults: (results) => [...results],
  asJson: (schema) => ({ response_format: { type: "text", mime_type: "application/json", schema } }),
  asImage: (aspect_ratio) => ({ response_format: { type: "image", mime_type: "image/png", aspect_ratio } }),
  asAudio: () => ({ response_format: { type: "audio", mime_type: "audio/wav" } }),
};
