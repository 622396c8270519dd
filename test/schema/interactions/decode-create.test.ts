import { describe, expect, it } from "vitest";
import { HubError } from "../../../schema/core/error.ts";
import { CreateRequest } from "../../../schema/core/interaction.ts";
import { createMembers, decodeCreate } from "../../../schema/interactions/decode-create.ts";
import { dispositionOf } from "../../../schema/interactions/wire/disposition.ts";
import { wireSchemas } from "../../../schema/interactions/wire-schemas.ts";

const said = [{ type: "user_input", content: [{ type: "text", text: "hi" }] }];

describe("a create", () => {
  it("needs no more than a model and an input", () => {
    expect(decodeCreate({ model: "m", input: "hi" }, "steps")).toStrictEqual({
      request: { model: "m", input: said, store: true, background: false, revision: "steps", settings: {} },
      stream: false,
    });
  });

  it("gives everything that it says", () => {
    const body = {
      agent: "deep-research-preview-04-2026",
      input: "hi",
      previous_interaction_id: "v1_x",
      background: true,
      store: true,
      stream: true,
      agent_config: { type: "deep-research", thinking_summaries: "auto" },
    };
    const { request, stream } = decodeCreate(body, "legacy");
    expect(stream).toBe(true);
    expect(request).toStrictEqual({
      agent: "deep-research-preview-04-2026",
      input: said,
      previous_interaction_id: "v1_x",
      store: true,
      background: true,
      revision: "legacy",
      settings: { agent_config: body.agent_config },
    });
    expect(CreateRequest.parse(request)).toStrictEqual(request);
  });

  it("may name a model as the list of models does", () => {
    expect(decodeCreate({ model: "models/m", input: "hi" }, "steps").request.model).toBe("m");
    expect(decodeCreate({ model: "tuned/m", input: "hi" }, "steps").request.model).toBe("tuned/m");
    expect(decodeCreate({ agent: "agents/a", input: "hi" }, "steps").request.agent).toBe("a");
  });

  it("takes null for absent wherever it stands", () => {
    const nulls = Object.fromEntries([...createMembers].map((name) => [name, null]));
    const body = { ...nulls, cached_content: null, continuation_token: null, model: "m", input: "hi" };
    expect(decodeCreate(body, "steps")).toStrictEqual(decodeCreate({ model: "m", input: "hi" }, "steps"));
  });

  it("may leave an agent to go on without a word, but no model", () => {
    const goesOn = { previous_interaction_id: "v1_x" };
    expect(decodeCreate({ agent: "a", ...goesOn }, "steps").request.input).toStrictEqual([]);
    expect(() => decodeCreate({ model: "m", ...goesOn }, "steps")).toThrow(/^Missing input\.$/);
    expect(() => decodeCreate({ agent: "a" }, "steps")).toThrow(/^Missing input\.$/);
  });

  it("reads every member that the contract describes, and refuses those that it says are refused", () => {
    const { CreateInteraction, LegacyCreateInteraction } = wireSchemas;
    const described = { ...CreateInteraction.shape, ...LegacyCreateInteraction.shape };
    const refused = Object.entries(described).filter(([, member]) => dispositionOf(member)?.startsWith("refused"));
    for (const [name] of refused) {
      expect(() => decodeCreate({ model: "m", input: "hi", [name]: "x" }, "steps")).toThrow(HubError);
    }
    const isRead = (name: string) => !refused.some(([other]) => other === name);
    expect(Object.keys(described).filter(isRead).sort()).toEqual([...createMembers].filter(isRead).sort());
  });
});

type Refused = [body: unknown, code: HubError["code"], field: string | undefined, message: string];

const contradictions: Refused[] = [
  [[], "invalid_request", undefined, "Request body must be a JSON object, received an array."],
  [null, "invalid_request", undefined, "Request body must be a JSON object, received null."],
  [{ input: "hi" }, "invalid_request", "model", "Missing 'model' or 'agent'."],
  [{ model: "m", agent: "a", input: "hi" }, "invalid_request", "agent", "Only one of 'model' and 'agent' can be set."],
  [
    { model: "models/", input: "hi" },
    "invalid_request",
    "model",
    "Invalid value at 'model': expected a name, received the string 'models/'.",
  ],
  [
    { model: "m", input: "hi", store: false, background: true },
    "failed_precondition",
    "background",
    "background=true requires store=true.",
  ],
  [
    { model: "m", input: "hi", background: true, webhook_config: { uris: ["https://x"] } },
    "invalid_request",
    "webhook_config",
    "'webhook_config' is not supported: this server delivers no webhooks.",
  ],
  [
    {
      model: "m",
      input: "hi",
      tools: [{ type: "function", name: "f" }, { type: "code_execution" }, { type: "function", name: "f" }],
    },
    "invalid_request",
    "tools[2].name",
    "The function 'f' at 'tools[2]' is declared twice.",
  ],
  [
    { model: "m", input: "hi", agent_config: { type: "dynamic" } },
    "invalid_request",
    "agent_config",
    "'agent_config' cannot be used with 'model': it needs 'agent'.",
  ],
  [
    { agent: "a", input: "hi", generation_config: {} },
    "invalid_request",
    "generation_config",
    "'generation_config' cannot be used with 'agent': use 'agent_config'.",
  ],
  [
    { agent: "deep-research-max-preview-04-2026", input: "hi" },
    "failed_precondition",
    "background",
    "Agent 'deep-research-max-preview-04-2026' requires background=true.",
  ],
  [
    { agent: "deep-research-x", input: "hi", background: true, system_instruction: "be brief" },
    "invalid_request",
    "system_instruction",
    "Agent 'deep-research-x' does not support 'system_instruction'.",
  ],
  [
    { model: "m", input: "hi", continuation_token: "t" },
    "invalid_request",
    "continuation_token",
    "'continuation_token' is not supported: this server never issues one.",
  ],
  [
    { model: "m", input: "hi", cached_content: "c" },
    "invalid_request",
    "cached_content",
    "Unknown parameter 'cached_content'.",
  ],
  [
    { model: "m", input: "hi", previous_interaction_id: "" },
    "invalid_request",
    "previous_interaction_id",
    "Invalid value at 'previous_interaction_id': expected the id of a stored interaction, received an empty string.",
  ],
];

describe("a create is refused", () => {
  it.each(contradictions)("when it is %j", (body, code, field, message) => {
    let refused: unknown;
    try {
      decodeCreate(body, "steps");
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(HubError);
    expect(refused).toMatchObject({ code, field, message });
  });
});
