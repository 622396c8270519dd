import { describe, expect, it } from "vitest";
import { encodeModel, encodePublisherModel } from "../../../schema/interactions/encode-model.ts";

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

describe("a model in Vertex's list", () => {
  it("has Vertex's members, and its publisher's name", () => {
    expect(
      encodePublisherModel({
        id: "m",
        kind: "model",
        provider: "local",
        display_name: "M",
        description: "Small.",
        version: "1",
        input_token_limit: 8,
      }),
    ).toStrictEqual({
      name: "publishers/google/models/m",
      versionId: "1",
      displayName: "M",
      description: "Small.",
    });
  });

  it("leaves out what the upstream does not tell", () => {
    expect(encodePublisherModel({ id: "m", kind: "model", provider: "local" })).toStrictEqual({
      name: "publishers/google/models/m",
      displayName: "m",
    });
  });
});
