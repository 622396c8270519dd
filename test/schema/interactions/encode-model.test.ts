import { describe, expect, it } from "vitest";
import { encodeModel } from "../../../schema/interactions/encode-model.ts";

describe("a model in the list", () => {
  it("has Gemini's camelCase members", () => {
    expect(
      encodeModel({
        id: "m",
        kind: "model",
        provider: "local",
        display_name: "M",
        description: "Small.",
        version: "1",
        input_token_limit: 8,
        output_token_limit: 4,
        thinking: true,
      }),
    ).toStrictEqual({
      name: "models/m",
      baseModelId: "m",
      version: "1",
      displayName: "M",
      description: "Small.",
      inputTokenLimit: 8,
      outputTokenLimit: 4,
      supportedGenerationMethods: ["createInteraction"],
      thinking: true,
    });
  });

  it("leaves out what the upstream does not tell", () => {
    expect(encodeModel({ id: "a", kind: "agent", provider: "local" })).toStrictEqual({
      name: "agents/a",
      baseModelId: "a",
      displayName: "a",
      supportedGenerationMethods: ["createInteraction"],
    });
  });
});
