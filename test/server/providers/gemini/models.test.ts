import { afterEach, expect, it } from "vitest";
import { kindOf } from "../../../../server/providers/gemini/models.ts";
import { type FakeGemini, startFakeGemini } from "../../../cases/fake-gemini.ts";
import { connectGemini } from "../../../cases/gemini-provider.ts";

let fake: FakeGemini | undefined;

afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

it("lists what Google lists and answers, and the agents that are known", async () => {
  fake = await startFakeGemini();
  const models = await connectGemini(fake.url).models();
  expect(models[0]).toEqual({
    id: "gemini-3.8-flash",
    kind: "model",
    provider: "google",
    display_name: "Gemini 3.8 Flash",
    version: "3.8",
    input_token_limit: 1_048_576,
    output_token_limit: 65_536,
  });
  expect(models.slice(1).every(({ kind, id }) => kind === "agent" && kindOf(id) === "agent")).toBe(true);
});

it("asks for the list again only after a while, and sooner when it could not be had", async () => {
  fake = await startFakeGemini({ keys: [] });
  const clock = { now: 0 };
  const provider = connectGemini(fake.url, {}, { now: () => clock.now });
  await expect(provider.models()).rejects.toMatchObject({ code: "upstream_error" });
  await expect(provider.models()).rejects.toMatchObject({ code: "upstream_error" });
  fake.manner.keys = ["hub-key"];
  clock.now += 10_000;
  await provider.models();
  clock.now += 10_000;
  await provider.models();
  expect(fake.requests).toHaveLength(2);
  clock.now += 3_600_000;
  await provider.models();
  expect(fake.requests).toHaveLength(3);
});

it("lists what the configuration names and nothing else", async () => {
  const provider = connectGemini("http://127.0.0.1:1", { models: ["gemini-3.8-flash", "deep-research-x"] });
  expect(await provider.models()).toEqual([
    { id: "gemini-3.8-flash", kind: "model", provider: "google" },
    { id: "deep-research-x", kind: "agent", provider: "google" },
  ]);
});

it("lists the agents where it has no key of its own", async () => {
  const provider = connectGemini("http://127.0.0.1:1", { key: undefined, caller_key: true });
  const models = await provider.models();
  expect(models.length).toBeGreaterThan(0);
  expect(models.every(({ kind }) => kind === "agent")).toBe(true);
});

it.each([
  ["gemini-4-something", "model", true],
  ["gemma-3-27b-it", "model", true],
  ["deep-research-preview-04-2026", "agent", true],
  ["antigravity-preview-09-2026", "agent", true],
  ["deep-research-preview-04-2026", "model", false],
  ["gpt-9", "model", false],
  ["gemini-3/../x", "model", false],
] as const)("answers for %s as a %s: %s", (name, kind, answers) => {
  expect(kindOf(name) === kind).toBe(answers);
});
