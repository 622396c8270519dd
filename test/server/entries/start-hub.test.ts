import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Hub, startHub } from "../../../server/entries/start-hub.ts";

let folder: string;
let first: Hub | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-start-"));
});
afterEach(async () => {
  await first?.close();
  first = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function refusal(options: Parameters<typeof startHub>[0]): Promise<string> {
  const error = await startHub(options).then(
    async (hub) => {
      await hub.close();
      return "it started";
    },
    (reason: Error) => reason.message,
  );
  return error;
}

describe("a hub that cannot start within a program", () => {
  test("names the port that is taken", async () => {
    first = await startHub();
    expect(await refusal({ port: first.port })).toMatch(
      new RegExp(`^port: ${first.port} on 127\\.0\\.0\\.1 is already in use; choose another with \`port\``),
    );
  });

  test("names the data file that another hub has, and the setting that gives it one of its own", async () => {
    first = await startHub({ data: folder });
    const told = await refusal({ data: folder });
    expect(told).toMatch(/^db: /);
    expect(told).toContain(`process ${process.pid}`);
    expect(told).toContain(join(folder, "interactions-hub.db"));
    expect(told).not.toContain("--");
  });

  test("names a host that is none, and a setting that there is not", async () => {
    expect(await refusal({ host: "192.0.2.1", api_keys: [{ name: "one", key: "a-key-for-this-test" }] })).toMatch(
      /^host: 192\.0\.2\.1 is no address of this machine/,
    );
    expect(await refusal({ limits: { run_time: "soon" } })).toContain("limits.run_time: expected a time");
  });

  test("lets go of the data file when the port is taken", async () => {
    first = await startHub();
    await refusal({ port: first.port, data: folder });
    const second = await startHub({ data: folder });
    await second.close();
  });
});
