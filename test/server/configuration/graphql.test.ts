import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { printConfiguration } from "../../../server/configuration/print-configuration.ts";
import { load, refusal, withFile } from "../../cases/load-settings.ts";

describe("GraphQL", () => {
  test("is open and bounded unless told otherwise", async () => {
    const { graphql } = await load([]);
    expect(graphql).toEqual({
      introspection: true,
      graphiql: true,
      tokens: 4000,
      depth: 20,
      aliases: 50,
      cost: 100_000,
      persisted_only: false,
      subscribers: 1000,
      buffered_bytes: 4 * 2 ** 20,
      stall_timeout: 30_000,
    });
  });

  test("is set by file, environment and flags alike", async () => {
    const yaml = `graphql:
      introspection: false
      graphiql: false
      tokens: 500
      depth: 8
      aliases: 0
      cost: 2000
      persisted_documents: /etc/hub/documents.json
      persisted_only: true
      subscribers: 20
      buffered_bytes: 64KiB
      stall_timeout: 5s`;
    const env = { INTERACTIONS_HUB_GRAPHQL_DEPTH: "9", INTERACTIONS_HUB_GRAPHQL_PERSISTED_ONLY: "false" };
    const flags = ["--config", "hub.yaml", "--graphql-cost", "3000", "--graphql-buffered-bytes=1MiB"];
    expect((await load(flags, env, { "hub.yaml": yaml })).graphql).toEqual({
      introspection: false,
      graphiql: false,
      tokens: 500,
      depth: 9,
      aliases: 0,
      cost: 3000,
      persisted_documents: "/etc/hub/documents.json",
      persisted_only: false,
      subscribers: 20,
      buffered_bytes: 2 ** 20,
      stall_timeout: 5000,
    });
  });

  test.each([
    ["--graphql-introspection", "on", "graphql.introspection"],
    ["--graphql-graphiql", "1", "graphql.graphiql"],
    ["--graphql-tokens", "99", "graphql.tokens"],
    ["--graphql-depth", "0", "graphql.depth"],
    ["--graphql-aliases", "-1", "graphql.aliases"],
    ["--graphql-cost", "1e6", "graphql.cost"],
    ["--graphql-persisted-documents", "~/documents", "graphql.persisted_documents"],
    ["--graphql-persisted-documents", "", "graphql.persisted_documents"],
    ["--graphql-subscribers", "0", "graphql.subscribers"],
    ["--graphql-buffered-bytes", "1B", "graphql.buffered_bytes"],
    ["--graphql-stall-timeout", "never", "graphql.stall_timeout"],
  ])("%s %j is refused under its name", async (flag, value, key) => {
    expect(await refusal([flag, value])).toMatch(new RegExp(`^${key.replace(".", "\\.")}: expected .*\\(${flag}\\)$`));
  });

  test("cannot be kept to documents that nobody names", async () => {
    expect(await refusal(["--graphql-persisted-only", "true"])).toContain(
      "graphql.persisted_only: needs persisted_documents",
    );
  });

  test("has its group named where a member is not known, and nothing else than a group", async () => {
    expect(await refusal(...withFile("graphql: {max_depth: 3, intropsection: false}"))).toContain(
      "unknown setting graphql.intropsection; did you mean introspection?",
    );
    expect(await refusal(...withFile("graphql: false"))).toContain("graphql: expected a group of settings");
    expect((await load(...withFile("graphql:"))).graphql.introspection).toBe(true);
  });
});

describe("keys that may only read", () => {
  const file = withFile(
    "api_keys: [{name: a, key: hush}, {name: b, key: more, read_only: true}, {name: c, key: most, read_only: false}]",
  );

  test("say so in the file; all others may everything, also those of the environment", async () => {
    const { api_keys } = await load(...file);
    expect(api_keys.map(({ name, read_only }) => [name, read_only])).toEqual([
      ["a", false],
      ["b", true],
      ["c", false],
    ]);
    const named = await load([], { INTERACTIONS_HUB_API_KEYS: "one,two" });
    expect(named.api_keys.map(({ read_only }) => read_only)).toEqual([false, false]);
  });

  test("are printed as such, and read back the same", async () => {
    const printed = await printConfiguration(await load(...file));
    expect(printed).not.toContain("hush");
    expect(parse(printed).api_keys).toEqual([
      { name: "a", key: "********" },
      { name: "b", key: "********", read_only: true },
      { name: "c", key: "********" },
    ]);
  });

  test.each([
    ["read_only: maybe", 'api_keys[0].read_only: expected true or false, not "maybe"'],
    ["read_only: 1", "api_keys[0].read_only: expected true or false, not 1"],
    ["readonly: true", "unknown setting api_keys[0].readonly; did you mean read_only?"],
  ])("are refused where they say %s, without the key", async (member, message) => {
    const refused = await refusal(...withFile(`api_keys: [{name: a, key: hush, ${member}}]`));
    expect(refused).toContain(message);
    expect(refused).not.toContain("hush");
  });
});
