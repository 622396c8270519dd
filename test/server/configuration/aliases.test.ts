import { describe, expect, test } from "vitest";
import { load, refusal, withFile } from "../../cases/load-settings.ts";

describe("aliases", () => {
  test("stand for one target or for several in their order, and for other aliases", async () => {
    const { aliases } = await load(
      ...withFile("aliases: {fast: ollama/qwen3:4b, smart: [models/gemini-2.5-pro, fast]}"),
    );
    expect([...aliases]).toEqual([
      ["fast", ["ollama/qwen3:4b"]],
      ["smart", ["gemini-2.5-pro", "fast"]],
    ]);
  });

  test("come from a flag or a variable as JSON or YAML", async () => {
    const expected = [["fast", ["ollama/qwen3"]]];
    expect([...(await load(["--aliases", "{fast: ollama/qwen3}"])).aliases]).toEqual(expected);
    const { aliases } = await load([], { INTERACTIONS_HUB_ALIASES: '{"fast": ["ollama/qwen3"]}' });
    expect([...aliases]).toEqual(expected);
  });

  test("may have the names of members of every object", async () => {
    const { aliases } = await load(...withFile("aliases: {constructor: toString, __proto__: hasOwnProperty}"));
    expect([...aliases.keys()]).toEqual(["constructor", "__proto__"]);
  });

  test.each([
    ["aliases: [a]", "aliases: expected names, each with a model or a list of models"],
    ["aliases: {a: []}", "aliases.a: expected at least one model"],
    ["aliases: {a: {b: c}}", "aliases.a: expected a model or a list of models"],
    ["aliases: {a: [x, 1]}", "aliases.a: expected a model or a list of models"],
    ["aliases: {a: [x, x]}", "aliases.a: names a model twice"],
    ["aliases: {a b: x}", "aliases: expected names without spaces"],
    ["aliases: {models/a: x}", "aliases.models/a: a name that begins with models/"],
    ["aliases: {a: a}", "aliases.a: leads back to itself: a → a"],
    ["aliases: {a: [x, b], b: c, c: [y, b]}", "aliases.b: leads back to itself: b → c → b"],
  ])("%s is refused", async (yaml, message) => {
    const refused = await refusal(...withFile(yaml));
    expect(refused.startsWith(message)).toBe(true);
    expect(refused.endsWith(" (hub.yaml)")).toBe(true);
  });
});

describe("the default model", () => {
  const upstream = "upstreams: [{name: ollama, kind: openai-chat, base_url: 'http://127.0.0.1:11434/v1'}]";

  test.each(["ollama", "ollama/qwen3", "fast", "simulator"])("may be %s", async (name) => {
    const yaml = `${upstream}\naliases: {fast: ollama/qwen3}\ndefault_model: ${name}`;
    expect((await load(...withFile(yaml))).default_model).toBe(name);
  });

  test("must name somebody, unless upstreams are yet to be discovered", async () => {
    const message =
      "default_model: olama is neither an upstream, nor upstream/model, nor an alias; did you mean ollama?";
    expect(await refusal(...withFile(`${upstream}\ndefault_model: olama`))).toBe(`${message} (hub.yaml)`);
    expect(await refusal(["--default-model", "ollama", "--discover", "false"])).toMatch(
      /^default_model: .* \(--default-model\)$/,
    );
    expect((await load(["--default-model", "ollama/qwen3"])).default_model).toBe("ollama/qwen3");
    expect((await load([])).default_model).toBeUndefined();
  });
});
