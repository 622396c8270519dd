import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeGemini, startFakeGemini } from "../cases/fake-gemini.ts";
import { type FakeChatServer, startFakeChatServer } from "../cases/fake-openai-chat.ts";
import { textOf } from "./answers.ts";
import { type HubStage, setHubStage } from "./upstream-stage.ts";
import { bothGenerations } from "./upstream-suite.ts";

describe.each(bothGenerations)("release %s at a hub of several upstreams", (release) => {
  let google: FakeGemini;
  let chat: FakeChatServer;
  let stage: HubStage;
  beforeAll(async () => {
    [google, chat] = await Promise.all([startFakeGemini(), startFakeChatServer()]);
    const upstreams = [
      { name: "google", kind: "gemini", base_url: google.url, key: "hub-key" },
      { name: "chat", kind: "openai-chat", base_url: chat.url },
      { name: "twin", kind: "openai-chat", base_url: chat.url, models: ["fake-plain", "only-here"] },
      { name: "gone", kind: "openai-chat", base_url: "http://127.0.0.1:1/v1", retries: 0 },
    ];
    const settings = { aliases: { "gemini-2.5-pro": "chat/fake-thinker" }, simulator: { enabled: false } };
    stage = await setHubStage(release, { upstreams, ...settings });
  });
  afterAll(async () => {
    await stage.close();
    await Promise.all([google.close(), chat.close()]);
  });

  test("sees the models of all that answer, and the aliases", async () => {
    const names = await stage.client.models();
    expect(new Set(names)).toEqual(
      new Set([
        "models/gemini-3.8-flash",
        "models/chat/fake-plain",
        "models/twin/fake-plain",
        "models/fake-thinker",
        "models/only-here",
        "models/gemini-2.5-pro",
      ]),
    );
  });

  const askedOf = (fake: FakeGemini | FakeChatServer): number =>
    fake.requests.filter(({ method }) => method === "POST").length;

  test.each([
    ["gemini-3.8-flash", "google", "the only one that has it"],
    ["models/gemini-3.8-flash", "google", "the only one that has it"],
    ["google/gemini-9-that-nobody-lists", "google", "the one that is named"],
    ["chat/fake-plain", "chat", "the one that is named"],
    ["fake-thinker", "chat", "the only one that has it"],
    ["gemini-2.5-pro", "chat", "the one that the alias names"],
  ])("asks for %s and is answered by %s: %s", async (model, name) => {
    const before = { google: askedOf(google), chat: askedOf(chat) };
    const answered = await stage.client.create({ model, input: "Hello" });
    expect(answered).toMatchObject({ status: "completed", model: model.replace("models/", "") });
    expect(textOf(stage.client, answered)).toContain("You said: Hello");
    expect({ google: askedOf(google), chat: askedOf(chat) }).toEqual({
      ...before,
      [name]: before[name as keyof typeof before] + 1,
    });
  });

  test("is told where a name belongs that stands for an agent, or for none, and nobody is asked", async () => {
    const before = askedOf(google);
    const agent = "google/deep-research-preview-04-2026";
    const told = { status: 400, message: expect.stringContaining("name it as 'agent'") };
    await expect(stage.client.create({ model: agent, input: "Hello", background: true })).rejects.toMatchObject(told);
    const model = { agent: "google/gemini-3.8-flash", input: "Hello", background: true };
    const back = { status: 400, message: expect.stringContaining("name it as 'model'") };
    await expect(stage.client.create(model)).rejects.toMatchObject(back);
    expect(askedOf(google)).toBe(before);
  });

  test("is told whom to choose of several", async () => {
    await expect(stage.client.create({ model: "fake-plain", input: "Hello" })).rejects.toMatchObject({
      status: 404,
      message: expect.stringMatching(/'chat\/fake-plain' or 'twin\/fake-plain'/),
    });
  });

  test("is told of close names where nobody has it", async () => {
    await expect(stage.client.create({ model: "fake-thinkr", input: "Hello" })).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining("fake-thinker"),
    });
  });
});
