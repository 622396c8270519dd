import { describe, expect, it } from "vitest";
import type { Interaction } from "../../../schema/core/interaction.ts";
import type { JsonObject } from "../../../schema/core/json.ts";
import { encodeInteraction } from "../../../schema/interactions/encode-interaction.ts";
import { endedInteraction, readLegacy, readReply } from "../../cases/recorded-log.ts";

const ended: Interaction = {
  id: "v1_child",
  root_id: "v1_root",
  previous_id: "v1_root",
  status: "completed",
  model: "m",
  provider: "local",
  revision: "steps",
  store: true,
  background: true,
  created_at: Date.UTC(2026, 0, 1, 0, 0, 0, 999),
  updated_at: Date.UTC(2026, 0, 1, 0, 0, 2),
  settings: {},
  input: [
    {
      type: "tool_result",
      tool: "function",
      call_id: "c",
      name: "f",
      result: { type: "json", json: { ok: true } },
    },
  ],
  output: [{ type: "model_output", content: [{ type: "text", text: "done" }] }],
};

function without(object: JsonObject, ...keys: string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

describe("the reply to a create", () => {
  it.each(["basic", "tool-call-step1", "google-search", "multi-turn-stateless-turn2"])(
    "is in the steps revision as recorded in %s",
    (name) => {
      const recorded = readReply(name);
      const encoded = encodeInteraction(endedInteraction(recorded, recorded.steps as JsonObject[]), "steps", "create");
      expect(encoded).toStrictEqual(recorded);
      expect(Object.keys(encoded)).toEqual(Object.keys(recorded));
    },
  );

  it.each(["non_streaming_multi_turn-0", "tool_calling_multiple_tools-3"])(
    "is in the legacy revision as recorded in %s",
    (name) => {
      const recorded = readLegacy(name).body as JsonObject;
      const encoded = encodeInteraction(
        endedInteraction(recorded, recorded.outputs as JsonObject[]),
        "legacy",
        "create",
      );
      expect(encoded).toStrictEqual(recorded);
      expect(Object.keys(encoded)).toEqual(Object.keys(recorded));
    },
  );

  it("does not echo the settings", () => {
    const settings = { system_instruction: "Be brief.", labels: { team: "a" } };
    expect(encodeInteraction({ ...ended, settings }, "steps", "create")).not.toHaveProperty("labels");
  });

  it.each(["steps", "legacy"] as const)("is only identity and state while it runs, in the %s revision", (revision) => {
    expect(encodeInteraction({ ...ended, status: "in_progress", output: [] }, revision, "create")).toStrictEqual({
      id: "v1_child",
      status: "in_progress",
      created: "2026-01-01T00:00:00Z",
      updated: "2026-01-01T00:00:02Z",
      object: "interaction",
      model: "m",
      previous_interaction_id: "v1_root",
    });
  });
});

describe("the reply to a read", () => {
  it("shows the own timeline, input first, in the steps revision", () => {
    const encoded = encodeInteraction(ended, "steps", "read", { include_input: true });
    expect(encoded.steps).toStrictEqual([
      { call_id: "c", type: "function_result", name: "f", result: { ok: true } },
      { content: [{ text: "done", type: "text" }], type: "model_output" },
    ]);
    expect(encoded).not.toHaveProperty("input");
  });

  it("shows only outputs in the legacy revision, and the input when it is asked for", () => {
    const encoded = encodeInteraction(ended, "legacy", "read");
    expect(encoded.outputs).toStrictEqual([{ text: "done", type: "text" }]);
    expect(encoded).not.toHaveProperty("input");
    expect(encodeInteraction(ended, "legacy", "read", { include_input: true })).toStrictEqual({
      ...encoded,
      input: [{ role: "user", content: [{ call_id: "c", type: "function_result", name: "f", result: { ok: true } }] }],
    });
  });

  it("shows what there is while it runs", () => {
    const encoded = encodeInteraction({ ...ended, status: "in_progress" }, "steps", "read");
    expect(encoded.status).toBe("in_progress");
    expect(encoded.steps).toHaveLength(2);
  });

  it("echoes the settings under the names of the steps revision", () => {
    const settings: Interaction["settings"] = {
      system_instruction: "Be brief.",
      generation_config: { seed: 7 },
      response_format: [{ type: "text", mime_type: "application/json", schema: { type: "object" } }],
      labels: { team: "a" },
      service_tier: "flex",
    };
    const plain = encodeInteraction(ended, "steps", "read");
    expect(without(encodeInteraction({ ...ended, settings }, "steps", "read"), ...Object.keys(plain))).toStrictEqual({
      system_instruction: "Be brief.",
      generation_config: { seed: 7 },
      response_format: { type: "text", mime_type: "application/json", schema: { type: "object" } },
      labels: { team: "a" },
    });
    expect(plain.service_tier).toBe("standard");
    expect(encodeInteraction({ ...ended, settings }, "steps", "read").service_tier).toBe("flex");
  });

  it("echoes formats the way the legacy revision asks for them", () => {
    const settings: Interaction["settings"] = {
      generation_config: { seed: 7 },
      response_format: [
        { type: "text", schema: { type: "object" } },
        { type: "image", aspect_ratio: "1:1" },
      ],
    };
    const encoded = encodeInteraction({ ...ended, settings }, "legacy", "read");
    expect(encoded).not.toHaveProperty("generation_config");
    expect(encoded).toMatchObject({
      response_format: { type: "object" },
      response_mime_type: "application/json",
      response_modalities: ["text", "image"],
    });
  });

  it.each(["steps", "legacy"] as const)("gives no secret of the request back in the %s revision", (revision) => {
    const settings: Interaction["settings"] = {
      tools: [
        { type: "mcp_server", name: "m", url: "https://example.com", headers: { authorization: "hunter2" } },
        { type: "retrieval", exa_ai_search_config: { api_key: "hunter2", custom_config: {} } },
      ],
      environment: { type: "remote", env: { TOKEN: "hunter2" } },
    };
    const text = JSON.stringify(encodeInteraction({ ...ended, settings }, revision, "read"));
    expect(text).not.toContain("hunter2");
    expect(text).toContain("https://example.com");
  });

  it.each(["steps", "legacy"] as const)("says why it failed, in the %s revision", (revision) => {
    const errors = [{ code: "interrupted", message: "The server stopped." }];
    const encoded = encodeInteraction({ ...ended, status: "failed", errors }, revision, "read");
    expect(encoded.errors).toStrictEqual([{ code: "interrupted", message: "The server stopped." }]);
  });

  it("speaks of an agent as an agent", () => {
    const { model: _model, ...rest } = ended;
    const encoded = encodeInteraction({ ...rest, agent: "researcher" }, "legacy", "read");
    expect(encoded).toMatchObject({ role: "agent", agent: "researcher" });
    expect(encoded).not.toHaveProperty("model");
  });
});
