import { mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { commandsTable } from "../../../server/commands/commands-table.ts";
import { exitCodes } from "../../../server/commands/exit-codes.ts";
import { runCommand } from "../../../server/commands/run-command.ts";
import { configurationTable } from "../../../server/configuration/configuration-table.ts";
import { loadConfiguration } from "../../../server/configuration/load-configuration.ts";
import type { StartHub } from "../../../server/configuration/running-hub.ts";
import { settings } from "../../../server/configuration/schema.ts";
import { type CommandLineOptions, commandLine, jsonLines } from "../../cases/command-line.ts";
import { parsedSettings } from "../../cases/parsed-settings.ts";

const runningHub: Awaited<ReturnType<StartHub>> = {
  url: "http://127.0.0.1:4460",
  port: 4460,
  describe: () => ({
    simulator_answers_for: "every model",
    data_file: ":memory:",
    upstreams: [{ name: "ollama", line: "Ollama at http://127.0.0.1:11434 (2 models)" }],
    example_model: "gemini-2.5-flash",
  }),
  close: async () => {},
};

/** A command line that starts no real hub, unless told otherwise. */
function outside(options: CommandLineOptions = {}) {
  return commandLine({ startHub: async () => runningHub, ...options });
}

async function listening(seen: { out: string }): Promise<void> {
  await expect.poll(() => seen.out).toContain("listens on");
}

describe("the command line", () => {
  test("--help names every flag and wins over mistakes beside it", async () => {
    const { seen, run } = outside();
    expect(await run("--nonsense", "--help")).toBe(0);
    for (const { flag } of settings) if (flag !== undefined) expect(seen.out).toContain(`${flag} <`);
    expect(seen.out).toContain("INTERACTIONS_HUB_API_KEYS");
    expect(seen.out).toContain("INTERACTIONS_HUB_UPSTREAMS");
    expect(seen.out).not.toContain("--upstreams");
  });

  test("--help on a command names its flags and all exit codes, wherever it stands", async () => {
    const texts = await Promise.all(
      [
        ["help", "chains", "export"],
        ["chains", "export", "--help"],
        ["-h", "chains", "export"],
      ].map(async (argv) => {
        const { seen, run } = outside();
        expect(await run(...argv)).toBe(0);
        return seen.out;
      }),
    );
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain("--only <part>");
    for (const { code } of Object.values(exitCodes)) expect(texts[0]).toMatch(new RegExp(`^  ${code} `, "m"));
  });

  test("flags may stand before the command, and after -- there are none", async () => {
    const { seen, run } = outside();
    expect(await run("--port", "1234", "config", "--json")).toBe(0);
    expect(JSON.parse(seen.out)).toMatchObject({ port: 1234 });
    expect(await run("config", "--", "--port")).toBe(2);
    expect(seen.error).toContain('unexpected argument "--port"');
  });

  test("who has read enough is no failure", async () => {
    const { outside: given } = commandLine();
    const write = () => Promise.reject(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    expect(await runCommand(["config"], { ...given, output: { isTerminal: false, write } })).toBe(0);
  });

  test("--version prints a version", async () => {
    const { seen, run } = outside();
    expect(await run("--version")).toBe(0);
    expect(seen.out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test.each([
    [["--prot", "1"], "unknown flag --prot; did you mean --port?"],
    [["--port"], "--port needs a value"],
    [["--port", "--host"], "--port needs a value"],
    [["serv"], 'unknown command "serv"; did you mean serve?'],
    [["config", "serve"], 'unexpected argument "serve"'],
    [["chains"], "chains needs a command: list, show, delete, export or import"],
    [["chains", "lst"], 'unknown command "chains lst"; did you mean list?'],
    [["tail"], "tail needs <id>"],
    [["chains", "import", "x", "--ids", "other"], '--ids: expected keep or new, not "other"'],
    [["chains", "list", "--limit", "many"], '--limit: expected a whole number from 1 to 1000000, not "many"'],
    [["chains", "list", "--status", "fine"], "--status: expected one of in_progress"],
    [["chains", "list", "--since", "lately"], "--since: expected a time"],
    [["ask"], "ask needs a question"],
    [["ask", "x", "--model", "a", "--agent", "b"], "not both"],
    [["ask", "x", "--url", "here"], "the address of the hub"],
    [["ask", "x", "--url", "http://me:hush@host"], "it takes no name and no password"],
    [["ask", "x", "--model", ""], "--model is empty"],
    [["ask", "x", "--file", "a", "--file", ""], "--file is empty"],
    [["ask", ""], "ask: <question> is empty"],
    [["tail", ""], "tail: <id> is empty"],
    [["tail", "x", "--url="], "--url is empty"],
    [["config", "--config", ""], "--config is empty"],
    [["--db", ""], "--db is empty"],
    [["chains", "export", "x", ""], "chains export: <ids> is empty"],
    [["chains", "export", "--output", ""], "--output is empty"],
    [["backup", ""], "backup: <target> is empty"],
    [["backup", "-"], "backup writes a file"],
    [["models", "--json=true"], "--json takes no value"],
    [["completion", "csh"], "completion knows bash, zsh, fish"],
    [["-x"], "unknown flag -x"],
    [["--api-keys=hush"], "keys are not taken from the command line"],
    [["ask", "x", "--api-keys", "hush"], "keys are not taken from the command line"],
    [["--api-keys", "hush"], "keys are not taken from the command line"],
  ])("%j is a usage error", async (argv, message) => {
    const { seen, run } = outside();
    expect(await run(...argv)).toBe(2);
    expect(seen.error).toContain(message);
    expect(seen.error).not.toContain("hush");
    expect(seen.error.trimEnd()).not.toContain("\n");
  });

  test("a setting that cannot be used ends with 1 and one line", async () => {
    const { seen, run } = outside();
    expect(await run("--port", "high")).toBe(1);
    expect(seen.error).toBe('interactions-hub: port: expected a whole number from 0 to 65535, not "high" (--port)\n');
  });

  test("config prints what holds, in the form of a file, with keys masked", async () => {
    const { seen, run } = outside({ env: { INTERACTIONS_HUB_API_KEYS: "hush" } });
    const flags = ["--port", "1234", "--retention-profile", "free", "--limits-body-bytes", "1MiB"];
    expect(await run("config", ...flags)).toBe(0);
    expect(seen.out).not.toContain("hush");
    const printed = parse(seen.out);
    expect(printed).toMatchObject({ port: 1234, limits: { body_bytes: "1MiB" }, api_keys: [{ name: "key-1" }] });

    const reloaded = await loadConfiguration(
      parsedSettings(["--config", "f"]),
      { INTERACTIONS_HUB_API_KEYS: "hush" },
      async () => seen.out,
    );
    expect(reloaded).toEqual(
      await loadConfiguration(parsedSettings(flags), { INTERACTIONS_HUB_API_KEYS: "hush" }, async () => ""),
    );
  });

  test("the README's tables have every command with its flags, and every exit code", () => {
    const table = commandsTable();
    for (const command of ["serve", "chains export [ids…]", "tail <id>", "completion <shell>"]) {
      expect(table).toContain(`| \`${command}\` |`);
    }
    expect(table).toContain("`--only`");
    for (const { code, meaning } of Object.values(exitCodes)) expect(table).toContain(`| ${code} | ${meaning} |`);
  });

  test("the README's table has a row for every setting, and for what entries of lists may hold", () => {
    const table = configurationTable();
    for (const { key, variable, members } of settings) {
      for (const member of members) expect(table).toContain(`| \`${key}[].${member.key}\` |  |  |`);
      expect(table).toContain(`| \`${key}\` |`);
      expect(table).toContain(`\`${variable}\``);
    }
    expect(
      new Set(
        table
          .trimEnd()
          .split("\n")
          .map((row) => row.replaceAll("\\|", "").split("|").length),
      ),
    ).toEqual(new Set([7]));
  });
});

describe("serve", () => {
  test("prints the address, the data file and a line to copy for each SDK, then stops once when asked", async () => {
    let closed = 0;
    const startHub: StartHub = async () => ({ ...runningHub, close: async () => void closed++ });
    const { seen, run } = outside({ startHub });
    const code = run("--db", ":memory:");
    await listening(seen);
    expect(seen.out).toContain("http://127.0.0.1:4460");
    expect(seen.out).toContain(
      'new GoogleGenAI({ apiKey: "local", httpOptions: { baseUrl: "http://127.0.0.1:4460" } })',
    );
    expect(seen.out).toContain('genai.Client(api_key="local", http_options={"base_url": "http://127.0.0.1:4460"})');
    expect(seen.out).toContain("curl http://127.0.0.1:4460/v1beta/interactions");
    expect(seen.out).toContain("in memory");
    expect(seen.out).toContain("ollama  Ollama at http://127.0.0.1:11434 (2 models)");
    seen.stop(130);
    seen.stop(130);
    expect(await code).toBe(0);
    expect(closed).toBe(1);
    expect(seen.exits).toEqual([]);
  });

  test("with --json says the same in one document, and with --quiet nothing", async () => {
    for (const [flag, length] of [
      ["--json", 1],
      ["--quiet", 0],
    ] as const) {
      const { seen, run } = outside();
      const code = run("--db", ":memory:", flag);
      await expect.poll(() => seen.log).toContain("listening");
      const lines = jsonLines(seen.out);
      expect(lines).toHaveLength(length);
      for (const line of lines) expect(line).toMatchObject({ url: "http://127.0.0.1:4460", data_file: ":memory:" });
      seen.stop(143);
      expect(await code).toBe(0);
    }
  });

  test("gives the server the variables by which upstreams are discovered, and no others", async () => {
    const env = { OPENAI_API_KEY: "one", GEMINI_API_KEY: "two", AWS_SECRET_ACCESS_KEY: "hush" };
    let given = {};
    const startHub: StartHub = async (_configuration, environment) => {
      given = environment.env;
      return runningHub;
    };
    const { seen, run } = outside({ env, startHub });
    const code = run("--db", ":memory:");
    await listening(seen);
    expect(given).toEqual({ OPENAI_API_KEY: "one", GEMINI_API_KEY: "two" });
    seen.stop(143);
    expect(await code).toBe(0);
  });

  test("a second signal, later than the echo of the first, ends the process at once", async () => {
    const { seen, run } = outside({ startHub: async () => ({ ...runningHub, close: () => new Promise(() => {}) }) });
    void run("--db", ":memory:");
    await listening(seen);
    seen.stop(143);
    seen.time = 2000;
    seen.stop(143);
    expect(seen.exits).toEqual([143]);
  });

  test.each([
    ["EADDRINUSE", "listen", "port: 4460 on 127.0.0.1 is already in use"],
    ["EACCES", "listen", "port: listening on port 4460"],
    ["EADDRNOTAVAIL", "listen", "host: 127.0.0.1 is no address of this machine"],
    ["SQLITE_CANTOPEN", undefined, "db: cannot use :memory:"],
  ])("%s becomes one clear line without a stack", async (code, syscall, message) => {
    const failure = Object.assign(new Error("cause"), { code, syscall });
    const { seen, run } = outside({ startHub: () => Promise.reject(failure) });
    expect(await run("--db", ":memory:")).toBe(1);
    expect(seen.error).toContain(message);
    expect(seen.error.trimEnd()).not.toContain("\n");
    expect(seen.log).toBe("");
  });

  test("a defect is logged whole and said to be one", async () => {
    const { seen, run } = outside({ startHub: () => Promise.reject(new TypeError("boom")) });
    expect(await run("--db", ":memory:")).toBe(1);
    expect(seen.error).toContain("because of a defect");
    expect(JSON.parse(seen.log).err).toMatchObject({ type: "TypeError", message: "boom" });
  });

  test("the data folder is made for its owner alone, and a file in its place is told", async () => {
    const root = mkdtempSync(join(tmpdir(), "hub-data-"));
    const { seen, run } = outside();
    const code = run("--data", join(root, "new", "folder"));
    await listening(seen);
    if (process.platform !== "win32") expect(statSync(join(root, "new", "folder")).mode & 0o777).toBe(0o700);
    seen.stop(143);
    expect(await code).toBe(0);

    writeFileSync(join(root, "file"), "");
    const second = outside();
    expect(await second.run("--data", join(root, "file"))).toBe(1);
    expect(second.seen.error).toContain(`data: cannot write to the folder ${join(root, "file")} (it is a file)`);
  });
});
