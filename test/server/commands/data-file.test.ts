import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommand } from "../../../server/commands/run-command.ts";
import { commandLine, jsonLines } from "../../cases/command-line.ts";
import { startTestHub } from "../../cases/start-test-hub.ts";

const folder = mkdtempSync(join(tmpdir(), "hub-commands-"));
const db = join(folder, "served.db");

let hub: Awaited<ReturnType<typeof startTestHub>>;
beforeAll(async () => {
  hub = await startTestHub({ db });
});
afterAll(() => hub.close());

/** Runs a command over a data file; nobody names a hub. */
async function run(argv: string[], options: { input?: string; file?: string; env?: { [name: string]: string } } = {}) {
  const { input, file = db, env = {} } = options;
  const { seen, run: command } = commandLine({ env, ...(input === undefined ? {} : { input }) });
  const code = await command(...argv, "--db", file, "--discover", "false");
  return { code, ...seen };
}

/** Asks the hub that serves the file, and gives the id. */
async function asked(question: string, ...flags: string[]): Promise<string> {
  const { code, out, error } = await run(["ask", "-q", "--json", question, ...flags]);
  expect(error).toBe("");
  expect(code).toBe(0);
  const [created] = jsonLines(out) as { interaction: { id: string } }[];
  return created?.interaction.id ?? "";
}

describe("commands that name no hub", () => {
  test("find the one that serves the data file", async () => {
    const id = await asked("Hello");
    const response = await fetch(`${hub.url}/v1beta/interactions/${id}`);
    expect(await response.json()).toMatchObject({ id, status: "completed" });
  });

  test("start one of their own where nobody serves it, and leave the file free", async () => {
    const file = join(folder, "own.db");
    expect((await run(["ask", "-q", "My name is Ada"], { file })).out).toBe("Nice to meet you, Ada.\n");
    const { out } = await run(["chains", "list", "--json"], { file });
    expect(jsonLines(out)).toMatchObject([{ status: "completed", input: "My name is Ada" }]);
    expect(existsSync(`${file}.server`)).toBe(false);
  });

  test("ask whom the settings prefer, and the model of --previous before that", async () => {
    const file = join(folder, "preferring.db");
    const env = { INTERACTIONS_HUB_ALIASES: "{quick: simulator/simulator, other: simulator/simulator}" };
    const first = await run(["ask", "Hi"], { file, env });
    expect(first.error).toContain("asking quick; choose another with --model");
    const byDefault = await run(["ask", "Hi", "--default-model", "other"], { file, env });
    expect(byDefault.error).toContain("asking other;");
    const [, id = ""] = /^(v1_\S+)/m.exec(byDefault.error) ?? [];
    const next = await run(["ask", "Go on", "--previous", id], { file, env });
    expect(next.error).not.toContain("asking");
    const { out } = await run(["chains", "list", "--json", "--limit", "1"], { file, env });
    expect(jsonLines(out)).toMatchObject([{ model: "other", previousId: id }]);
  });

  test("use a key of the settings where the hub wants one, and say so where there is none that fits", async () => {
    const file = join(folder, "keyed.db");
    const keyed = await startTestHub({ db: file, api_keys: [{ name: "one", key: "sesame" }] });
    try {
      const refused = await run(["ask", "Hi"], { file });
      expect(refused.code).toBe(1);
      expect(refused.error).toContain("set INTERACTIONS_HUB_KEY");
      expect((await run(["ask", "Hi"], { file, env: { INTERACTIONS_HUB_API_KEYS: "sesame" } })).code).toBe(0);
      expect((await run(["ask", "Hi"], { file, env: { INTERACTIONS_HUB_KEY: "sesame" } })).code).toBe(0);
      expect((await run(["ask", "Hi"], { file, env: { INTERACTIONS_HUB_KEY: "wrong" } })).code).toBe(1);
    } finally {
      await keyed.close();
    }
  });
});

describe("chains export and import", () => {
  test("what a serving hub stores goes through a file into another, byte for byte", async () => {
    const root = await asked("Root");
    const tip = await asked("Tip", "--previous", root);
    const file = join(folder, "chains.jsonl");
    const exported = await run(["chains", "export", root, "--output", file, "--json"]);
    expect(exported.code).toBe(0);
    expect(jsonLines(exported.out)).toMatchObject([{ file, interactions: 2, unfinished: 0, unsound: 0 }]);
    if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);

    const other = join(folder, "other.db");
    const imported = await run(["chains", "import", file], { file: other });
    expect(imported).toMatchObject({ code: 0, out: "", error: "imported 2 interactions and 0 media\n" });
    const again = await run(["chains", "export", tip, "--only", "ancestors"], { file: other });
    expect(again.out).toBe(readFileSync(file, "utf8"));

    const twice = await run(["chains", "import", file], { file: other });
    expect(twice.code).toBe(1);
    expect(twice.error).toMatch(/^interactions-hub: .*: line 2: /);
    const skipped = await run(["chains", "import", "-", "--existing", "skip", "--json"], {
      file: other,
      input: again.out,
    });
    expect(jsonLines(skipped.out)).toMatchObject([{ interactions: 0, skipped: 2 }]);
    expect((await run(["chains", "import", file, "--ids", "new", "-q"], { file: other })).error).toBe("");
    expect(jsonLines((await run(["chains", "list", "--json"], { file: other })).out)).toHaveLength(4);
  });

  test("an export never overwrites, and leaves nothing behind that is not whole", async () => {
    const file = join(folder, "taken.jsonl");
    writeFileSync(file, "mine");
    expect((await run(["chains", "export", "--output", file])).error).toContain("exists already");
    expect(readFileSync(file, "utf8")).toBe("mine");
    const absent = await run(["chains", "export", "v1_absent", "--output", join(folder, "none.jsonl")]);
    expect(absent.code).toBe(3);
    expect(readdirSync(folder).filter((name) => name.startsWith("none.jsonl"))).toEqual([]);
    expect((await run(["chains", "export", "--only", "ancestors"])).code).toBe(2);
    expect((await run(["chains", "export", "v1_x", "--status", "failed"])).code).toBe(2);
  });

  test.each([["chains", "export", "--output"], ["backup"]])(
    "%j that is interrupted leaves nothing behind",
    async (...argv) => {
      await asked("Something to copy");
      const { seen, outside } = commandLine();
      const target = join(folder, "interrupted");
      const stopped = { ...outside, onStopSignal: (listener: (exitCode: number) => void) => listener(130) };
      expect(await runCommand([...argv, target, "--db", db], stopped)).toBe(130);
      expect(seen.error).toContain("was interrupted, and left nothing behind");
      expect(readdirSync(folder).filter((name) => name.startsWith("interrupted"))).toEqual([]);
    },
  );

  test("an import is refused while a hub serves the file, with who it is and what to do", async () => {
    const { code, error } = await run(["chains", "import", "-"], { input: "" });
    expect(code).toBe(1);
    expect(error).toContain(hub.url);
    expect(error).toContain("stop the hub");
  });

  test("a file that is none says where it is wrong, and changes nothing", async () => {
    const file = join(folder, "unchanged.db");
    const { code, error } = await run(["chains", "import", "-"], { file, input: "no JSON\n" });
    expect(code).toBe(1);
    expect(error).toMatch(/^interactions-hub: standard input: line 1: .*\n$/);
    expect(jsonLines((await run(["chains", "list", "--json"], { file })).out)).toEqual([]);
  });
});

test("what is no file is not imported, and told by its name", async () => {
  const { code, error } = await run(["chains", "import", folder], { file: join(folder, "importing.db") });
  expect(code).toBe(1);
  expect(error).toBe(`interactions-hub: ${folder} is a folder; name the file of an export\n`);
});

describe("backup and migrate", () => {
  test("a backup is made while the hub serves, and is a data file of its own", async () => {
    const id = await asked("Keep this");
    const target = join(folder, "backup.db");
    expect(await run(["backup", target])).toMatchObject({ code: 0, error: "" });
    const { out } = await run(["chains", "list", "--json", "--text", '"keep this"'], { file: target });
    expect(jsonLines(out).map((line) => line.id)).toEqual([id]);
    const twice = await run(["backup", target]);
    expect(twice.code).toBe(1);
    expect(twice.error).toContain("exists already");
  });

  test("an older file is told of by --check, upgraded by migrate, and kept as it was", async () => {
    const file = join(folder, "older.db");
    const fixture = new URL("../../fixtures/schemas/schema-1.db.gz", import.meta.url);
    writeFileSync(file, gunzipSync(readFileSync(fixture)));
    const checked = await run(["migrate", "--check", "--json"], { file });
    expect(checked.code).toBe(1);
    const [checkedAs] = jsonLines(checked.out) as [{ known: number }];
    expect(checkedAs).toMatchObject({ file: "older", applied: 1 });
    const told = `interactions-hub migrate --db ${file} or the next start upgrades it`;
    for (const command of [["migrate", "--check"], ["doctor"]]) {
      expect((await run([...command, "--port", "0"], { file })).out).toContain(told);
    }
    const exported = await run(["chains", "export"], { file });
    expect(exported.code).toBe(1);
    expect(exported.error).toContain(`run interactions-hub migrate --db ${file} first`);
    const migrated = await run(["migrate", "--json"], { file });
    expect(migrated).toMatchObject({ code: 0, error: `upgrading ${file} from schema 1 to ${checkedAs.known} …\n` });
    const [{ upgraded }] = jsonLines(migrated.out) as [{ upgraded: { from: number; kept: string } }];
    expect(upgraded.from).toBe(1);
    expect(existsSync(upgraded.kept)).toBe(true);
    expect((await run(["migrate", "--check"], { file })).code).toBe(0);
    expect((await run(["migrate"], { file })).out).toContain("is up to date");
  });

  test("a hub of a command's own says that it upgrades, before and after, unless that is not to be told", async () => {
    const fixture = new URL("../../fixtures/schemas/schema-1.db.gz", import.meta.url);
    const [file, silent] = [join(folder, "loud.db"), join(folder, "silent.db")];
    for (const each of [file, silent]) writeFileSync(each, gunzipSync(readFileSync(fixture)));
    expect((await run(["chains", "list"], { file })).error).toMatch(
      /^upgrading .*loud\.db from schema 1 to \d+ …\nupgraded .*loud\.db from schema 1 to \d+; as it was/,
    );
    expect((await run(["chains", "list", "-q"], { file: silent })).error).toBe("");
    expect((await run(["migrate", "--check"], { file: silent })).code).toBe(0);
  });

  test("migrate is refused while a hub serves the file", async () => {
    expect(await run(["migrate"])).toMatchObject({ code: 1 });
    expect((await run(["migrate", "--check"])).code).toBe(0);
  });

  test.each([["backup", "x.db"], ["migrate"], ["chains", "export"]])(
    "%j says that there is no file",
    async (...argv) => {
      const { code, error } = await run(argv, { file: join(folder, "nowhere.db") });
      expect(code).toBe(1);
      expect(error).toContain(`There is no data file ${join(folder, "nowhere.db")}`);
    },
  );
});
