import type { JsonObject } from "../../schema/core/json.ts";
import { readOutputs } from "../cases/plain-readers.ts";
import type { Dialect } from "./client.ts";

const mediaTypes = ["text", "image", "audio", "video", "document"];

/** How applications spoke up to release 1.52: `outputs` and turns. */
export const legacyDialect: Dialect = {
  revision: "legacy",
  events: {
    begin: "interaction.start",
    start: "content.start",
    delta: "content.delta",
    stop: "content.stop",
    end: "interaction.complete",
  },
  produced: (resource) => (resource.outputs ?? []) as JsonObject[],
  contents: (produced) => produced.filter((output) => mediaTypes.includes(String(output.type))),
  fold: readOutputs,
  replayUser: (text) => [{ role: "user", content: text }],
  replayModel: (produced) => [{ role: "model", content: [...produced] }],
  replayResults: (results) => [{ role: "user", content: [...results] }],
  asJson: (schema) => ({ response_mime_type: "application/json", response_format: schema }),
  asImage: (aspect_ratio) => ({
    response_modalities: ["image"],
    generation_config: { image_config: { aspect_ratio } },
  }),
  // As the documentation of that time wrote it, although the enumeration was in lower case.
  asAudio: () => ({ response_modalities: ["AUDIO"] }),
};
