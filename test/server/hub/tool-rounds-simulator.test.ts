import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Interaction } from "../../../schema/core/interaction.ts";
import type { Settings } from "../../../schema/core/settings.ts";
import type { ModelCall } from "../../../schema/provider.ts";
import { runWithToolServers } from "../../../server/hub/tool-rounds.ts";
import { createSimulator } from "../../../server/providers/simulator/provider.ts";
import { mcpServers } from "../../cases/open-tool-server.ts";
import { callOf, foldOf, saying } from "../../cases/provider.ts";
import { type RunningMcpServer, startMcpServer } from "../../cases/start-mcp-server.ts";

let server: RunningMcpServer;
const pace = { token_interval_ms: 0, agent_step_ms: 0 };
const simulator = createSimulator({ name: "simulator", pace, sleep: async () => {} });
const weather = () => ({ type: "mcp_server" as const, name: "weather", url: server.url });
const book = {
  type: "function" as const,
  name: "book_hotel",
  description: "Books a hotel.",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

beforeAll(async () => {
  server = await startMcpServer();
});
afterAll(() => server.close());

async function answerTo(call: ModelCall): Promise<Interaction> {
  expect(simulator.refuse(call)).toBeUndefined();
  const events = [];
  const { signal } = new AbortController();
  for await (const event of runWithToolServers({
    provider: simulator,
    call,
    servers: mcpServers(),
    rounds: 4,
    signal,
  }))
    events.push(event);
  return foldOf(events);
}

const kinds = ({ output }: Interaction) =>
  output.map((step) => ("tool" in step ? `${step.type} ${step.tool}` : step.type));
const said = ({ output }: Interaction) => JSON.stringify(output.filter((step) => step.type === "model_output"));

describe("the simulator with an MCP server", () => {
  it.each([{ model: "simulator" }, { agent: "antigravity-preview-05-2026" }])(
    "calls the tool that fits and tells what it gave: %j",
    async (who) => {
      const { model: _model, ...call } = callOf("", "What is the forecast for Paris?", { tools: [weather()] });
      const interaction = await answerTo({ ...call, ...who });
      expect(interaction.status).toBe("completed");
      expect(kinds(interaction)).toEqual(expect.arrayContaining(["tool_call mcp_server", "tool_result mcp_server"]));
      expect(interaction.output.find((step) => step.type === "tool_call")).toMatchObject({
        name: "get_forecast",
        server_name: "weather",
        arguments: { city: "Paris" },
      });
      expect(said(interaction)).toContain("get_forecast for Paris says: Sunny in Paris, 21 degrees.");
      const { total_tokens, total_input_tokens = 0, total_output_tokens = 0, ...usage } = interaction.usage ?? {};
      const { total_thought_tokens = 0, total_tool_use_tokens = 0 } = usage;
      expect(total_tokens).toBe(
        total_input_tokens + total_output_tokens + total_thought_tokens + total_tool_use_tokens,
      );
    },
  );

  it("leaves the client's functions to the client, and answers from both results in the next turn", async () => {
    const settings: Settings = { tools: [weather(), book] };
    const call = callOf("simulator", "Get the forecast and book a hotel in Paris.", settings);
    const first = await answerTo(call);
    expect(first.status).toBe("requires_action");
    expect(kinds(first)).toEqual(["thought", "tool_call mcp_server", "tool_call function", "tool_result mcp_server"]);
    const asked = first.output.find((step) => step.type === "tool_call" && step.tool === "function");
    const call_id = asked?.type === "tool_call" ? asked.call_id : "";
    const second = await answerTo({
      ...call,
      history: [...call.input, ...first.output],
      input: [{ type: "tool_result", tool: "function", call_id, result: { type: "text", text: "room 7" } }],
    });
    expect(second.status).toBe("completed");
    expect(said(second)).toContain("Sunny in Paris");
    expect(said(second)).toContain("room 7");
  });

  it("calls nothing where nothing fits, and does not answer old results again", async () => {
    const call = callOf("simulator", "What is the forecast for Rome?", { tools: [weather()] });
    const first = await answerTo(call);
    const second = await answerTo({
      ...call,
      history: [...call.input, ...first.output],
      input: [saying("Thank you! My name is Ada.")],
    });
    expect(kinds(second)).toEqual(["thought", "model_output"]);
    expect(said(second)).not.toContain("Rome");
  });

  it("must call a tool where one is demanded, by the name of the server too", async () => {
    for (const tool_choice of ["any" as const, { allowed_tools: { mode: "any" as const, tools: ["weather"] } }]) {
      const call = callOf("simulator", "Hello", { tools: [weather()], generation_config: { tool_choice } });
      expect(kinds(await answerTo(call))).toContain("tool_call mcp_server");
    }
  });

  it("refuses a choice of a tool that no server has", async () => {
    const generation_config = { tool_choice: { allowed_tools: { tools: ["weather", "get_forcast"] } } };
    const call = callOf("simulator", "Hello", { tools: [weather()], generation_config });
    await expect(answerTo(call)).rejects.toMatchObject({
      code: "invalid_request",
      field: "generation_config.tool_choice.allowed_tools.tools[1]",
    });
  });

  it("refuses servers for an agent that calls no functions", () => {
    const { model: _model, ...call } = callOf("", "Hello", { tools: [weather()] });
    expect(simulator.refuse({ ...call, agent: "deep-research-preview-04-2026" })?.field).toBe("tools[0]");
  });
});
