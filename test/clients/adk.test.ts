import {
  FunctionTool,
  Gemini,
  InMemoryRunner,
  LlmAgent,
  LogLevel,
  StreamingMode,
  setLogLevel,
  stringifyContent,
} from "@google/adk";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import type { JsonObject } from "../../schema/core/json.ts";
import type { RunningHub } from "../../server/configuration/running-hub.ts";
import { type FakeChatServer, startFakeChatServer } from "../cases/fake-openai-chat.ts";
import { startTestHub } from "../cases/start-test-hub.ts";

// The Agent Development Kit keeps its conversation in the Interactions API. It reads the base URL from the environment only.

beforeEach(() => setLogLevel(LogLevel.ERROR));
afterEach(() => {
  vi.unstubAllEnvs();
});

const turns = ["What is the weather in Vienna?", "My name is Ada.", "What is my name?"];

/** What an agent with a tool says in each turn, and with what it called the tool. */
async function converse(
  hub: RunningHub,
  streamingMode = StreamingMode.NONE,
): Promise<{ answers: string[]; asked: string[] }> {
  vi.stubEnv("GOOGLE_GEMINI_BASE_URL", hub.url);
  const asked: string[] = [];
  const weather = new FunctionTool({
    name: "get_weather",
    description: "Tells the weather of a city.",
    parameters: z.object({ city: z.string().describe("The city") }),
    execute: ({ city }) => {
      asked.push(city);
      return { temperature: 21, sky: "clear" };
    },
  });
  const model = new Gemini({ model: "gemini-2.5-flash", apiKey: "local", useInteractionsApi: true });
  const agent = new LlmAgent({ name: "forecaster", model, instruction: "Answer about the weather.", tools: [weather] });
  const runner = new InMemoryRunner({ agent, appName: "weather" });
  const session = await runner.sessionService.createSession({ appName: "weather", userId: "u" });
  const answers: string[] = [];
  for (const text of turns) {
    const said: string[] = [];
    const newMessage = { role: "user", parts: [{ text }] };
    const run = { userId: "u", sessionId: session.id, newMessage, runConfig: { streamingMode } };
    for await (const event of runner.runAsync(run)) {
      if (event.errorMessage !== undefined) throw new Error(event.errorMessage);
      said.push(stringifyContent(event));
    }
    answers.push(said.join(""));
  }
  return { answers, asked };
}

describe("an agent with a tool holds three turns in one chain", () => {
  let hub: RunningHub;
  let chat: FakeChatServer;
  beforeEach(async () => {
    chat = await startFakeChatServer();
  });
  afterEach(async () => {
    await hub.close();
    await chat.close();
  });

  test("with the simulator", async () => {
    hub = await startTestHub();
    const { answers, asked } = await converse(hub);
    expect(asked).toEqual(["Vienna"]);
    expect(answers[0]).toContain("21");
    expect(answers[2]).toContain("Ada");
  });

  async function startOnChat(model: string): Promise<void> {
    const upstream = { name: "chat", kind: "openai-chat", base_url: chat.url };
    hub = await startTestHub({ upstreams: [upstream], aliases: { "gemini-2.5-flash": `chat/${model}` } });
  }

  test.each(["fake-plain", "fake-thinker"])("with %s of an OpenAI-compatible server", async (model) => {
    await startOnChat(model);
    const { answers, asked } = await converse(hub);
    expect(asked).toEqual(["Vienna"]);
    expect(answers[0]).toContain('The function says: {"temperature":21,"sky":"clear"}.');
    expect(answers[2]).toContain("Your name is Ada.");
    const bodies = chat.requests.flatMap(({ method, json }) => (method === "POST" ? [json as JsonObject] : []));
    expect(bodies.map((body) => body.model)).toEqual([model, model, model, model]);
    // Each turn was sent once, and the hub told the server the whole conversation.
    const roles = ["system", "user", "assistant", "tool", "assistant", "user", "assistant", "user"];
    expect(bodies.at(-1)?.messages).toMatchObject(roles.map((role) => ({ role })));
  });

  test("with a model of an OpenAI-compatible server that streams", async () => {
    await startOnChat("fake-thinker");
    const { answers, asked } = await converse(hub, StreamingMode.SSE);
    // The kit (2.0.0) takes a streamed call for three: at the end of its step, of the interaction, and of the stream.
    expect(new Set(asked)).toEqual(new Set(["Vienna"]));
    expect(answers[0]).toContain('The function says: {"temperature":21,"sky":"clear"}.');
    expect(answers[2]).toContain("Your name is Ada.");
  });
});
