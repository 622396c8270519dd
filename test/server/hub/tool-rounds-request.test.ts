import { describe, expect, it } from "vitest";
import { HubError } from "../../../schema/core/error.ts";
import type { Settings } from "../../../schema/core/settings.ts";
import type { Step } from "../../../schema/core/step.ts";
import type { Tool } from "../../../schema/core/tool.ts";
import type { ToolServer, ToolServers } from "../../../schema/tool-server.ts";
import { foldOf, saying } from "../../cases/provider.ts";
import { callEvents, pending, runToolRounds, type ToolRoundsRunOptions } from "../../cases/run-tool-rounds.ts";
import { answerOf } from "../../cases/scripted-provider.ts";

/** Servers whose tools follow from their URL (`a,b`), and what has become of them. */
function fakeServers(open?: (url: string) => Promise<void>) {
  const closed: string[] = [];
  const servers: ToolServers = {
    refuse: ({ url }, field) => (url === undefined ? { field: `${field}.url`, message: "no URL" } : undefined),
    async open({ url = "" }, _field, signal) {
      await Promise.race([open?.(url), new Promise((_, reject) => (signal.onabort = () => reject(signal.reason)))]);
      const server: ToolServer = {
        tools: url.split(",").map((name) => ({ name })),
        call: async (tool) => ({ result: { type: "text", text: `${tool} ran` }, is_error: false }),
        close: async () => void closed.push(url),
      };
      return server;
    },
  };
  return { servers, closed };
}

const server = (name: string, url: string): Tool => ({ type: "mcp_server", name, url });
const own = (name: string): Tool => ({ type: "function", name, parameters: {} });

function run(settings: Settings, options: ToolRoundsRunOptions = {}) {
  const fake = fakeServers();
  return { ...runToolRounds(settings, { servers: fake.servers, ...options }), closed: fake.closed };
}

async function refusalOf(promise: Promise<unknown>): Promise<HubError> {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  if (!(error instanceof HubError)) throw new Error("no refusal");
  return error;
}

describe("what a provider is given in place of MCP servers", () => {
  it("has their tools as functions where the servers stood", async () => {
    const tools = [own("first"), server("one", "a,b"), { type: "google_search" as const }, server("two", "a")];
    const { provider } = run({ tools });
    const { call } = await provider.nextRun();
    expect(call.settings.tools).toEqual([
      own("first"),
      { type: "function", name: "one__a" },
      { type: "function", name: "one__b" },
      { type: "google_search" },
      { type: "function", name: "two__a" },
    ]);
  });

  it.each([
    [["first"], ["first"]],
    [["one"], ["one__a", "one__b"]],
    [["b"], ["one__b"]],
    [["a"], ["one__a", "two__a"]],
    [["two__a", "two"], ["two__a"]],
    [["unknown"], ["unknown"]],
  ])("allows by %j the functions %j", async (names, functions) => {
    const tool_choice = { allowed_tools: { mode: "auto" as const, tools: names } };
    const tools = [own("first"), server("one", "a,b"), server("two", "a")];
    const { provider } = run({ tools, generation_config: { tool_choice, seed: 3 } });
    const { call } = await provider.nextRun();
    expect(call.settings.generation_config).toEqual({
      seed: 3,
      tool_choice: { allowed_tools: { mode: "auto", tools: functions } },
    });
  });

  it.each<[Settings["generation_config"], Settings["generation_config"]]>([
    [{ tool_choice: "any" }, { tool_choice: "auto" }],
    [{ tool_choice: { allowed_tools: { mode: "any" } } }, { tool_choice: { allowed_tools: { mode: "auto" } } }],
    [{ tool_choice: "validated" }, { tool_choice: "validated" }],
    [undefined, undefined],
  ])("demands a call in the first round only: %j", async (generation_config, later) => {
    const { provider } = run({ tools: [server("one", "a")], ...(generation_config && { generation_config }) });
    const first = await provider.nextRun();
    expect(first.call.settings.generation_config).toEqual(generation_config);
    first.say(...callEvents("one__a", {}), pending);
    expect((await provider.nextRun()).call.settings.generation_config).toEqual(later);
  });

  it("goes on from the upstream's own id of the round before, and tells the last id only", async () => {
    const history = [saying("Hi"), saying("again")];
    const call = { history, history_by: ["other", "other"], anchor: { id: "up0", steps: 2 } };
    const { provider, events, done } = run({ tools: [server("one", "a")] }, { call });
    const first = await provider.nextRun();
    expect(first.call.anchor).toEqual({ id: "up0", steps: 2 });
    first.say({ type: "upstream", id: "up1" }, ...callEvents("one__a", {}), pending);
    const second = await provider.nextRun();
    expect(second.call.anchor).toEqual({ id: "up1", steps: 4 });
    expect(second.call.history).toHaveLength(4);
    expect(second.call.history_by).toEqual(["other", "other", "scripted", "scripted"]);
    second.say(...callEvents("one__a", {}, { call_id: "c2" }), pending);
    const third = await provider.nextRun();
    expect(third.call.anchor).toEqual({ id: "up1", steps: 4 });
    third.say({ type: "upstream", id: "up3" }, ...answerOf("done"));
    await done;
    expect(events.filter((event) => event.type === "upstream")).toEqual([{ type: "upstream", id: "up3" }]);
    expect(foldOf(events).upstream_id).toBe("up3");
  });
});

describe("what an upstream could not be given in a run over tools", () => {
  it("is told once, with the paths of the request and of the chain", async () => {
    const history = [saying("Hi")];
    const tools = [own("first"), server("one", "a,b"), own("last")];
    const { provider, events, done } = run({ tools }, { call: { history } });
    const first = await provider.nextRun();
    const seed = { field: "generation_config.seed", message: "left out" };
    const degraded = (...fields: string[]) => ({
      type: "degraded" as const,
      degradations: [seed, ...fields.map((field) => ({ field, message: "changed" }))],
    });
    first.say(degraded("history[0]", "input[0].content[0]", "tools[2].parameters", "tools[3].parameters"));
    first.say(...callEvents("one__a", {}), pending);
    const second = await provider.nextRun();
    second.say(degraded("history[0]", "history[1].content[0]", "history[2]", "input[0]"), ...answerOf("done"));
    await done;
    expect(foldOf(events).degraded).toEqual([
      seed,
      { field: "history[0]", message: "changed" },
      { field: "input[0].content[0]", message: "changed" },
      { field: "tools[1]", message: "The tool 'b' of the MCP server 'one': changed" },
      { field: "tools[2].parameters", message: "changed" },
      { field: "history[2]", message: "changed" },
      { field: "history[3]", message: "changed" },
    ]);
  });

  it("includes a mode that a single server cannot have", async () => {
    const tool: Tool = { type: "mcp_server", name: "one", url: "a", allowed_tools: ["a", { mode: "validated" }] };
    const { events, provider } = run({ tools: [own("first"), tool] });
    await provider.nextRun();
    expect(events).toMatchObject([{ type: "degraded", degradations: [{ field: "tools[1].allowed_tools[1].mode" }] }]);
  });
});

describe("a request whose MCP servers cannot be had", () => {
  it.each<[string, Tool[], string]>([
    ["one without a URL", [own("a"), { type: "mcp_server", name: "one" }], "tools[1].url"],
    ["two of one name", [server("one", "a"), own("a"), server("one", "b")], "tools[2].name"],
    ["too many", Array.from({ length: 33 }, (_, index) => server(`s${index}`, "a")), "tools[32]"],
    ["a tool that is named like a function", [server("one", "a"), own("one__a")], "tools[0].name"],
  ])("is refused: %s", async (_, tools, field) => {
    const { provider, events, done } = run({ tools });
    const refusal = await refusalOf(done);
    expect({ code: refusal.code, field: refusal.field }).toEqual({ code: "invalid_request", field });
    expect(events).toEqual([]);
    expect(await Promise.race([provider.nextRun(), "never asked"])).toBe("never asked");
  });

  it("is refused where the provider cannot be given their tools, with the request's own path", async () => {
    const tools = [own("first"), server("one", "a,b")];
    const tool_choice = { allowed_tools: { tools: ["one", "missing"] } };
    const refusals = [
      ["tools[2].parameters", "tools[1]", "The tool 'b' of the MCP server 'one': too deep"],
      ["tools[0].parameters", "tools[0].parameters", "too deep"],
      [
        "generation_config.tool_choice.allowed_tools.tools[2]",
        "generation_config.tool_choice.allowed_tools.tools[1]",
        "too deep",
      ],
    ];
    for (const [field = "", told, message] of refusals) {
      const { done, closed } = run(
        { tools, generation_config: { tool_choice } },
        { refuse: () => ({ field, message: "too deep" }) },
      );
      expect(await refusalOf(done)).toMatchObject({ code: "invalid_request", field: told, message });
      expect(closed).toEqual(["a,b"]);
    }
  });

  it("tells the path in the request also of what the provider throws", async () => {
    const { provider, done } = run({ tools: [server("one", "a")] });
    const first = await provider.nextRun();
    first.fail(new HubError("rate_limit_exceeded", "no", { field: "tools[0].parameters", retryAfter: 3 }));
    expect(await refusalOf(done)).toMatchObject({ code: "rate_limit_exceeded", field: "tools[0]", retryAfter: 3 });
  });

  it("ends with the first failure, and closes those that were open", async () => {
    const failure = new HubError("upstream_error", "gone", { field: "tools[1].url" });
    const { servers, closed } = fakeServers(async (url) => {
      if (url === "bad") {
        await new Promise((resolve) => setTimeout(resolve, 20));
        throw failure;
      }
      if (url === "slow") await new Promise(() => {});
    });
    const tools = [server("one", "good"), server("two", "bad"), server("three", "slow")];
    const { done, events } = runToolRounds({ tools }, { servers });
    await expect(done).rejects.toBe(failure);
    expect(closed).toEqual(["good"]);
    expect(events).toEqual([]);
  });
});

describe("the history of a chain with steps of MCP servers", () => {
  it("is passed on as it is", async () => {
    const history: Step[] = [
      saying("Hi"),
      { type: "tool_call", tool: "mcp_server", call_id: "c0", name: "a", server_name: "one", arguments: {} },
      {
        type: "tool_result",
        tool: "mcp_server",
        call_id: "c0",
        name: "a",
        server_name: "one",
        result: { type: "text", text: "x" },
      },
    ];
    const { provider } = run({ tools: [server("one", "a")] }, { call: { history } });
    expect((await provider.nextRun()).call.history).toEqual(history);
  });
});
