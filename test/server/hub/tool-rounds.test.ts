import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { HubError } from "../../../schema/core/error.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import type { Step } from "../../../schema/core/step.ts";
import { runWithToolServers } from "../../../server/hub/tool-rounds.ts";
import { createSimulator } from "../../../server/providers/simulator/provider.ts";
import { mcpServers } from "../../cases/open-tool-server.ts";
import { callOf, foldOf, saying } from "../../cases/provider.ts";
import { callEvents, pending, runToolRounds } from "../../cases/run-tool-rounds.ts";
import { answerOf, beginningOf, createScriptedProvider } from "../../cases/scripted-provider.ts";
import { PIXEL, type RunningMcpServer, startMcpServer } from "../../cases/start-mcp-server.ts";
import { until } from "../../cases/until.ts";

let server: RunningMcpServer;
const tools = () => [{ type: "mcp_server" as const, name: "weather", url: server.url }];
const forecast = { type: "tool_call", tool: "mcp_server", name: "get_forecast", server_name: "weather" } as const;

beforeAll(async () => {
  server = await startMcpServer();
});
beforeEach(() => {
  server.called.length = 0;
  server.cancelled.length = 0;
});
afterAll(() => server.close());

/** Nothing of the loop is left on the server. */
const nothingLeft = () => until(() => server.sessions() === 0 && server.busy() === 0);

describe("a run with the tools of an MCP server", () => {
  it("calls what the model calls, and gives it the results until it is done", async () => {
    const run = runToolRounds({ tools: tools() });
    const first = await run.provider.nextRun();
    expect(first.call.settings.tools?.[0]).toMatchObject({
      type: "function",
      name: "weather__get_forecast",
      description: "Tells the weather forecast of a city.",
      parameters: { type: "object", properties: { city: { type: "string" } } },
    });
    first.say(...callEvents("weather__get_forecast", { city: "Paris" }), pending);

    const second = await run.provider.nextRun();
    const called: Step = { ...forecast, call_id: "c1", arguments: { city: "Paris" } };
    const result: Step = {
      type: "tool_result",
      tool: "mcp_server",
      call_id: "c1",
      name: "get_forecast",
      server_name: "weather",
      result: { type: "text", text: "Sunny in Paris, 21 degrees" },
    };
    expect(second.call.history).toEqual([saying("Will it rain?"), called]);
    expect(second.call.input).toEqual([result]);
    second.say(...answerOf("No, ", "it is sunny."));

    await run.done;
    const { status, output, usage } = foldOf(run.events);
    expect(status).toBe("completed");
    expect(output).toEqual([
      called,
      result,
      { type: "model_output", content: [{ type: "text", text: "No, it is sunny." }] },
    ]);
    expect(usage).toEqual({ total_tokens: 12 });
    await nothingLeft();
  });

  it("tells a call when it starts, and its arguments whole before it stops", async () => {
    const run = runToolRounds({ tools: tools() });
    const first = await run.provider.nextRun();
    const [start, ...others] = callEvents("weather__add", { a: 1, b: 2 });
    if (start !== undefined) first.say(start);
    await until(() => run.events.length === 1);
    first.say(...others, pending);
    (await run.provider.nextRun()).say(...answerOf("3"));
    await run.done;
    expect(run.events.slice(0, 6)).toEqual([
      {
        type: "step.start",
        step: { type: "tool_call", tool: "mcp_server", call_id: "c1", name: "add", server_name: "weather" },
      },
      { type: "step.delta", delta: { type: "call", arguments: { a: 1, b: 2 } } },
      { type: "step.stop" },
      {
        type: "step.start",
        step: { type: "tool_result", tool: "mcp_server", call_id: "c1", name: "add", server_name: "weather" },
      },
      { type: "step.delta", delta: { type: "result", result: { type: "json", json: { sum: 3 } } } },
      { type: "step.stop" },
    ]);
  });

  it("runs the calls of a round side by side and tells their results in order", async () => {
    const run = runToolRounds({ tools: tools() });
    const waits = [300, 10, 300, 10].map((milliseconds, index) =>
      callEvents("weather__wait", { milliseconds }, { call_id: `c${index}` }),
    );
    (await run.provider.nextRun()).say(...waits.flat(), pending);
    const before = performance.now();
    const second = await run.provider.nextRun();
    expect(performance.now() - before).toBeLessThan(550);
    expect(second.call.input.map((step) => step.type === "tool_result" && step.call_id)).toEqual([
      "c0",
      "c1",
      "c2",
      "c3",
    ]);
    second.say(...answerOf("done"));
    await run.done;
  });

  it("gives the model media, and what failed as an error to go on from", async () => {
    const run = runToolRounds({ tools: tools() });
    const names = ["draw", "fail"];
    const calls = names.flatMap((name) => callEvents(`weather__${name}`, {}, { call_id: name }));
    (await run.provider.nextRun()).say(...calls, pending);
    const second = await run.provider.nextRun();
    expect(second.call.input).toMatchObject([
      { result: { type: "content", content: [{ type: "text" }, { type: "image", data: PIXEL }] } },
      { result: { type: "text", text: "The disk is full." }, is_error: true },
    ]);
    second.say(...answerOf("I see."));
    await run.done;
    expect(foldOf(run.events).status).toBe("completed");
  });

  it("keeps a call's id and signature, and gives both back to the model", async () => {
    const run = runToolRounds({ tools: tools() });
    const signature = { value: "c2ln", provider: "scripted" };
    const [start, ...others] = callEvents("weather__get_forecast", { city: "Paris" }, { call_id: "x", signature });
    const later = { type: "step.delta", delta: { type: "signature", signature } } as const;
    const second = callEvents("weather__get_forecast", { city: "Rome" }, { call_id: "y" });
    const first = await run.provider.nextRun();
    if (start !== undefined) first.say(start, ...others, ...second.slice(0, 3), later, ...second.slice(3), pending);
    const next = await run.provider.nextRun();
    const called = [
      { ...forecast, call_id: "x", signature, arguments: { city: "Paris" } },
      { ...forecast, call_id: "y", signature, arguments: { city: "Rome" } },
    ];
    expect(next.call.history.slice(1)).toEqual(called);
    next.say(...answerOf("ok"));
    await run.done;
    expect(foldOf(run.events).output.slice(0, 2)).toEqual(called);
  });

  it("ends at the client's own functions, when the results of its own calls are there", async () => {
    const own = { type: "function" as const, name: "book", parameters: {} };
    const run = runToolRounds({ tools: [...tools(), own] });
    const first = await run.provider.nextRun();
    const calls = [
      ...callEvents("weather__get_forecast", { city: "Paris" }, { call_id: "a" }),
      ...callEvents("book", { seat: 1 }, { call_id: "b" }),
    ];
    first.say({ type: "upstream", id: "up1" }, ...calls, pending);
    await run.done;
    const { status, output, upstream_id } = foldOf(run.events);
    expect(status).toBe("requires_action");
    expect(output.map((step) => "tool" in step && `${step.type} ${step.tool} ${step.call_id}`)).toEqual([
      "tool_call mcp_server a",
      "tool_call function b",
      "tool_result mcp_server a",
    ]);
    // The upstream has not heard the result, so the next turn must not go on by its id.
    expect(upstream_id).toBeUndefined();
    await nothingLeft();
  });

  it("ends as incomplete when the model calls on and on, and runs no more than it may", async () => {
    const run = runToolRounds({ tools: tools() }, { rounds: 2 });
    for (const call_id of ["a", "b", "c"])
      (await run.provider.nextRun()).say(...callEvents("weather__draw", {}, { call_id }), pending);
    await run.done;
    const { status, errors, output, usage } = foldOf(run.events);
    expect({ status, errors }).toMatchObject({ status: "incomplete", errors: [{ code: "max_tool_rounds" }] });
    expect(server.called).toEqual(["draw", "draw"]);
    expect(output.at(-1)).toMatchObject({ type: "tool_result", call_id: "c", is_error: true });
    expect(usage).toEqual({ total_tokens: 15 });
  });

  it("lets the model go on where its arguments are no JSON object, and keeps their text", async () => {
    const run = runToolRounds({ tools: tools() });
    const [start] = callEvents("weather__add", {});
    const broken = { type: "step.delta", delta: { type: "arguments", text: '{"a": 1,' } } as const;
    const first = await run.provider.nextRun();
    if (start !== undefined) first.say(start, broken, { type: "step.stop" }, pending);
    const second = await run.provider.nextRun();
    expect(second.call.history.at(-1)).toEqual({ ...forecast, name: "add", call_id: "c1", arguments_text: '{"a": 1,' });
    expect(second.call.input).toMatchObject([
      { is_error: true, result: { text: 'The tool was not run: its arguments are not a JSON object: {"a": 1,' } },
    ]);
    expect(server.called).toEqual([]);
    second.say(...answerOf("sorry"));
    await run.done;
  });

  it("runs nothing of an answer that was cut, and leaves no call without a result", async () => {
    const run = runToolRounds({ tools: tools() });
    const errors = [{ code: "max_output_tokens", message: "cut" }];
    const cut: ProviderEvent = { type: "finish", status: "incomplete", errors };
    (await run.provider.nextRun()).say(...callEvents("weather__draw", {}), cut);
    await run.done;
    const { output, ...end } = foldOf(run.events);
    expect(end).toMatchObject({ status: "incomplete", errors });
    expect(output).toMatchObject([{ type: "tool_call" }, { type: "tool_result", is_error: true }]);
    expect(server.called).toEqual([]);
  });

  it("passes on why the provider broke off, after the arguments as far as they came", async () => {
    const run = runToolRounds({ tools: tools() });
    const failure = new HubError("upstream_error", "cut");
    const first = await run.provider.nextRun();
    first.say(...callEvents("weather__add", { a: 1, b: 2 }).slice(0, 2));
    first.fail(failure);
    await expect(run.done).rejects.toBe(failure);
    expect(foldOf(run.events).output).toMatchObject([
      { type: "tool_call", arguments_text: '{"a' },
      { type: "tool_result", is_error: true },
    ]);
    await nothingLeft();
  });

  it("says everything else as the provider says it", async () => {
    const run = runToolRounds({ tools: tools() });
    const own = callEvents("elsewhere", { a: 1 });
    const said = [...beginningOf("a", "b"), { type: "step.stop" } as const, ...own, pending];
    (await run.provider.nextRun()).say(...said);
    await run.done;
    expect(run.events).toEqual(said);
  });
});

describe("a run with the tools of an MCP server that is stopped", () => {
  it("while a tool runs, cancels the call and ends at once", async () => {
    const run = runToolRounds({ tools: tools() });
    (await run.provider.nextRun()).say(...callEvents("weather__wait", { milliseconds: 20_000 }), pending);
    await until(() => server.called.length === 1);
    const said = run.events.length;
    const reason = new HubError("cancelled", "enough");
    const before = performance.now();
    run.controller.abort(reason);
    await expect(run.done).rejects.toBe(reason);
    expect(performance.now() - before).toBeLessThan(500);
    expect(run.events).toHaveLength(said);
    await until(() => server.cancelled.length === 1);
    await nothingLeft();
  });

  it("while the provider speaks, stops the provider and closes the session", async () => {
    const run = runToolRounds({ tools: tools() });
    const first = await run.provider.nextRun();
    first.say(...beginningOf("a"));
    await until(() => run.events.length === 2);
    run.controller.abort();
    await first.left;
    await run.done;
    expect(run.events).toHaveLength(2);
    await nothingLeft();
  });

  it("before it begins, says and opens nothing", async () => {
    const seen = server.seen.length;
    const signal = AbortSignal.abort(new HubError("cancelled", "enough"));
    const provider = createScriptedProvider();
    const call = callOf("scripted-model", "Hi", { tools: tools() });
    const run = runWithToolServers({ provider, call, servers: mcpServers(), rounds: 4, signal });
    await expect(run.next()).rejects.toBe(signal.reason);
    expect(server.seen).toHaveLength(seen);
  });

  it("by a listener that leaves, closes the session", async () => {
    const pace = { token_interval_ms: 0, agent_step_ms: 0 };
    const provider = createSimulator({ name: "simulator", pace, sleep: async () => {} });
    const call = callOf("simulator", "Hi", { tools: tools() });
    const { signal } = new AbortController();
    for await (const _ of runWithToolServers({ provider, call, servers: mcpServers(), rounds: 4, signal })) break;
    await nothingLeft();
  });
});
