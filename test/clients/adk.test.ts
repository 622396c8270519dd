import { FunctionTool, Gemini, InMemoryRunner, LlmAgent, LogLevel, setLogLevel, stringifyContent } from "@google/adk";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import type { RunningHub } from "../../server/configuration/running-hub.ts";
import { startTestHub } from "../cases/start-test-hub.ts";

// The Agent Development Kit keeps its conversation in the Interactions API. It reads the base URL from the environment only.

let hub: RunningHub;
beforeAll(async () => {
  setLogLevel(LogLevel.ERROR);
  hub = await startTestHub();
  vi.stubEnv("GOOGLE_GEMINI_BASE_URL", hub.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await hub.close();
});

test("an agent with a tool holds three turns in one chain", async () => {
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
  for (const text of ["What is the weather in Vienna?", "My name is Ada.", "What is my name?"]) {
    const said: string[] = [];
    const newMessage = { role: "user", parts: [{ text }] };
    for await (const event of runner.runAsync({ userId: "u", sessionId: session.id, newMessage })) {
      if (event.errorMessage !== undefined) throw new Error(event.errorMessage);
      said.push(stringifyContent(event));
    }
    answers.push(said.join(""));
  }
  console.log(answers, asked);
  expect(asked).toEqual(["Vienna"]);
  expect(answers[0]).toContain("21");
  expect(answers[2]).toContain("Ada");
});
