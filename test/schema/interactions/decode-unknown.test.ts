import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Interaction } from "../../../schema/core/interaction.ts";
import type { JsonObject, JsonValue } from "../../../schema/core/json.ts";
import type { Settings } from "../../../schema/core/settings.ts";
import { decodeCreate } from "../../../schema/interactions/decode-create.ts";
import { encodeInteraction } from "../../../schema/interactions/encode-interaction.ts";
import { encodeRequestSettings } from "../../../schema/interactions/encode-settings.ts";
import { encodeStep } from "../../../schema/interactions/encode-step.ts";
import { begunInteraction } from "../../cases/begun-interaction.ts";

const create = (members: JsonObject) => decodeCreate({ model: "m", input: "hi", ...members }, "steps").request;

/** Members that hold more than the hub knows, each with the path of the stranger and where it is kept. */
const strangers: [members: JsonObject, field: string, kept: Settings][] = [
  [{ future: { a: [null] } }, "future", { extra: { future: { a: [null] } } }],
  [{ future: null }, "future", { extra: { future: null } }],
  [
    { generation_config: { temperature: 1, top_k: 4 } },
    "generation_config.top_k",
    { generation_config: { temperature: 1, extra: { top_k: 4 } } },
  ],
  [
    { generation_config: { extra: { seed: 1 } } },
    "generation_config.extra",
    { generation_config: { extra: { extra: { seed: 1 } } } },
  ],
  [
    { generation_config: { seed: 1, tool_choice: { allowed_tools: { mode: "any", future: 1 } } } },
    "generation_config.tool_choice.allowed_tools.future",
    { generation_config: { seed: 1, extra: { tool_choice: { allowed_tools: { mode: "any", future: 1 } } } } },
  ],
  [
    { generation_config: { speech_config: [{ voice: "Kore", pitch: 2 }] } },
    "generation_config.speech_config[0].pitch",
    { generation_config: { extra: { speech_config: [{ voice: "Kore", pitch: 2 }] } } },
  ],
  [
    { generation_config: { transcription_config: { language_codes: ["de"], future: 1 } } },
    "generation_config.transcription_config.future",
    { generation_config: { extra: { transcription_config: { language_codes: ["de"], future: 1 } } } },
  ],
  [
    { generation_config: { image_config: { image_size: "1K", future: 1 } } },
    "generation_config.image_config.future",
    { generation_config: { extra: { image_config: { image_size: "1K", future: 1 } } } },
  ],
  [
    { tools: [{ type: "google_search" }, { type: "tool_search", depth: 2 }] },
    "tools[1].type",
    { tools: [{ type: "google_search" }, { type: "other", raw: { type: "tool_search", depth: 2 } }] },
  ],
  [
    { tools: [{ type: "other", raw: { type: "function" } }] },
    "tools[0].type",
    { tools: [{ type: "other", raw: { type: "other", raw: { type: "function" } } }] },
  ],
  [
    { tools: [{ type: "function", name: "f", strict: true }] },
    "tools[0].strict",
    { tools: [{ type: "other", raw: { type: "function", name: "f", strict: true } }] },
  ],
  [
    { response_format: [{ type: "text" }, { type: "hologram", depth: 2 }] },
    "response_format[1].type",
    { extra: { response_format: [{ type: "text" }, { type: "hologram", depth: 2 }] } },
  ],
  [
    { response_format: { type: "image", future: 1 } },
    "response_format.future",
    { extra: { response_format: { type: "image", future: 1 } } },
  ],
  [
    { safety_settings: [{ type: "a", threshold: "b", future: 1 }] },
    "safety_settings[0].future",
    { extra: { safety_settings: [{ type: "a", threshold: "b", future: 1 }] } },
  ],
];

describe("what the hub does not know of a request", () => {
  it.each(strangers)("is kept as it came, with the refusal that it deserves, in %j", (members, field, kept) => {
    const request = create(members);
    expect(request.settings).toStrictEqual(kept);
    expect(request.unknown).toHaveLength(1);
    expect(request.unknown?.[0]?.field).toBe(field);
    expect(request.unknown?.[0]?.message).toMatch(/^Unknown parameter|is not supported for 'type'/);
    // An upstream that speaks this wire gets it back, and so does whoever reads the interaction.
    expect(encodeRequestSettings(request.settings)).toEqual(members);
    expect(readOf(request.settings, "steps")).toMatchObject(members);
  });

  it.each(strangers)("is nothing that a reader of the legacy revision gets to see, in %j", (members) => {
    const read = readOf(create(members).settings, "legacy");
    expect(JSON.stringify(read)).not.toMatch(/future|top_k|pitch|strict|depth/);
  });

  it("does not excuse what is wrong beside it", () => {
    expect(() => create({ future: 1, stream: "yes" })).toThrow("at 'stream'");
    expect(() => create({ generation_config: { future: 1, seed: "x" } })).toThrow("at 'generation_config.seed'");
    expect(() => create({ tools: [{ type: "function", name: "a b", future: 1 }] })).toThrow("at 'tools[0].name'");
    expect(() => create({ response_format: { type: "image", future: 1, mime_type: "x" } })).toThrow("mime_type");
    expect(() => create({ continuation_token: "t", future: 1 })).toThrow("'continuation_token' is not supported");
  });

  it("is refused where it must be merged with older members", () => {
    expect(() => create({ response_format: { type: "image", future: 1 }, response_modalities: ["image"] })).toThrow(
      "Unknown parameter 'future'",
    );
  });

  it("counts among the functions where it is one", () => {
    const twice: JsonObject[] = [
      { type: "function", name: "f", strict: true },
      { type: "function", name: "f" },
    ];
    expect(() => create({ tools: twice })).toThrow("declared twice");
  });

  it("may be called __proto__ without harm", () => {
    for (const at of ["", "generation_config"]) {
      const stranger = JSON.parse('{"__proto__":{"polluted":1}}');
      const { settings } = create(at === "" ? stranger : { [at]: stranger });
      expect(JSON.stringify(encodeRequestSettings(settings))).toContain('"__proto__":{"polluted":1}');
      expect("polluted" in {}).toBe(false);
    }
  });

  it("is entered in the order in which it stands", () => {
    const { unknown } = create({ first: 1, tools: [{ type: "second" }], generation_config: { third: 1 }, fourth: 1 });
    expect(unknown?.map(({ field }) => field)).toEqual(["first", "fourth", "tools[0].type", "generation_config.third"]);
  });

  it("shows no secrets when it is read", () => {
    const tools: JsonObject[] = [
      { type: "mcp_server", name: "s", headers: { authorization: "secret" }, future: 1 },
      { type: "future_tool", config: { api_key: "secret", size: 1 } },
      { type: "function", name: "f", future: 1, parameters: { type: "object", properties: { headers: {} } } },
    ];
    const { settings } = create({ tools });
    expect(encodeRequestSettings(settings)).toEqual({ tools });
    expect(readOf(settings, "steps").tools).toEqual([
      { type: "mcp_server", name: "s", future: 1 },
      { type: "future_tool", config: { size: 1 } },
      tools[2] ?? {},
    ]);
  });
});

const text = { type: "text", text: "a" };
const hologram = { type: "hologram", depth: [1, null] };

/** Inputs with a stranger: its place, and how many steps they are. */
const inputs: [input: JsonValue, field: string, steps: JsonValue][] = [
  [[{ type: "message", body: 1 }], "input[0].type", [{ type: "message", body: 1 }]],
  [[{ type: "functon_call", id: "c" }], "input[0].type", [{ type: "functon_call", id: "c" }]],
  [[text, hologram], "input[1].type", [{ type: "user_input", content: [text, hologram] }]],
  [
    [{ type: "user_input", content: [text] }, hologram],
    "input[1].type",
    [{ type: "user_input", content: [text] }, hologram],
  ],
  [
    [{ type: "user_input", content: [hologram, text] }],
    "input[0].content[0].type",
    [{ type: "user_input", content: [hologram, text] }],
  ],
  [
    [{ type: "thought", summary: [hologram] }, text],
    "input[0].summary[0].type",
    [
      { type: "thought", summary: [hologram] },
      { type: "user_input", content: [text] },
    ],
  ],
  [
    [{ type: "function_result", call_id: "c", result: [text, hologram] }],
    "input[0].result[1].type",
    [{ type: "function_result", call_id: "c", result: [text, hologram] }],
  ],
  [
    [{ role: "user", content: [text, hologram] }],
    "input[0].content[1].type",
    [{ type: "user_input", content: [text, hologram] }],
  ],
];

describe("what the hub does not know of an input", () => {
  it.each(inputs)("is kept whole in %j", (input, field, steps) => {
    const request = create({ input });
    expect(request.unknown?.map((entry) => entry.field)).toEqual([field]);
    expect(request.input.map(encodeStep)).toEqual(steps);
    expect(create({ input: steps }).input).toStrictEqual(request.input);
  });

  it("cannot be a step that stands where only contents can", () => {
    expect(() => create({ input: [{ type: "user_input", content: [{ type: "thought" }] }] })).toThrow(
      "not supported for 'type' at 'input[0].content[0]'",
    );
  });

  it("is left out for readers of the legacy revision", () => {
    const { input } = create({ input: [{ type: "user_input", content: [text, hologram] }, { type: "message" }] });
    const read = encodeInteraction(interactionWith({ input, output: input }), "legacy", "read", {
      include_input: true,
    });
    expect(read.input).toEqual([{ role: "user", content: [text] }]);
    expect(read.outputs).toEqual([]);
  });
});

it("a request's settings come back from the wire as they went", () => {
  const word = fc.stringMatching(/^[a-z]{3,8}$/);
  const members = fc.record(
    {
      system_instruction: word,
      tools: fc.uniqueArray(
        fc.oneof(
          fc.record({ type: fc.constant("function"), name: word }),
          fc.record({ type: fc.constant("google_search") }),
          fc.record({ type: fc.constant("mcp_server"), name: word, headers: fc.dictionary(word, word) }),
          fc.record({ type: word.map((name) => `x_${name}`), members: word }),
        ),
        { maxLength: 3, selector: (tool) => JSON.stringify(tool) },
      ),
      generation_config: fc.record(
        {
          seed: fc.integer(),
          temperature: fc.constantFrom(0, 0.5, 2),
          x_member: word,
          thinking_level: fc.constant("low"),
        },
        { requiredKeys: [] },
      ),
      response_format: fc.constantFrom(
        { type: "image", aspect_ratio: "1:1" },
        { type: "x_format" },
        { type: "text", schema: { type: "object" }, mime_type: "application/json" },
      ),
      labels: fc.dictionary(word, word),
      service_tier: word,
      environment: fc.constantFrom("remote", { type: "remote", env: { a: "secret" } }),
      x_member: word,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(members, (given) => {
      const body: JsonObject = JSON.parse(JSON.stringify(given));
      const { settings } = create(body);
      expect(encodeRequestSettings(settings)).toEqual(body);
      expect(create(encodeRequestSettings(settings)).settings).toStrictEqual(settings);
    }),
  );
});

function interactionWith(members: Partial<Interaction>): Interaction {
  return { ...begunInteraction({ provider: "test" }), status: "completed", ...members };
}

function readOf(settings: Settings, revision: "steps" | "legacy"): JsonObject {
  return encodeInteraction(interactionWith({ settings }), revision, "read");
}
