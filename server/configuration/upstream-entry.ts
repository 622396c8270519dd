import { z } from "zod";
import { baseUrl } from "./base-url.ts";
import { headerMap } from "./header-map.ts";
import { secretText } from "./secret-text.ts";
import { listMembers, mapSetting, optionalSetting, requiredSetting, setting } from "./setting.ts";
import { choice, duration, list, path, text, wholeNumber, yesOrNo } from "./value-kind.ts";

const minute = 60_000;
const openAi = "https://api.openai.com/v1";

/** The simulator has its own name, and `models/` and `agents/` before a name mean nothing to the wire. */
const taken = new Set(["simulator", "models", "agents"]);

const name = text(
  "name",
  "a name of at most 63 lower-case letters, digits, '.', '_' or '-', beginning with a letter or a digit",
  /^[a-z0-9][a-z0-9._-]{0,62}$/,
);

const Entry = z.strictObject(
  {
    name: requiredSetting(name, "", "What the upstream is called: its models are `name/model`."),
    kind: requiredSetting(
      choice(["openai-chat", "openai-responses", "gemini"]),
      "",
      "What it speaks: `openai-chat` (any OpenAI-compatible server), `openai-responses` or `gemini`.",
    ),
    base_url: optionalSetting(
      baseUrl(),
      "the vendor's own",
      "Where its API is, with `/v1` where there is one. `openai-chat` has no default.",
    ),
    key: optionalSetting(secretText(), "none", "Key to send. At most one of `key`, `key_env` and `key_file` is given."),
    key_env: optionalSetting(
      text("name", "the name of a variable", /./),
      "",
      "Environment variable that holds the key.",
    ),
    key_file: optionalSetting(path("file"), "", "File that holds the key."),
    headers: mapSetting(headerMap(), "Further headers to send, by name."),
    connect_timeout: setting(duration(100, 5 * minute), "5s", "How long a connection may take to open."),
    first_event_timeout: setting(
      duration(100, 60 * minute),
      "2m",
      "How long the first event of an answer may take, all attempts together: a local server loads its model in that time.",
    ),
    idle_timeout: setting(duration(100, 60 * minute), "2m", "Longest silence within an answer."),
    retries: setting(wholeNumber(0, 10), 2, "Further attempts while nothing has been answered."),
    models: setting(
      list("names", "names of models", (item) => (/^[^\s\p{Cc}]{1,256}$/u.test(item) ? item : undefined)),
      [],
      "Models that it offers; `none` asks the upstream itself.",
    ),
    inline_media: setting(yesOrNo(), false, "Whether the hub fetches media at URIs, for servers that fetch nothing."),
    caller_key: optionalSetting(yesOrNo(), "false", "`gemini` only: whether the key of whoever asks is used."),
    protocol: optionalSetting(
      choice(["auto", "interactions", "generate-content"]),
      "auto",
      "`gemini` only: which of Google's two protocols it is asked by; `auto` tells it from the model.",
    ),
  },
  { error: (issue) => (issue.code === "invalid_type" ? "expected an entry with name and kind" : undefined) },
);

type Entry = z.output<typeof Entry>;

/** What a list of entries may hold about one upstream, with the vendors' defaults filled in. */
export const UpstreamEntry = Entry.superRefine((entry, context) => {
  const { kind, base_url: url } = entry;
  const refuse = (path: string[], message: string): void => context.addIssue({ code: "custom", path, message });
  if (taken.has(entry.name)) refuse(["name"], `the name ${entry.name} is taken by the hub itself`);
  if (kind === "openai-chat" && url === undefined) {
    refuse(["base_url"], `is needed, because many servers speak openai-chat; OpenAI's own is ${openAi}`);
  }
  if (kind !== "gemini") {
    if (entry.caller_key === true) refuse(["caller_key"], "is for the kind gemini only");
    if (entry.protocol !== undefined) refuse(["protocol"], "is for the kind gemini only");
  }
  // With a server of one's own, or with a header that says who asks, there may well be no key.
  const nameless = entry.key === undefined && Object.keys(entry.headers).length === 0;
  if (kind !== "openai-chat" && url === undefined && nameless && entry.caller_key !== true) {
    const also = kind === "gemini" ? ", or caller_key" : "";
    refuse([], `needs key_env, key_file or key${also}: its vendor answers nobody without`);
  }
}).transform(({ caller_key = false, base_url, protocol, ...entry }) => {
  const upstream = {
    ...entry,
    base_url: base_url ?? (entry.kind === "openai-responses" ? openAi : undefined),
    caller_key,
    protocol: entry.kind === "gemini" ? (protocol ?? "auto") : undefined,
  };
  // The key must be plain for whoever sends it, and must not slip out with a dump of the settings.
  return Object.defineProperty(upstream, "toJSON", { value: () => writeUpstream(upstream) });
});

/** An upstream as it is set up. Times are milliseconds. */
export type UpstreamEntry = z.output<typeof UpstreamEntry>;

/** An upstream in the form of a configuration file: a key by where it comes from, or else as a mask. */
export function writeUpstream(upstream: UpstreamEntry): { [name: string]: unknown } {
  const shown: Partial<Entry> = { ...upstream };
  if (shown.key_env !== undefined || shown.key_file !== undefined) delete shown.key;
  if (upstream.kind !== "gemini") delete shown.caller_key;
  const values = new Map<string, unknown>(Object.entries(shown));
  const written = listMembers(Entry).map(({ key, write }) => [key, write(values.get(key))] as const);
  return Object.fromEntries(written.filter(([, value]) => value !== undefined));
}
