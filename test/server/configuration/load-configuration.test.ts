import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { load, refusal, withFile } from "../../cases/load-settings.ts";

describe("precedence", () => {
  test("defaults hold when nothing is said", async () => {
    const configuration = await load([]);
    expect(configuration).toMatchObject({
      host: "127.0.0.1",
      port: 4460,
      log_level: "info",
      api_keys: [],
      limits: { body_bytes: 64 * 2 ** 20, json_depth: 100, concurrent_runs: 256 },
    });
    expect(configuration.data).toMatch(/interactions-hub/);
    expect(configuration.db.startsWith(configuration.data)).toBe(true);
  });

  test("the file beats defaults, the environment the file, and flags the environment", async () => {
    const files = { "hub.yaml": "port: 1\nheartbeat_ms: 1001\nlimits:\n  json_depth: 21\n  concurrent_runs: 31\n" };
    const env = {
      INTERACTIONS_HUB_CONFIG: "hub.yaml",
      INTERACTIONS_HUB_PORT: "2",
      INTERACTIONS_HUB_LIMITS_JSON_DEPTH: "22",
    };
    const { port, heartbeat_ms, limits } = await load(["--port", "3"], env, files);
    expect({ port, heartbeat_ms, ...limits }).toMatchObject({
      port: 3,
      heartbeat_ms: 1001,
      json_depth: 22,
      concurrent_runs: 31,
    });
  });

  test("the flag --config beats the environment's file", async () => {
    const files = { "a.yaml": "port: 1", "b.yaml": "port: 2" };
    const { port } = await load(["--config=b.yaml"], { INTERACTIONS_HUB_CONFIG: "a.yaml" }, files);
    expect(port).toBe(2);
  });

  test("an empty variable and an empty group in the file count as absent", async () => {
    const { port, limits } = await load(
      ["--config", "hub.yaml"],
      { INTERACTIONS_HUB_PORT: "" },
      { "hub.yaml": "limits:" },
    );
    expect([port, limits.json_depth]).toEqual([4460, 100]);
  });

  test("a data folder moves the database unless it has a place of its own", async () => {
    expect((await load(["--data", "/srv/hub"])).db).toBe("/srv/hub/interactions-hub.db");
    expect((await load(["--data", "/srv/hub", "--db", ":memory:"])).db).toBe(":memory:");
  });

  test("single statuses override the retention profile", async () => {
    const { retention } = await load(...withFile("retention: { profile: paid, failed: 1h, cancelled: null }"));
    expect(retention).toMatchObject({ completed: 55 * 86_400_000, failed: 3_600_000, cancelled: null });
  });

  test("origins are normalised and lists may be emptied in text", async () => {
    expect((await load(["--allowed-origins", "loopback, https://App.example:443/"])).allowed_origins).toEqual([
      "loopback",
      "https://app.example",
    ]);
    expect((await load(["--allowed-origins", "none"])).allowed_origins).toEqual([]);
  });
});

describe("keys", () => {
  const digestOf = (key: string): string => createHash("sha256").update(key).digest("hex");
  const digests = (keys: { name: string; digest: Uint8Array }[]) =>
    keys.map(({ name, digest }) => [name, Buffer.from(digest).toString("hex")]);

  test("come from the file directly, from a key file and from a variable", async () => {
    const yaml =
      "api_keys:\n- {name: a, key: one}\n- {name: b, key_file: /run/key}\n- {name: c, key_env: INTERACTIONS_HUB_THIRD}\n";
    const { api_keys } = await load(
      ["--config", "hub.yaml"],
      { INTERACTIONS_HUB_THIRD: "three" },
      { "hub.yaml": yaml, "/run/key": "two\n" },
    );
    expect(digests(api_keys)).toEqual([
      ["a", digestOf("one")],
      ["b", digestOf("two")],
      ["c", digestOf("three")],
    ]);
  });

  test("come from the environment as a list and then replace the file's", async () => {
    const { api_keys } = await load(
      ["--config", "hub.yaml"],
      { INTERACTIONS_HUB_API_KEYS: "one, two" },
      { "hub.yaml": "api_keys: [{name: a, key: zero}]" },
    );
    expect(digests(api_keys)).toEqual([
      ["key-1", digestOf("one")],
      ["key-2", digestOf("two")],
    ]);
  });

  test.each([
    ["api_keys: [{name: a, key: 'hush hush'}]", "api_keys[0].key: expected a key"],
    ["api_keys: [{name: a, key: '********'}]", "api_keys[0].key: this is a mask"],
    ["api_keys: [{name: a}]", "api_keys[0]: needs exactly one of key, key_file and key_env"],
    ["api_keys: [{name: a, key: hush, key_env: X}]", "api_keys[0]: needs exactly one"],
    ["api_keys: [{name: a, key_env: X}]", "api_keys[0].key_env: the environment variable X is not set"],
    ["api_keys: [{name: a, key_file: nowhere}]", "api_keys[0].key_file: cannot read nowhere (there is no such file)"],
    ["api_keys: [{name: a, key: hush, keyfile: x}]", "unknown setting api_keys[0].keyfile; did you mean key_file?"],
    ["api_keys: [hush]", "api_keys[0]: expected an entry with name and key"],
    ["api_keys: {a: hush}", "api_keys: expected a list"],
    ["api_keys: [{name: a, key: hush}, {name: a, key: more}]", "api_keys[1].name: the name a is already taken"],
  ])("in the file, %s is refused by name and never repeated", async (yaml, message) => {
    const refused = await refusal(...withFile(yaml));
    expect(refused).toContain(message);
    expect(refused).not.toContain("hush");
  });

  test.each(["0.0.0.0", "::", "192.168.1.5", "hub.example.com"])("are needed to listen on %s", async (host) => {
    const message = await refusal(["--host", host]);
    expect(message).toMatch(/^host: listening on .* is not allowed without api_keys/);
    expect((await load(["--host", host], { INTERACTIONS_HUB_API_KEYS: "one" })).host).toBe(host);
  });

  test.each(["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"])("are optional on %s", async (host) => {
    expect((await load(["--host", host])).host).toBe(host.replace(/[[\]]/g, ""));
  });
});

describe("what the hub may reach", () => {
  test("is a list of hosts, addresses and networks, in one spelling", async () => {
    const { outbound } = await load(["--outbound-allow", "LocalHost, [::1], 10.0.0.0/08, FC00::/7, 192.168.1.5"]);
    expect(outbound.allow).toEqual(["localhost", "::1", "10.0.0.0/8", "fc00::/7", "192.168.1.5"]);
  });

  test.each(["10.0.0.0/33", "host/8", "::/129", "10.0.0.0/8/8", "10.0.0.0/", "*", ""])(
    "%j is refused",
    async (item) => {
      expect(await refusal([`--outbound-allow=${item},localhost`])).toMatch(
        /^outbound\.allow: expected host names, IP/,
      );
    },
  );

  test("is bounded where it is an MCP server", async () => {
    expect((await load([])).mcp).toEqual({
      rounds: 16,
      connect_timeout: 10_000,
      call_timeout: 60_000,
      tools_per_server: 128,
      result_bytes: 2 ** 20,
    });
  });
});

describe("the simulator", () => {
  test.each([
    ["auto", "auto"],
    ["true", true],
    ["false", false],
  ])("stands in for Gemini as %s says", async (text, value) => {
    expect((await load(["--simulator-answers-for-gemini", text])).simulator.answers_for_gemini).toBe(value);
    const yaml = `simulator: {answers_for_gemini: ${text}, enabled: false}`;
    expect((await load(...withFile(yaml))).simulator).toMatchObject({ enabled: false, answers_for_gemini: value });
  });

  test("is there, and stands in as fits, unless told otherwise", async () => {
    expect((await load([])).simulator).toMatchObject({ enabled: true, answers_for_gemini: "auto" });
  });
});

describe("refusals", () => {
  test.each([
    ["--host", "http://localhost", "host"],
    ["--port", "65536", "port"],
    ["--port", "abc", "port"],
    ["--data", "~/hub", "data"],
    ["--db", "", "db"],
    ["--log-level", "loud", "log_level"],
    ["--allowed-hosts", "hub.example.com:80", "allowed_hosts"],
    ["--allowed-hosts", "*", "allowed_hosts"],
    ["--allowed-origins", "example.com", "allowed_origins"],
    ["--allowed-origins", "*", "allowed_origins"],
    ["--revision", "2026-05-20", "revision"],
    ["--retention-profile", "always", "retention.profile"],
    ["--retention-completed", "5", "retention.completed"],
    ["--retention-requires-action", "soon", "retention.requires_action"],
    ["--retention-incomplete", "0s", "retention.incomplete"],
    ["--retention-failed", "-1h", "retention.failed"],
    ["--retention-cancelled", "1w", "retention.cancelled"],
    ["--retention-sweep-interval", "25d", "retention.sweep_interval"],
    ["--limits-body-bytes", "512MiB", "limits.body_bytes"],
    ["--limits-json-depth", "1e9", "limits.json_depth"],
    ["--limits-json-values", "1", "limits.json_values"],
    ["--limits-concurrent-runs", "0", "limits.concurrent_runs"],
    ["--limits-stored-media-bytes", "1TiB", "limits.stored_media_bytes"],
    ["--simulator-token-interval-ms", "-8", "simulator.token_interval_ms"],
    ["--simulator-agent-step-ms", "fast", "simulator.agent_step_ms"],
    ["--simulator-answers-for-gemini", "yes", "simulator.answers_for_gemini"],
    ["--simulator-enabled", "on", "simulator.enabled"],
    ["--heartbeat-ms", "2147483648", "heartbeat_ms"],
    ["--aliases", "fast", "aliases"],
    ["--aliases", "{a: b, b: a}", "aliases.a"],
    ["--default-model", "two words", "default_model"],
    ["--discover", "maybe", "discover"],
    ["--outbound-allow", "10.0.0.0/33", "outbound.allow"],
    ["--outbound-allow", "http://localhost", "outbound.allow"],
    ["--mcp-rounds", "0", "mcp.rounds"],
    ["--mcp-connect-timeout", "0s", "mcp.connect_timeout"],
    ["--mcp-call-timeout", "25d", "mcp.call_timeout"],
    ["--mcp-tools-per-server", "-1", "mcp.tools_per_server"],
    ["--mcp-result-bytes", "1GiB", "mcp.result_bytes"],
  ])("%s %s names the setting %s and the flag", async (flag, value, key) => {
    const message = await refusal([`${flag}=${value}`]);
    expect(message.startsWith(`${key}: `)).toBe(true);
    expect(message.endsWith(`(${flag})`)).toBe(true);
  });

  test("a wrong variable is named as the source", async () => {
    expect(await refusal([], { INTERACTIONS_HUB_PORT: "high" })).toBe(
      'port: expected a whole number from 0 to 65535, not "high" (INTERACTIONS_HUB_PORT)',
    );
  });

  test("an unknown variable is refused with the nearest name", async () => {
    expect(await refusal([], { INTERACTIONS_HUB_LOGLEVEL: "info" })).toContain(
      "did you mean INTERACTIONS_HUB_LOG_LEVEL?",
    );
  });

  test.each([
    ["prot: 1", "unknown setting prot; did you mean port? (hub.yaml)"],
    ["limits: {body_byte: 1}", "unknown setting limits.body_byte; did you mean body_bytes? (hub.yaml)"],
    ["limits: 5", "limits: expected a group of settings (hub.yaml)"],
    ["retention: paid", "retention: expected a group of settings (hub.yaml)"],
    ["port: [1]", "port: expected a whole number from 0 to 65535, not [1] (hub.yaml)"],
    ["host: null", "host: expected a host name"],
    ["- port", "config: hub.yaml must hold settings"],
    ["port: 1\nport: 2", "config: hub.yaml is not valid YAML: Map keys must be unique"],
    ["__proto__: {port: 1}", "unknown setting __proto__"],
  ])("the file's %j is refused with its key", async (yaml, message) => {
    expect(await refusal(...withFile(yaml))).toContain(message);
  });

  test("several mistakes are told at once", async () => {
    const message = await refusal(["--port=x", "--heartbeat-ms=y"]);
    expect(message).toMatch(/port: .* \| heartbeat_ms: /);
  });

  test("a missing file is named", async () => {
    expect(await refusal(["--config", "gone.yaml"])).toBe("config: cannot read gone.yaml (there is no such file)");
  });
});
