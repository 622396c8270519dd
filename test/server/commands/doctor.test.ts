import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ConfigurationError } from "../../../server/configuration/configuration-error.ts";
import { type CommandLineOptions, commandLine, jsonLines } from "../../cases/command-line.ts";
import { startTestHub } from "../../cases/start-test-hub.ts";

type Finding = { name: string; state: string; finding: string; advice?: string };

async function examined(...flags: string[]) {
  return examinedBy({}, ...flags);
}

async function examinedBy(options: CommandLineOptions, ...flags: string[]) {
  const { seen, run } = commandLine(options);
  const code = await run("doctor", "--json", "--discover", "false", ...flags);
  const [document] = jsonLines(seen.out) as { ok: boolean; checks: Finding[] }[];
  const found = new Map((document?.checks ?? []).map((check) => [check.name, check]));
  return { code, ok: document?.ok, found };
}

describe("doctor", () => {
  test("finds nothing wrong with a new folder, makes nothing in it, and warns that there is only the simulator", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hub-doctor-"));
    const { code, ok, found } = await examined("--data", join(folder, "new"), "--port", "0");
    expect([code, ok]).toEqual([0, true]);
    expect(found.get("data folder")).toMatchObject({ state: "ok" });
    expect(found.get("database")).toMatchObject({ state: "ok" });
    expect(found.get("upstreams")).toMatchObject({ state: "warning" });
    expect(found.get("program")?.finding).toContain(process.versions.node);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("tells of a setting that cannot be used, a file that is none of ours, and a port that is taken", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hub-doctor-"));
    expect((await examined("--port", "high")).found.get("settings")).toMatchObject({
      state: "failure",
      // What prints the settings that hold would fail at the same one.
      advice: expect.not.stringContaining("interactions-hub config"),
    });

    const foreign = join(folder, "foreign.db");
    writeFileSync(foreign, "this is no database, however long the text may be".repeat(100));
    const hub = await startTestHub({ db: join(folder, "served.db") });
    try {
      const taken = await examined("--db", foreign, "--port", String(hub.port));
      expect(taken.code).toBe(1);
      expect(taken.found.get("database")).toMatchObject({ state: "failure", advice: expect.stringContaining("--db") });
      expect(taken.found.get("port")).toMatchObject({ state: "failure", advice: expect.stringContaining("--port") });

      const served = await examined("--db", join(folder, "served.db"), "--port", String(hub.port));
      expect(served.code).toBe(0);
      expect(served.found.get("lock")?.finding).toContain(hub.url);
      expect(served.found.get("port")).toMatchObject({ state: "ok" });
      expect(served.found.get("contents")).toMatchObject({ state: "ok" });
    } finally {
      await hub.close();
    }
  });

  test("of a build that unpacks its addon makes no folder for it, and tells where it cannot be unpacked", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hub-doctor-"));
    const data = join(folder, "new");
    const nativeBinding = async (into: string) => {
      mkdirSync(into, { recursive: true });
      return "unpacked";
    };
    const fresh = await examinedBy({ binding: { nativeBinding } }, "--data", data, "--port", "0");
    expect(fresh.found.get("addon")).toMatchObject({ state: "ok", finding: `the first start unpacks it into ${data}` });
    expect(fresh.found.has("database")).toBe(false);
    expect(readdirSync(folder)).toEqual([]);

    const db = join(folder, "hub.db");
    await (await startTestHub({ db })).close();
    const refusing = async (into: string): Promise<string> => {
      throw new ConfigurationError(`data: cannot unpack the addon into the folder ${into}; choose another with --data`);
    };
    const refused = await examinedBy({ binding: { nativeBinding: refusing } }, "--data", folder, "--db", db);
    expect(refused.code).toBe(1);
    expect(refused.found.get("addon")).toEqual({
      name: "addon",
      state: "failure",
      finding: `cannot unpack the addon into the folder ${folder}`,
      advice: "choose another with --data",
    });
    expect(refused.found.has("port") && refused.found.has("upstreams")).toBe(true);

    const checking = commandLine({ binding: { nativeBinding } });
    expect(await checking.run("migrate", "--check", "--data", data)).toBe(0);
    expect(await checking.run("migrate", "--check", "--data", data, "--db", db)).toBe(1);
    expect(checking.seen.error).toContain(
      `the folder ${data} does not exist, and the addon of the database is unpacked`,
    );
    expect(readdirSync(folder)).not.toContain("new");
  });

  test("asks each upstream, and fails with what to do where one does not answer", async () => {
    const upstreams = "[{name: gone, kind: openai-chat, base_url: 'http://127.0.0.1:9/v1', retries: 0}]";
    const { seen, run } = commandLine({ env: { INTERACTIONS_HUB_UPSTREAMS: upstreams } });
    expect(await run("doctor", "--db", ":memory:", "--port", "0")).toBe(1);
    expect(seen.out).toMatch(/✗ upstream gone +openai-chat at http:\/\/127.0.0.1:9\/v1: .+\n +see its address and key/);
    expect(seen.out).toMatch(/✓ data folder +none: everything is in memory/);
  });

  test("tells of an alias and of a default model that lead to nobody, and nothing of those that lead somewhere", async () => {
    const env = {
      INTERACTIONS_HUB_ALIASES: "{gone: nowhere/model, fine: simulator/simulator, finer: fine}",
      INTERACTIONS_HUB_DEFAULT_MODEL: "finer",
    };
    const { seen, run } = commandLine({ env });
    expect(await run("doctor", "--json", "--db", ":memory:", "--port", "0", "--discover", "false")).toBe(1);
    const [{ checks }] = jsonLines(seen.out) as [{ checks: Finding[] }];
    const told = checks.filter(({ name }) => /^(?:alias|default_model)/.test(name));
    expect(told).toMatchObject([
      { name: "alias gone", state: "failure", finding: expect.stringContaining("nowhere/model") },
    ]);
  });
});
