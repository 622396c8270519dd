import { z } from "zod";
import { isLoopbackHost } from "../loopback.ts";
import { hostAddress, hostList, networkList, originList } from "./address-kinds.ts";
import { aliasMap } from "./alias-map.ts";
import { ApiKeyEntry, writeApiKey } from "./api-key.ts";
import { longestTimer } from "./longest-timer.ts";
import { refuseDefault, refuseUpstreams } from "./refuse-upstreams.ts";
import { Retention } from "./retention.ts";
import {
  listSettings,
  mapSetting,
  optionalSetting,
  requiredSetting,
  type Setting,
  secretEntries,
  setting,
  variablePrefix,
} from "./setting.ts";
import { UpstreamEntry, writeUpstream } from "./upstream-entry.ts";
import { choice, duration, path, size, text, wholeNumber, yesNoOrAuto, yesOrNo } from "./value-kind.ts";

const kibi = 1024;
const mebi = 1024 * kibi;
/** The longest text that the engine can hold is a little under 512 MiB; a larger body could never be read. */
const largestBody = 511 * mebi;
/** SQLite's limit for one value is 1,000,000,000 bytes. */
const largestBlob = 953 * mebi;

const Limits = z.strictObject({
  body_bytes: setting(size(kibi, largestBody), "64MiB", "Largest request body."),
  json_depth: setting(wholeNumber(16, 1000), 100, "Deepest nesting of arrays and objects in a request."),
  json_values: setting(wholeNumber(1000, 10_000_000), 250_000, "Most values (members and items) in a request."),
  concurrent_runs: setting(wholeNumber(1, 100_000), 256, "Interactions that may run at the same time."),
  run_time: setting(duration(1000, longestTimer), "1h", "Longest time that an interaction may run."),
  stored_media_bytes: setting(
    size(kibi, largestBlob),
    "256MiB",
    "Largest image, audio, video or document that is kept.",
  ),
});

const Outbound = z.strictObject({
  allow: setting(
    networkList(),
    [],
    "Private hosts and networks that MCP servers and media may be at. Without it the hub reaches public addresses only.",
  ),
});

const Mcp = z.strictObject({
  rounds: setting(wholeNumber(1, 1000), 16, "Most rounds of calls to MCP servers within one interaction."),
  connect_timeout: setting(duration(100, longestTimer), "10s", "How long an MCP server may take to be reached."),
  call_timeout: setting(duration(100, longestTimer), "1m", "How long one call of a tool may take."),
  tools_per_server: setting(wholeNumber(1, 10_000), 128, "Most tools that an MCP server may list."),
  result_bytes: setting(size(kibi, largestBody), "1MiB", "Largest result of one call."),
});

const Simulator = z.strictObject({
  enabled: setting(yesOrNo(), true, "Whether there is a simulator, under its own names at least."),
  token_interval_ms: setting(wholeNumber(0, 60_000), 8, "Pause between two pieces of the simulator's streams."),
  agent_step_ms: setting(wholeNumber(0, 600_000), 700, "Time that the simulator's agents take for a step."),
  answers_for_gemini: setting(
    yesNoOrAuto(),
    "auto",
    "Whether the simulator answers for Gemini's models and agents; `auto`: while there is no upstream of kind `gemini`.",
  ),
});

const Graphql = z.strictObject({
  introspection: setting(yesOrNo(), true, "Whether GraphQL tells its schema."),
  graphiql: setting(yesOrNo(), true, "Whether `/graphql` shows GraphiQL to browsers."),
  tokens: setting(wholeNumber(100, 100_000), 4000, "Most words and signs in a GraphQL document."),
  depth: setting(wholeNumber(1, 1000), 20, "Deepest nesting of fields in a GraphQL operation."),
  aliases: setting(wholeNumber(0, 10_000), 50, "Most aliases in a GraphQL document."),
  cost: setting(
    wholeNumber(100, 1_000_000_000),
    100_000,
    "Most objects that a GraphQL operation may ask for, by its pages and an estimate for other lists.",
  ),
  persisted_documents: optionalSetting(
    path("file|folder"),
    "none",
    "Documents that clients may name by id: a JSON file of ids and documents, or a folder of `id.graphql` files.",
  ),
  persisted_only: setting(yesOrNo(), false, "Whether only those documents are answered."),
  subscribers: setting(
    wholeNumber(1, 1_000_000),
    1000,
    "Most subscriptions at the same time, of all clients together.",
  ),
  buffered_bytes: setting(
    size(kibi, largestBody),
    "4MiB",
    "Most bytes that may wait for one WebSocket before it is closed.",
  ),
  stall_timeout: setting(
    duration(100, longestTimer),
    "30s",
    "How long a subscriber may take nothing before it is cut off; it can resume.",
  ),
});

/**
 * Every setting, strict, with its default. Input is what YAML, flags and environment say once they are laid over each
 * other; output is what the rest of the server reads: sizes in bytes, times in milliseconds, keys as digests.
 */
export const Configuration = z
  .strictObject({
    host: setting(hostAddress(), "127.0.0.1", "Address to listen on. Any but a loopback address needs API keys."),
    port: setting(wholeNumber(0, 65_535), 4460, "Port to listen on; 0 takes any free one."),
    data: requiredSetting(path("folder"), "the platform's user data folder", "Folder of everything that is stored."),
    db: requiredSetting(
      path("file|:memory:"),
      "interactions-hub.db in the data folder",
      "Database file; `:memory:` forgets everything at the end.",
    ),
    log_level: setting(
      choice(["silent", "fatal", "error", "warn", "info", "debug", "trace"]),
      "info",
      "Least severe log lines to write. Prompts appear only in `debug` and `trace`.",
    ),
    api_keys: secretEntries(
      ApiKeyEntry,
      "expected a list of entries with name and key",
      "Keys of which clients must send one. In YAML a list of `name` with `key`, `key_file` or `key_env`; in the " +
        "environment keys separated by commas.",
      { structured: false, write: writeApiKey },
    ),
    allowed_hosts: setting(hostList(), [], "Host names by which clients may reach the hub, besides loopback names."),
    allowed_origins: setting(
      originList(),
      ["loopback"],
      "Origins whose web pages may use the hub. `loopback` stands for the pages that this machine serves itself.",
    ),
    revision: setting(
      choice(["auto", "legacy", "steps"]),
      "auto",
      "Wire revision to answer in; `auto` tells it from each request.",
    ),
    retention: Retention,
    limits: Limits.prefault({}),
    upstreams: secretEntries(
      UpstreamEntry,
      "expected a list of entries with name and kind",
      "Servers whose models the hub offers. In YAML a list; in the environment the same as YAML or JSON.",
      { structured: true, write: writeUpstream },
    ),
    aliases: mapSetting(
      aliasMap(),
      "Further names for models: each for `upstream/model`, or for a list that is tried in turn until one answers.",
    ),
    default_model: optionalSetting(
      text("model", "an upstream, upstream/model or an alias", /^[^\s\p{Cc}]{1,256}$/u),
      "none",
      "Who answers for names that nobody has: an upstream, which gets them as they are, `upstream/model` or an alias.",
    ),
    discover: setting(
      yesOrNo(),
      true,
      "Whether the hub, while no upstreams are set up, looks for `GEMINI_API_KEY`, `OPENAI_API_KEY` and model servers on " +
        "this machine.",
    ),
    outbound: Outbound.prefault({}),
    mcp: Mcp.prefault({}),
    simulator: Simulator.prefault({}),
    graphql: Graphql.prefault({}),
    heartbeat_ms: setting(wholeNumber(10, longestTimer), 15_000, "Pause after which a silent stream sends a comment."),
  })
  .superRefine((settings, context) => {
    const names = settings.api_keys.map(({ name }) => name);
    const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
    const refuse = (path: string | (string | number)[], message: string): void =>
      context.addIssue({ code: "custom", path: [path].flat(), message });
    if (twice !== -1) refuse(["api_keys", twice, "name"], `the name ${names[twice]} is already taken`);
    refuseUpstreams(settings.upstreams, settings.port, refuse);
    refuseDefault(settings, refuse);
    if (settings.graphql.persisted_only && settings.graphql.persisted_documents === undefined) {
      refuse(["graphql", "persisted_only"], "needs persisted_documents");
    }
    if (names.length > 0) return;
    const without = "is not allowed without api_keys";
    if (!isLoopbackHost(settings.host)) {
      refuse(
        "host",
        `listening on ${settings.host}, which others can reach, ${without}; set ${variablePrefix}API_KEYS`,
      );
    }
    if (settings.allowed_hosts.includes("*")) refuse("allowed_hosts", `* ${without}`);
    if (settings.allowed_origins.includes("*")) refuse("allowed_origins", `* ${without}`);
  });
export type Configuration = z.infer<typeof Configuration>;

/** The one table from which the command line, the environment, `--help` and the README are derived. */
export const settings: readonly Setting[] = listSettings(Configuration);
