import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { HubError } from "../../../schema/core/error.ts";
import type { Settings } from "../../../schema/core/settings.ts";
import { errorStatus } from "../../../schema/interactions/encode-error.ts";
import { refusedStatuses } from "../../../server/providers/simulator/faults.ts";
import { isSimulatorModel, simulates } from "../../../server/providers/simulator/models.ts";
import { simulatorUpstream } from "../../../server/providers/simulator/upstream.ts";
import { callOf, describeProvider, eventsOf, saying } from "../../cases/provider.ts";
import { json, paced, quick, weather } from "../../cases/quick-simulator.ts";

describeProvider("the simulator", {
  create: (pace) => (pace === "quick" ? quick : paced({ token_interval_ms: 60_000, agent_step_ms: 60_000 })),
  calls: new Map([
    ["a greeting", callOf("simulator", "hello")],
    [
      "a question with summaries",
      callOf("gemini-2.5-flash", "why?", { generation_config: { thinking_summaries: "auto" } }),
    ],
    ["a request for weather", callOf("simulator", "The weather in Paris and in London?", { tools: [weather] })],
    ["a search", callOf("simulator", "Search for tides", { tools: [{ type: "google_search" }] })],
    ["a sum to run", callOf("simulator", "Calculate 2+2", { tools: [{ type: "code_execution" }] })],
    ["a request for JSON", callOf("simulator", "hi", json({ type: "object", properties: { a: { type: "string" } } }))],
    ["a request for an image", callOf("simulator", "a cat", { response_format: [{ type: "image" }] })],
    ["research", { agent: "deep-research-preview-04-2026", history: [], input: [saying("Tides")], settings: {} }],
    ["an errand", { agent: "antigravity-preview-05-2026", history: [], input: [saying("2+2")], settings: {} }],
  ]),
});

describe("the simulator's faults", () => {
  const run = (model: string, signal = new AbortController().signal) =>
    eventsOf(quick, callOf(model, "hello there"), signal);

  it.each([
    ["simulator-fault-refuse-400", "invalid_request"],
    ["simulator-fault-refuse-403", "permission_denied"],
    ["simulator-fault-refuse-404", "model_not_found"],
    ["simulator-fault-refuse-502", "upstream_error"],
    ["simulator-fault-refuse-503", "unavailable"],
    ["simulator-fault-refuse-504", "deadline_exceeded"],
    ["simulator-fault-refuse-418", "model_not_found"],
  ])("%s fails before the first event", async (model, code) => {
    await expect(run(model)).rejects.toMatchObject({ code });
  });

  it.each(refusedStatuses)("simulator-fault-refuse-%i is answered with that status", async (status) => {
    const model = `simulator-fault-refuse-${status}`;
    expect(isSimulatorModel(model)).toBe(true);
    const failure = await run(model).catch((error: unknown) => error);
    if (!(failure instanceof HubError)) throw new Error("was not refused");
    expect(errorStatus(failure.code)).toBe(status);
  });

  it("simulator-fault-refuse-429 says when to come again", async () => {
    const failure = await run("simulator-fault-refuse-429").catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(HubError);
    expect(failure).toMatchObject({ code: "rate_limit_exceeded", retryAfter: 1 });
  });

  it("simulator-fault-cut ends without a finish, simulator-fault-fail throws, each after k events", async () => {
    const whole = await run("simulator");
    const events = await run("simulator-fault-cut-5");
    expect(events.map((event) => event.type)).toEqual(whole.slice(0, 5).map((event) => event.type));
    expect(await run("simulator-fault-cut-0")).toEqual([]);
    const said: unknown[] = [];
    const failing = async () => {
      for await (const event of quick.run(callOf("simulator-fault-fail-4", "hi"), new AbortController().signal))
        said.push(event);
    };
    await expect(failing()).rejects.toMatchObject({ code: "upstream_error" });
    expect(said).toHaveLength(4);
  });

  it.each(["simulator-fault-stall", "simulator-fault-stall-3"])(
    "%s says no more until it is aborted",
    async (model) => {
      const controller = new AbortController();
      const running = run(model, controller.signal);
      expect(await Promise.race([running, wait(30, "stalled")])).toBe("stalled");
      controller.abort();
      expect(await running).toHaveLength(Number(/\d+$/.exec(model)?.[0] ?? 0));
    },
  );
});

describe("the simulator's names", () => {
  it("are its own, faults and paces written into them included", () => {
    for (const name of ["simulator", "simulator-slow-5", "simulator-fault-cut-12", "simulator-fault-refuse-413"]) {
      expect([isSimulatorModel(name), simulates(name)], name).toEqual([true, false]);
    }
    const refusals = [200, 408, 409, 418, 500, 4290].map((status) => `simulator-fault-refuse-${status}`);
    for (const name of [...refusals, "simulator-2", "simulator-fault", "gpt-5", "gemini"]) {
      expect([isSimulatorModel(name), simulates(name)], name).toEqual([false, false]);
    }
  });

  it("are Gemini's and the known agents' where it stands in for them", () => {
    expect(["gemini-9-anything", "deep-research-preview-04-2026", "deep-research-x"].map(simulates)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("are answered for by kind, and listed only where they are answered for", async () => {
    const pace = { token_interval_ms: 0, agent_step_ms: 0 };
    const open = simulatorUpstream({ ...pace, answers_for_gemini: true });
    const closed = simulatorUpstream({ ...pace, answers_for_gemini: false });
    const answers = (name: string, kind: "model" | "agent") =>
      [open, closed].map((each) => each.answersFor(name, kind));
    expect(answers("simulator-slow", "model")).toEqual([true, true]);
    expect(answers("gemini-9-anything", "model")).toEqual([true, false]);
    expect(answers("deep-research-preview-04-2026", "agent")).toEqual([true, false]);
    expect(answers("deep-research-preview-04-2026", "model")).toEqual([false, false]);
    expect(answers("simulator", "agent")).toEqual([false, false]);
    for (const { provider, answersFor } of [open, closed]) {
      const models = await provider.models();
      expect(models.length).toBeGreaterThan(0);
      for (const { id, kind } of models) expect(answersFor(id, kind), id).toBe(true);
    }
  });
});

type Target = { model?: string; agent?: string };

describe("the simulator's refusals", () => {
  const research: Target = { agent: "deep-research-preview-04-2026" };
  const simulator: Target = { model: "simulator" };
  const refused: [field: string, settings: Settings, target?: Target][] = [
    ["environment", { environment: "remote" }],
    ["safety_settings", { safety_settings: [] }],
    ["webhook_config", { webhook_config: {} }],
    ["tools[1]", { tools: [{ type: "google_search" }, { type: "google_maps" }] }],
    ["response_format", { response_format: [{ type: "video" }] }],
    ["response_format.mime_type", { response_format: [{ type: "audio", mime_type: "audio/mp3" }] }],
    [
      "response_format[1].aspect_ratio",
      { response_format: [{ type: "text" }, { type: "image", aspect_ratio: "wide" }] },
    ],
    ["response_format[1].image_size", { response_format: [{ type: "text" }, { type: "image", image_size: "8K" }] }],
    [
      "response_format[1].aspect_ratio",
      { response_format: [{ type: "text" }, { type: "image", aspect_ratio: "7:5" }] },
    ],
    [
      "response_format[1].bit_rate",
      { response_format: [{ type: "text" }, { type: "audio", mime_type: "audio/l16", bit_rate: 64_000 }] },
    ],
    ["response_format[1].bit_rate", { response_format: [{ type: "text" }, { type: "audio", bit_rate: -1 }] }],
    ["generation_config.transcription_config", { generation_config: { transcription_config: {} } }],
    ["generation_config.video_config", { generation_config: { video_config: {} } }],
    ["generation_config.speech_config", { generation_config: { speech_config: [{ voice: "Kore" }] } }],
    ["tools[0].search_types[1]", { tools: [{ type: "google_search", search_types: ["web_search", "image_search"] }] }],
    ["generation_config.tool_choice", { generation_config: { tool_choice: "any" } }],
    [
      "generation_config.tool_choice.allowed_tools.tools[0]",
      { tools: [weather], generation_config: { tool_choice: { allowed_tools: { tools: ["no"] } } } },
    ],
    ["agent_config", { agent_config: { type: "deep-research" } }],
    ["agent_config.type", { agent_config: { type: "antigravity" } }, research],
    ["agent_config.visualization", { agent_config: { type: "deep-research", visualization: "3d" } }, research],
    ["agent_config.speed", { agent_config: { type: "deep-research", speed: 1 } }, research],
    ["system_instruction", { system_instruction: "Be brief." }, research],
    ["tools[0]", { tools: [weather] }, research],
    ["system_instruction", { system_instruction: "Be brief." }, { model: "gemini-2.5-flash-preview-tts" }],
  ];

  it.each(refused)("name the member at fault: %s", (field, settings, target = simulator) => {
    expect(quick.refuse({ ...target, input: [saying("hi")], settings })?.field).toBe(field);
  });

  const speech_config = [{ voice: "Kore" }];
  const honoured: [name: string, settings: Settings, target?: Target][] = [
    ["a voice for audio", { generation_config: { speech_config }, response_format: [{ type: "audio" }] }],
    ["a voice for a speech model", { generation_config: { speech_config } }, { model: "gemini-2.5-pro-preview-tts" }],
    ["the shapes of images", { response_format: [{ type: "image", aspect_ratio: "1:8", image_size: "2k" }] }],
    ["penalties", { generation_config: { presence_penalty: 1, frequency_penalty: 1 } }],
    ["a search of the web", { tools: [{ type: "google_search", search_types: ["web_search"] }] }],
  ];
  it.each(honoured)("leave alone what can be honoured: %s", (_, settings, target = simulator) => {
    expect(quick.refuse({ ...target, input: [saying("hi")], settings })).toBeUndefined();
  });

  const badSchemas: [field: string, settings: Settings][] = [
    ["response_format.schema", json({ type: "strng" })],
    ["response_format.schema", json({ $ref: "#/$defs/none" })],
    ["response_format.schema", json({ allOf: [{ type: "string" }, { type: "number" }] })],
    [
      "tools[0].parameters",
      { tools: [{ ...weather, parameters: { type: "object", properties: { city: { type: 5 } } } }] },
    ],
  ];

  it.each(badSchemas)("name the schema at fault before the first event: %s", async (field, settings) => {
    await expect(eventsOf(quick, callOf("simulator", "weather in Paris", settings))).rejects.toMatchObject({
      code: "invalid_request",
      field,
    });
  });
});
