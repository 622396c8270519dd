import { describe, expect, test } from "vitest";
import { banner } from "../../../server/commands/banner.ts";
import type { HubDescription } from "../../../server/configuration/running-hub.ts";
import { load } from "../../cases/load-settings.ts";

async function lines(hub: Partial<HubDescription>, argv: string[] = [], env: { [name: string]: string } = {}) {
  const text = banner({
    version: "1.2.3",
    url: "http://127.0.0.1:4460",
    hub: { data_file: "/data/hub.db", upstreams: [], example_model: "simulator", ...hub },
    configuration: await load(argv, env),
  });
  return text.split("\n").map((line) => line.trimEnd());
}

describe("the start-up text", () => {
  test("has a line for every upstream, in one column, and says what the simulator is left with", async () => {
    const upstreams = [
      { name: "gemini", line: "Gemini, key from GEMINI_API_KEY" },
      { name: "lmstudio", line: "LM Studio at http://127.0.0.1:1234 (1 model)" },
    ];
    const shown = await lines({ upstreams, simulator_answers_for: "simulator*" });
    expect(shown).toContain("  Upstreams   gemini    Gemini, key from GEMINI_API_KEY");
    expect(shown).toContain("              lmstudio  LM Studio at http://127.0.0.1:1234 (1 model)");
    expect(shown).toContain("  Simulator   answers for simulator*");
    expect(shown.join("\n")).not.toMatch(/Aliases|Default/);
  });

  test("tells of an upgrade, and where the file is kept as it was", async () => {
    const shown = await lines({ upgraded: { from: 2, to: 5, kept: "/data/hub.db.before-3.db" } });
    const place = shown.indexOf("  Data        /data/hub.db");
    expect(shown.slice(place + 1, place + 3)).toEqual([
      "              upgraded from schema 2 to 5; as it was, it is kept as",
      "              /data/hub.db.before-3.db",
    ]);
    expect((await lines({})).join("\n")).not.toContain("upgraded");
  });

  test("names aliases and the default", async () => {
    const shown = await lines({}, ["--aliases", "{fast: a/x, smart: b/y}", "--default-model", "fast"]);
    expect(shown).toContain("  Aliases     fast, smart");
    expect(shown).toContain("  Default     fast");
  });

  test("says what to do when nobody was found, or nobody was looked for", async () => {
    const searched = (await lines({})).join("\n");
    expect(searched).toMatch(/Upstreams {3}none found; set GEMINI_API_KEY or OPENAI_API_KEY/);
    const unsearched = (await lines({}, ["--discover", "false"])).join("\n");
    expect(unsearched).toMatch(/Upstreams {3}none; name some as upstreams/);
    expect(unsearched).toContain("  Simulator   off");
  });

  test("has a line to copy for each SDK, with a model that somebody answers for", async () => {
    const open = await lines({ example_model: "ollama/qwen3" });
    expect(open).toContain(
      `  curl        curl http://127.0.0.1:4460/v1beta/interactions -d '{"model": "ollama/qwen3", "input": "Hello"}'`,
    );
    const locked = (await lines({}, [], { INTERACTIONS_HUB_API_KEYS: "hush" })).join("\n");
    expect(locked).toContain('-H "x-goog-api-key: YOUR_KEY"');
    expect(locked).not.toContain("hush");
  });
});
