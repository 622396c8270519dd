import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { printConfiguration } from "../../../server/configuration/print-configuration.ts";
import { upstreamLine } from "../../../server/configuration/upstream-line.ts";
import type { UpstreamSettings } from "../../../server/providers/upstream-settings.ts";
import { load, refusal, withFile } from "../../cases/load-settings.ts";

const local = "name: local, kind: openai-chat, base_url: 'http://127.0.0.1:11434/v1'";
/** An entry of the list beside a name and a kind that are right. */
const chat = (members: string) => withFile(`upstreams: [{${local}, ${members}}]`);
const gemini = (members: string) => withFile(`upstreams: [{name: g, kind: gemini, key: hush, ${members}}]`);

describe("upstreams", () => {
  test("have the defaults of their kind, in the shape that providers take", async () => {
    const yaml = `upstreams:
      - {${local}}
      - {name: openai, kind: openai-responses, key: one}
      - {name: gemini, kind: gemini, caller_key: true}`;
    // The annotation is a test of its own: what the settings say must be what the providers read.
    const upstreams: readonly UpstreamSettings[] = (await load(...withFile(yaml))).upstreams;
    const common = {
      headers: {},
      connect_timeout: 5_000,
      first_event_timeout: 120_000,
      idle_timeout: 120_000,
      retries: 2,
      models: [],
      inline_media: false,
      caller_key: false,
    };
    expect(upstreams).toEqual([
      { ...common, name: "local", kind: "openai-chat", base_url: "http://127.0.0.1:11434/v1" },
      { ...common, name: "openai", kind: "openai-responses", base_url: "https://api.openai.com/v1", key: "one" },
      { ...common, name: "gemini", kind: "gemini", caller_key: true, protocol: "auto" },
    ]);
  });

  test("say everything about themselves", async () => {
    const yaml = `upstreams:
      - name: g.2
        kind: gemini
        base_url: HTTPS://Gateway.example/gemini//
        headers: { X-Team: hub, Authorization: Bearer abc }
        connect_timeout: 500ms
        first_event_timeout: 5m
        idle_timeout: 30s
        retries: 0
        models: [gemini-2.5-flash, "models/tuned"]
        inline_media: true
        protocol: generate-content`;
    const { upstreams } = await load(...withFile(yaml));
    expect(upstreams).toEqual([
      {
        name: "g.2",
        kind: "gemini",
        base_url: "https://gateway.example/gemini",
        headers: { "X-Team": "hub", Authorization: "Bearer abc" },
        connect_timeout: 500,
        first_event_timeout: 300_000,
        idle_timeout: 30_000,
        retries: 0,
        models: ["gemini-2.5-flash", "models/tuned"],
        inline_media: true,
        caller_key: false,
        protocol: "generate-content",
      },
    ]);
  });

  test.each([
    ["JSON", '[{"name": "a", "kind": "gemini", "key_env": "INTERACTIONS_HUB_MY_KEY"}]'],
    ["YAML", "[{name: a, kind: gemini, key_env: INTERACTIONS_HUB_MY_KEY}]"],
  ])(
    "come from a variable as %s and then replace the file's, which may go on naming variables",
    async (_form, text) => {
      const env = {
        INTERACTIONS_HUB_UPSTREAMS: text,
        INTERACTIONS_HUB_MY_KEY: "one",
        INTERACTIONS_HUB_FILE_KEY: "two",
      };
      const file = "upstreams: [{name: b, kind: gemini, key_env: INTERACTIONS_HUB_FILE_KEY}]";
      const { upstreams } = await load(["--config", "f"], env, { f: file });
      expect(upstreams.map(({ name, key }) => [name, key])).toEqual([["a", "one"]]);
    },
  );

  test("take their key from a file, without the line's end", async () => {
    const file = "upstreams: [{name: g, kind: gemini, key_file: /run/key}]";
    const { upstreams } = await load(["--config", "f"], {}, { f: file, "/run/key": "one\n" });
    expect(upstreams[0]).toMatchObject({ key: "one", key_file: "/run/key" });
  });

  test("may be a heading with nothing below it", async () => {
    const { upstreams, aliases, api_keys } = await load(...withFile("upstreams:\naliases:\napi_keys:\n"));
    expect([upstreams, aliases.size, api_keys]).toEqual([[], 0, []]);
  });

  test.each([
    ["upstreams: hush", "upstreams: expected a list of entries with name and kind"],
    ["upstreams: {hush: hush}", "upstreams: expected a list of entries with name and kind"],
    ["upstreams: [hush]", "upstreams[0]: expected an entry with name and kind"],
    ["upstreams: [{kind: gemini, key: hush}]", "upstreams[0].name: expected a name"],
    ["upstreams: [{name: g, key: hush}]", "upstreams[0].kind: expected one of openai-chat, openai-responses, gemini ("],
    [
      "upstreams: [{name: Big, kind: gemini, key: hush}]",
      "upstreams[0].name: expected a name of at most 63 lower-case",
    ],
    ["upstreams: [{name: a/b, kind: gemini, key: hush}]", "upstreams[0].name: expected a name"],
    ["upstreams: [{name: simulator, kind: gemini, key: hush}]", "upstreams[0].name: the name simulator is taken"],
    ["upstreams: [{name: models, kind: gemini, key: hush}]", "upstreams[0].name: the name models is taken"],
    ["upstreams: [{name: g, kind: openai, key: hush}]", "upstreams[0].kind: expected one of openai-chat"],
    ["upstreams: [{name: g, kind: openai-chat, key: hush}]", "upstreams[0].base_url: is needed"],
    ["upstreams: [{name: g, kind: gemini}]", "upstreams[0]: needs key_env, key_file or key, or caller_key: "],
    ["upstreams: [{name: g, kind: openai-responses}]", "upstreams[0]: needs key_env, key_file or key: "],
    ["upstreams: [{name: g, kind: gemini, key: hush, key_env: X}]", "upstreams[0]: needs at most one of key, key_file"],
    ["upstreams: [{name: g, kind: gemini, key_env: X}]", "upstreams[0].key_env: the environment variable X is not set"],
    [
      "upstreams: [{name: g, kind: gemini, key_env: sk-hush}]",
      "upstreams[0].key_env: the variable that it names is not",
    ],
    [
      "upstreams: [{name: g, kind: gemini, key_file: none}]",
      "upstreams[0].key_file: cannot read none (there is no such",
    ],
    [`upstreams: [{${local}}, {${local}}]`, "upstreams[1].name: the name local is already taken"],
  ])("%s is refused by name and no key repeated", async (yaml, message) => {
    const refused = await refusal(...withFile(yaml));
    expect(refused).toContain(message);
    expect(refused).toMatch(/ \(hub\.yaml\)$|key_env|key_file|at most one/);
    expect(refused).not.toContain("hush");
  });

  test.each([
    ["key: 'hush hush'", "upstreams[0].key: expected a key of printable ASCII characters"],
    ["key: 42", "upstreams[0].key: expected text"],
    ["key: '********'", "upstreams[0].key: this is a mask"],
    ["kee: hush", "unknown setting upstreams[0].kee; did you mean key?"],
    ["baseurl: 'http://hush'", "unknown setting upstreams[0].baseurl; did you mean base_url?"],
    ["headers: [hush]", "upstreams[0].headers: expected names of headers"],
    ["headers: {'X-Key: hush': x}", "upstreams[0].headers: expected names of headers"],
    ['headers: {X-Key: "hush\\r\\nX-Other: y"}', "upstreams[0].headers.X-Key: expected printable ASCII"],
    ["headers: {X-Key: 5}", "upstreams[0].headers.X-Key: expected text"],
    ["headers: {X-Key: '********'}", "upstreams[0].headers.X-Key: this is a mask"],
    ["headers: {X-Key: hush, x-key: hush}", "upstreams[0].headers.x-key: this header is given twice"],
    ["headers: {Host: hush}", "upstreams[0].headers.Host: the hub sets this header itself"],
    ["connect_timeout: 5", "upstreams[0].connect_timeout: expected a time"],
    ["first_event_timeout: 2h", "upstreams[0].first_event_timeout: expected a time"],
    ["idle_timeout: 0s", "upstreams[0].idle_timeout: expected a time"],
    ["retries: 11", "upstreams[0].retries: expected a whole number from 0 to 10, not 11"],
    ["models: [1]", "upstreams[0].models: expected names of models"],
    ["models: ['two words']", "upstreams[0].models: expected names of models"],
    ["inline_media: often", "upstreams[0].inline_media: expected true or false"],
    ["caller_key: true", "upstreams[0].caller_key: is for the kind gemini only"],
    ["protocol: auto", "upstreams[0].protocol: is for the kind gemini only"],
  ])("an entry with %j is refused by name and no secret repeated", async (members, message) => {
    const refused = await refusal(...chat(members));
    expect(refused).toContain(message);
    expect(refused).not.toContain("hush");
  });

  test.each([
    ["hush", "expected an address like"],
    ["ftp://host", "expected an address like"],
    ["https://user:hush@host/v1", "no user and no password"],
    ["https://host/v1?key=hush", "without ? and #"],
    ["https://host/v1#hush", "without ? and #"],
    ["https://host/v1/chat/completions", "without /chat/completions"],
    ["http://localhost:4460/v1", "is the hub's own address"],
    ["http://[::1]:4460", "is the hub's own address"],
  ])("the address %s is refused and not repeated", async (url, message) => {
    const refused = await refusal(...gemini(`base_url: '${url}'`));
    expect(refused).toContain("upstreams[0].base_url: ");
    expect(refused).toContain(message);
    expect(refused).not.toContain("hush");
  });

  test.each([
    ["--upstreams=[]", "set INTERACTIONS_HUB_UPSTREAMS or upstreams in the file"],
    ["--api-keys=hush", "set INTERACTIONS_HUB_API_KEYS or api_keys in the file"],
  ])("%s is refused, because others can read the command line", async (flag, message) => {
    expect(await refusal([flag])).toContain(message);
  });

  test.each(["[{name: 'hush", "[*hush]", "{a: hush: b}", "- |hush", "}hush"])(
    "a variable that holds %j, which is no YAML, is named and not repeated",
    async (text) => {
      const message = await refusal([], { INTERACTIONS_HUB_UPSTREAMS: text });
      expect(message).toMatch(/^upstreams: INTERACTIONS_HUB_UPSTREAMS is neither YAML nor JSON: ./);
      expect(message).not.toContain("hush");
      expect(await refusal(...withFile(text))).not.toContain("hush");
    },
  );

  test("a mistake in a variable names the variable and not the file", async () => {
    const env = { INTERACTIONS_HUB_UPSTREAMS: "[{name: g, kind: gemini, key: a, retries: -1}]" };
    expect(await refusal(["--config", "f"], env, { f: "port: 1" })).toMatch(/ \(INTERACTIONS_HUB_UPSTREAMS\)$/);
  });
});

describe("secrets of upstreams", () => {
  const yaml = `upstreams:
    - {${local}, key: hush, headers: {X-Key: hush-hush}}
    - {name: g, kind: gemini, key_env: GEMINI_KEY}`;
  const loaded = () => load(["--config", "f"], { GEMINI_KEY: "hushed" }, { f: yaml });

  test("are masked in print, but where a key comes from is told", async () => {
    const printed = await printConfiguration(await loaded());
    expect(printed).not.toContain("hush");
    const [first, second] = parse(printed).upstreams;
    expect(first).toMatchObject({ key: "********", headers: { "X-Key": "********" }, connect_timeout: "5s" });
    expect(second).toMatchObject({ key_env: "GEMINI_KEY", protocol: "auto" });
    expect(second).not.toHaveProperty("key");
  });

  test("what is printed loads as the same settings where no secret stands in the file itself", async () => {
    const env = { GEMINI_KEY: "hushed" };
    const files = { f: "upstreams: [{name: g, kind: gemini, key_env: GEMINI_KEY}]\naliases: {a: [g/x, b], b: g/y}" };
    const configuration = await load(["--config", "f"], env, files);
    expect(await load(["--config", "p"], env, { p: await printConfiguration(configuration) })).toEqual(configuration);
  });

  test("do not slip out with the settings as JSON", async () => {
    expect(JSON.stringify(await loaded())).not.toContain("hush");
    expect((await loaded()).upstreams.map(({ key }) => key)).toEqual(["hush", "hushed"]);
  });

  test("do not stand in the line that tells of an upstream", async () => {
    const lines = (await loaded()).upstreams.map(upstreamLine);
    expect(lines).toEqual([
      "openai-chat at http://127.0.0.1:11434/v1, key from the settings",
      "gemini, key from GEMINI_KEY",
    ]);
    const { upstreams } = await load(...withFile(`upstreams: [{${local}, models: [a, b]}]`));
    expect(upstreams.map(upstreamLine)).toEqual(["openai-chat at http://127.0.0.1:11434/v1, 2 models"]);
  });
});
