import { describe, expect, test } from "vitest";
import type { ModelInfo } from "../../../schema/core/model-info.ts";
import type { Upstream } from "../../../schema/provider.ts";
import { type CatalogOptions, createCatalog } from "../../../server/hub/catalog.ts";
import { createScriptedProvider } from "../../cases/scripted-provider.ts";

/** An upstream that offers these models, and `agent-…` as agents. */
function offering(name: string, ...ids: string[]): Upstream {
  const provider = createScriptedProvider({ name });
  const infos = ids.map((id): ModelInfo => ({ id, kind: id.startsWith("agent-") ? "agent" : "model", provider: name }));
  return {
    provider: { ...provider, models: async () => infos },
    answersFor: async (asked, kind) => infos.some((info) => info.id === asked && info.kind === kind),
    kindOf: (asked) => infos.find(({ id }) => id === asked)?.kind,
  };
}

const local = offering("local", "llama", "qwen/qwen3", "shared");
const remote = offering("remote", "gpt", "shared", "agent-smith");

function catalogOf(options: Partial<CatalogOptions> = {}) {
  return createCatalog({ upstreams: [local, remote], ...options });
}

async function targetsOf(model: string, options: Partial<CatalogOptions> = {}): Promise<string[]> {
  const { targets } = await catalogOf(options).resolve({ model });
  return targets.map(({ provider, name }) => `${provider.name} ${name}`);
}

describe("a name", () => {
  test.each([
    ["llama", ["local llama"]],
    ["models/llama", ["local llama"]],
    ["local/llama", ["local llama"]],
    ["qwen/qwen3", ["local qwen/qwen3"]],
    ["local/qwen/qwen3", ["local qwen/qwen3"]],
    ["remote/shared", ["remote shared"]],
    ["remote/not-listed", ["remote not-listed"]],
  ])("%s is found", async (model, targets) => {
    expect(await targetsOf(model)).toEqual(targets);
  });

  test("that its upstream knows as the other thing is refused, and told where it belongs", async () => {
    await expect(catalogOf().resolve({ model: "remote/agent-smith" })).rejects.toMatchObject({
      code: "invalid_request",
      field: "model",
      message: "'remote/agent-smith' is an agent, and no model: name it as 'agent'.",
    });
    await expect(catalogOf({ fallback: "remote" }).resolve({ agent: "remote/gpt" })).rejects.toMatchObject({
      code: "invalid_request",
      field: "agent",
      message: "'remote/gpt' is a model, and no agent: name it as 'model'.",
    });
    const agent = { kind: "agent", targets: [{ name: "agent-smith" }] };
    expect(await catalogOf().resolve({ agent: "remote/agent-smith" })).toMatchObject(agent);
    const aliases = new Map([["neo", ["remote/agent-smith"]]]);
    expect(await catalogOf({ aliases }).resolve({ model: "neo" })).toMatchObject(agent);
    const fallback = "remote/gpt";
    await expect(catalogOf({ fallback }).resolve({ agent: "agent-brown" })).rejects.toMatchObject({
      code: "model_not_found",
      field: "agent",
    });
  });

  test("that is an alias stands for its targets in their order, aliases among them", async () => {
    const aliases = new Map([
      ["gemini-2.5-flash", ["smart", "local/llama"]],
      ["smart", ["remote/gpt"]],
    ]);
    expect(await targetsOf("gemini-2.5-flash", { aliases })).toEqual(["remote gpt", "local llama"]);
    const { name } = await catalogOf({ aliases }).resolve({ model: "gemini-2.5-flash" });
    expect(name).toBe("gemini-2.5-flash");
  });

  test("that is an alias is answered by those that are there, and the others are told", async () => {
    const aliases = new Map([
      ["smart", ["lama", "remote/gpt"]],
      ["lost", ["lama"]],
    ]);
    const catalog = catalogOf({ aliases, fallback: "remote" });
    expect(await catalog.resolve({ model: "smart" })).toMatchObject({ targets: [{ name: "gpt" }], missing: ["lama"] });
    // Nobody else knows what the alias stands for, so its own name is sent to nobody.
    await expect(catalog.resolve({ model: "lost" })).rejects.toMatchObject({
      code: "model_not_found",
      message: "The model 'lama', for which 'lost' stands, was not found. Did you mean 'llama'?",
    });
  });

  test("that several upstreams have is nobody's, unless one of them is the default; how to ask for each is told", async () => {
    expect(await targetsOf("shared", { fallback: "remote" })).toEqual(["remote shared"]);
    await expect(targetsOf("shared")).rejects.toMatchObject({
      code: "model_not_found",
      field: "model",
      message: "The model 'shared' is offered by several upstreams. Ask for 'local/shared' or 'remote/shared'.",
    });
  });

  test("that a stand-in has as well goes to the other one", async () => {
    expect(await targetsOf("shared", { stand_ins: new Set(["remote"]) })).toEqual(["local shared"]);
    expect(await targetsOf("gpt", { stand_ins: new Set(["remote"]) })).toEqual(["remote gpt"]);
  });

  test.each([
    ["local", ["local nobody-has-it"]],
    ["remote/gpt", ["remote gpt"]],
    ["llama", ["local llama"]],
  ])("that nobody has goes to the default %s", async (fallback, targets) => {
    expect(await targetsOf("nobody-has-it", { fallback })).toEqual(targets);
    expect(await targetsOf("llama", { fallback })).toEqual(["local llama"]);
  });

  test("that nobody has is not found without a default, and close names are told", async () => {
    await expect(targetsOf("lama")).rejects.toMatchObject({
      code: "model_not_found",
      field: "model",
      message: "The model 'lama' was not found. Did you mean 'llama'?",
    });
    await expect(targetsOf("remot/gpt")).rejects.toThrow("Did you mean 'remote/gpt'?");
  });

  test("that is unknown is refused without repeating all of a long one", async () => {
    const message = await targetsOf("x".repeat(5000)).catch((error: Error) => error.message);
    expect(message).toBe(`The model '${"x".repeat(80)}…' was not found.`);
  });

  test("of an agent is found as an agent, also where it stands as a model", async () => {
    const catalog = catalogOf();
    expect(await catalog.resolve({ agent: "agent-smith" })).toMatchObject({ kind: "agent", name: "agent-smith" });
    expect(await catalog.resolve({ model: "agent-smith" })).toMatchObject({ kind: "agent", name: "agent-smith" });
    await expect(catalog.resolve({ agent: "llama" })).rejects.toMatchObject({ field: "agent" });
  });
});

describe("the list of models", () => {
  test("has every upstream's, those of one name under both upstreams', and the aliases", async () => {
    const aliases = new Map([["smart", ["remote/gpt", "local/llama"]]]);
    const models = await catalogOf({ aliases }).models();
    expect(models.map(({ id }) => id)).toEqual([
      "llama",
      "qwen/qwen3",
      "local/shared",
      "gpt",
      "remote/shared",
      "agent-smith",
      "smart",
    ]);
    expect(models.at(-1)).toMatchObject({
      provider: "remote",
      description: "Stands for remote/gpt, then local/llama.",
    });
  });

  test("has an alias in the place of the model whose name it takes", async () => {
    const models = await catalogOf({ aliases: new Map([["gpt", ["local/llama"]]]) }).models();
    expect(models.filter(({ id }) => id.endsWith("gpt"))).toMatchObject([
      { id: "remote/gpt", provider: "remote" },
      { id: "gpt", provider: "local", description: "Stands for local/llama." },
    ]);
  });

  test("goes without an upstream that cannot tell, which is reported", async () => {
    const told: string[] = [];
    const down: Upstream = {
      ...remote,
      provider: { ...remote.provider, name: "down", models: () => Promise.reject(new Error("refused")) },
    };
    const catalog = createCatalog({ upstreams: [down, local], trouble: (upstream) => told.push(upstream) });
    expect((await catalog.models()).map(({ id }) => id)).toEqual(["llama", "qwen/qwen3", "shared"]);
    expect(told).toEqual(["down"]);
  });
});
