import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const product = ["server", "schema", "db"];

/** Paths from the root, with forward slashes, of every file below some folders. */
function filesIn(folders: string[], ending: RegExp): string[] {
  return folders
    .flatMap((folder) => readdirSync(join(root, folder), { withFileTypes: true, recursive: true }))
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => !/node_modules|^test\/fixtures\/|^schema\/generated\/.*\.json$/.test(path))
    .sort();
}

const text = (path: string): string => readFileSync(join(root, path), "utf8");
const sources = filesIn(product, /\.ts$/);

/** What a file imports: paths from the root for files of ours, names for packages. */
function importsOf(path: string): string[] {
  const statements = [
    /^\s*(?:import|export)\b[^;'"`]*?\bfrom\s*"([^"]+)"/gm,
    /^\s*import\s*"([^"]+)"/gm,
    /\bimport\(\s*"([^"]+)"/g,
  ];
  const names = statements.flatMap((statement) => [...text(path).matchAll(statement)].map((match) => match[1] ?? ""));
  return names.map((name) => (name.startsWith(".") ? join(dirname(path), name).split(sep).join("/") : name));
}

function isOurs(name: string): boolean {
  return [...product, "test", "bench", "build"].some((folder) => name.startsWith(`${folder}/`));
}

type Wall = { from: RegExp; except?: RegExp; may: (imported: string) => boolean; because: string };

const within =
  (...prefixes: string[]) =>
  (name: string) =>
    !isOurs(name) || prefixes.some((one) => name.startsWith(one));

const walls: Wall[] = [
  {
    from: /^schema\//,
    except: /^schema\/generated\//,
    may: (name) => within("schema/")(name) && !/^(?:node:|hono|@hono\/|pino|drizzle-orm|better-sqlite3)/.test(name),
    because: "schema/ knows nothing above it, does no I/O and runs anywhere",
  },
  { from: /^schema\/core\//, may: within("schema/core/"), because: "our words import nothing of ours" },
  {
    from: /^schema\/(?:archive|hub|provider|tool-server|upstream-state)\.ts$/,
    may: within("schema/core/"),
    because: "a port speaks in our words and in no wire's",
  },
  {
    from: /^schema\/transfer\.ts$/,
    may: within("schema/core/", "schema/archive.ts"),
    because: "the ports of export and import speak in our words too",
  },
  {
    from: /^schema\/transfer\//,
    may: within("schema/transfer/", "schema/core/"),
    because: "an export is made of our words and of no wire's",
  },
  {
    from: /^db\//,
    may: within("db/", "schema/core/", "schema/archive.ts", "schema/transfer.ts", "schema/transfer/records.ts"),
    because: "what is remembered must not change with a wire",
  },
  {
    from: /^server\/hub\//,
    may: within(
      "server/hub/",
      "db/",
      "schema/core/",
      "schema/hub.ts",
      "schema/provider.ts",
      "schema/tool-server.ts",
      "schema/upstream-state.ts",
    ),
    because: "the hub never sees a wire and knows no peer",
  },
  {
    from: /^server\/fronts\//,
    may: (name) => within("server/fronts/", "server/operation.ts", "schema/")(name) && name !== "schema/provider.ts",
    because: "fronts never see a provider and reach the rest through the hub's port",
  },
  {
    from: /^server\/providers\//,
    may: (name) =>
      within("server/providers/", "server/read-event-stream.ts", "schema/")(name) && name !== "schema/hub.ts",
    because: "providers answer calls and know nothing of who asks",
  },
  ...Object.entries({
    // What OpenAI's two protocols share, and what Google's two do.
    openai: [],
    google: [],
    "openai-chat": ["openai"],
    "openai-responses": ["openai"],
    "generate-content": ["google"],
    // For models that only speak that.
    gemini: ["google", "generate-content"],
    simulator: [],
  }).map(([kind, others]: [string, string[]]) => ({
    from: new RegExp(`^server/providers/${kind}/`),
    may: (name: string) =>
      !/^server\/providers\/.*\//.test(name) ||
      [kind, ...others].some((folder) => name.startsWith(`server/providers/${folder}/`)),
    because: "kinds of upstream are peers: what several need lies beside them, or in the folder of their vendor",
  })),
  {
    from: /^server\/tools\//,
    may: within("server/tools/", "schema/core/", "schema/tool-server.ts"),
    because: "tools answer the hub and know nothing of models",
  },
  {
    from: /^server\/transfer\//,
    may: within(
      "server/transfer/",
      "server/hub/answer-size.ts",
      "schema/core/",
      "schema/archive.ts",
      "schema/transfer.ts",
      "schema/transfer/",
    ),
    because: "exports are read and written through a port, and know of no hub that runs",
  },
  {
    from: /^server\/outside\.ts$/,
    may: within("server/outbound/", "server/tools/", "server/providers/", "server/configuration/", "schema/"),
    because: "compose.ts leaves the ways out to it, and neither hub nor fronts",
  },
  {
    from: /^server\/outbound\//,
    may: within("server/outbound/", "schema/core/"),
    because: "the way out knows neither who goes nor where",
  },
  {
    from: /^server\/http\//,
    may: within("server/http/", "server/operation.ts", "server/loopback.ts", "server/log.ts", "schema/"),
    because: "peers never import each other; compose.ts brings them together",
  },
  {
    from: /^server\/configuration\//,
    may: within("server/configuration/", "server/loopback.ts", "server/log.ts", "schema/core/"),
    because: "settings come before everything that they set",
  },
  {
    from: /^server\/commands\//,
    may: within(
      "server/commands/",
      "server/configuration/",
      "server/transfer/",
      "server/log.ts",
      "server/read-event-stream.ts",
      "schema/core/",
      "schema/archive.ts",
      "schema/transfer.ts",
    ),
    because: "commands are clients: they reach a hub over HTTP, and files through what they are given",
  },
  {
    from: /^server\/compose-tools\.ts$/,
    may: within("db/", "server/commands/tools.ts", "server/configuration/", "schema/core/"),
    because: "it puts together what needs no server",
  },
  {
    from: /^server\/main\.ts$/,
    may: within(
      "server/commands/process.ts",
      "server/commands/run-command.ts",
      "server/compose.ts",
      "server/compose-tools.ts",
      "server/log.ts",
      "server/native-binding.ts",
    ),
    because: "main.ts reads argv and the environment, nothing else",
  },
  {
    from: /^server\/entries\//,
    may: within(
      "server/entries/",
      "server/configuration/",
      "server/compose.ts",
      "server/log.ts",
      "server/native-binding.ts",
    ),
    because: "entries are what builds add around the same server",
  },
  {
    from: /^server\/(?:log|loopback|native-binding|operation|read-event-stream)\.ts$/,
    may: within("schema/core/"),
    because: "what all may use, uses nobody",
  },
];

describe("the walls", () => {
  test("stand around real folders: every file of server/ but compose.ts is behind one", () => {
    const behind = (path: string): boolean => walls.some(({ from }) => from.test(path));
    expect(sources.filter((path) => path !== "server/compose.ts" && !behind(path))).toEqual([]);
    expect(sources.flatMap(importsOf).filter(isOurs).length).toBeGreaterThan(50);
  });

  test.each(walls)("$from hold, because $because", ({ from, except, may }) => {
    const files = sources.filter((path) => from.test(path) && !except?.test(path));
    const breaches = files.flatMap((path) =>
      importsOf(path)
        .filter((name) => !may(name))
        .map((name) => `${path} imports ${name}`),
    );
    expect(breaches).toEqual([]);
  });

  test("every import of ours names a file that exists", () => {
    const known = new Set([...sources, "package.json"]);
    const missing = sources.flatMap((path) =>
      importsOf(path)
        .filter((name) => isOurs(name) && name.endsWith(".ts") && !known.has(name))
        .map((name) => `${path} imports ${name}`),
    );
    expect(missing).toEqual([]);
  });
});

describe("the outside world enters in one place", () => {
  const doors = new Set([
    "server/main.ts",
    "server/entries/start-hub.ts",
    "server/compose.ts",
    "schema/generated/generate.ts",
  ]);
  /** The source without comments and without the text of strings, where such words may stand. */
  const code = (path: string): string =>
    text(path)
      .replace(/\/\*[\s\S]*?\*\//g, "")
      .replace(/^\s*\/\/.*$/gm, "")
      .replace(/"(?:[^"\\\n]|\\.)*"/g, '""');

  test.each([
    ["the clock", /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b/],
    ["randomness", /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b|\bgetRandomValues\b/],
    ["the environment", /\bprocess\.(?:env|argv|exit|cwd)\b/],
    ["the console", /\bconsole\.|\bprocess\.(?:stdout|stderr)\b/],
  ])("%s", (_name, pattern) => {
    const users = sources.filter((path) => !doors.has(path) && pattern.test(code(path)));
    expect(users).toEqual([]);
  });
});

describe("files", () => {
  const written = filesIn([...product, "test", "bench", "build"], /\.(?:ts|mjs|py)$/);

  test("have at most 300 lines", () => {
    const lines = (path: string): number => text(path).trimEnd().split("\n").length;
    expect(written.filter((path) => lines(path) > 300).map((path) => `${path}: ${lines(path)}`)).toEqual([]);
  });

  test("are named for what they export", () => {
    const vague =
      /(?:^|[-/.])(?:utils?|helpers?|common|misc|manager|services?)\.[a-z]+$|\/(?:index|types|shared|lib)\.[a-z]+$/;
    expect(written.filter((path) => vague.test(path))).toEqual([]);
    const other = /^[a-z0-9]+(?:[-.][a-z0-9]+)*\.ts$/;
    expect(written.filter((path) => path.endsWith(".ts") && !other.test(path.split("/").at(-1) ?? ""))).toEqual([]);
  });

  test("export by name what they made themselves", () => {
    const forwarded = /^\s*export\s*(?:\*|(?:type\s*)?\{[^}]*\}\s*from)/m;
    expect(written.filter((path) => path.endsWith(".ts") && forwarded.test(text(path)))).toEqual([]);
    expect(written.filter((path) => path.endsWith(".ts") && /^\s*export\s+default\b/m.test(text(path)))).toEqual([]);
  });

  test("use no enums and silence no checker", () => {
    const silenced = new RegExp(["@ts-(?:ignore|expect-error|nocheck)", "biome-" + "ignore", "TO" + "DO\\b"].join("|"));
    const offenders = written.filter((path) => path !== "test/architecture.test.ts" && silenced.test(text(path)));
    expect(offenders).toEqual([]);
    expect(sources.filter((path) => /^\s*(?:export\s+)?(?:const\s+)?enum\s/m.test(text(path)))).toEqual([]);
  });
});
