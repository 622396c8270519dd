import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDriver } from "../../../db/driver.ts";
import { openSqliteStore } from "../../../db/sqlite-store.ts";
import { HubError } from "../../../schema/core/error.ts";
import { createScriptedHub, logOf, openMemory, refusalOf, requestOf, say, settle } from "../../cases/scripted-hub.ts";
import { answerOf, beginningOf, completed } from "../../cases/scripted-provider.ts";

const full = () => Promise.reject(new HubError("storage_full", "The disk that holds the database is full."));

describe("a store that is full", () => {
  test("before anything is stored refuses the request as that", async () => {
    const { hub, provider } = createScriptedHub({ store: { ...openMemory(true), insert: full } });
    expect(await refusalOf(hub.begin(requestOf()))).toMatchObject({ code: "storage_full" });
    expect((await provider.nextRun()).signal.aborted).toBe(true);
    await settle();
    expect(hub.load()).toEqual({ runs: 0, waiting: 0 });
  });

  test("in the middle ends the run and tells those who follow, and what is stored is ended when there is room", async () => {
    const store = openMemory(true);
    let isFull = false;
    const { hub, provider } = createScriptedHub({
      store: {
        ...store,
        append: (id, log) => (isFull ? full() : store.append(id, log)),
        finish: (interaction, log) => (isFull ? full() : store.finish(interaction, log)),
      },
    });
    const begun = await hub.begin(requestOf());
    const run = await provider.nextRun();
    run.say(...beginningOf("kept"));
    await settle();
    const following = refusalOf(logOf(hub, begun.interaction.id));
    await settle();
    isFull = true;
    run.say({ type: "step.delta", delta: { type: "text", text: " lost" } });
    expect(await refusalOf(begun.ended())).toMatchObject({ code: "storage_full" });
    expect(await following).toMatchObject({ code: "storage_full" });
    expect(run.signal.aborted).toBe(true);
    expect(hub.load()).toEqual({ runs: 0, waiting: 0 });
    isFull = false;
    expect(await hub.recover()).toEqual({ ended: 1, resumed: 0 });
    expect(await hub.read(begun.interaction.id)).toMatchObject({
      status: "failed",
      output: [{ content: [{ text: "kept" }] }],
      errors: [{ code: "interrupted" }],
    });
  });

  test("for one write only ends the run with the cause in its log", async () => {
    const store = openMemory(true);
    let isFull = false;
    const append: typeof store.append = (id, log) => (isFull ? full() : store.append(id, log));
    const { hub, provider } = createScriptedHub({ store: { ...store, append } });
    const begun = await hub.begin(requestOf());
    const run = await provider.nextRun();
    run.say(...beginningOf("kept"));
    await settle();
    isFull = true;
    run.say({ type: "step.delta", delta: { type: "text", text: "!" } });
    const ended = await begun.ended();
    expect(ended).toMatchObject({ status: "failed", errors: [{ code: "storage_full" }] });
    expect(await hub.read(ended.id)).toEqual(ended);
    const log = await logOf(hub, ended.id);
    expect(log.map(({ sequence }) => sequence)).toEqual(log.map((_, index) => index + 1));
  });
});

const folder = mkdtempSync(join(tmpdir(), "hub-full-"));
const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", folder]).status === 0;
afterAll(() => {
  if (mounted) spawnSync("umount", ["-l", folder]);
  rmSync(folder, { recursive: true, force: true });
});

/** Fills the disk to its last page. */
function fill(): void {
  for (const size of [2 ** 16, 2 ** 12, 2 ** 9]) {
    for (let index = 0; ; index += 1) {
      try {
        writeFileSync(join(folder, `filler-${size}-${index}`), Buffer.alloc(size), { flush: true });
      } catch {
        break;
      }
    }
  }
}

function makeRoom(): void {
  spawnSync("sh", ["-c", 'rm -f "$0"/filler-*', folder]);
}

// Mounting a small disk needs the rights of an administrator.
describe.skipIf(!mounted)("a real disk that is full (skipped where no tmpfs can be mounted)", () => {
  beforeEach(makeRoom);
  afterEach(makeRoom);

  test("ends what runs truthfully, refuses what is new, and takes both up again when there is room", async () => {
    const store = openSqliteStore({
      driver: createDriver(),
      file: join(folder, "hub.db"),
      mediaBytes: 1e6,
      lasting: true,
    });
    const { hub, provider, bugs } = createScriptedHub({ store });
    const whole = await hub.begin(requestOf());
    (await provider.nextRun()).say(...answerOf("a"));
    const before = await whole.ended();
    const begun = await hub.begin(requestOf());
    const run = await provider.nextRun();
    run.say(...beginningOf("kept"));
    await settle();
    fill();
    const ended = refusalOf(begun.ended());
    for (let index = 0; index < 40 && !run.signal.aborted; index += 1) {
      run.say({ type: "step.delta", delta: { type: "text", text: "x".repeat(60_000) } });
      await settle();
    }
    expect(run.signal.aborted).toBe(true);
    expect(await Promise.race([ended, settle(20)])).toMatchObject({ code: "storage_full" });
    expect(await hub.read(before.id)).toEqual(before);
    const large = [say("y".repeat(60_000))];
    expect(await refusalOf(hub.begin(requestOf({ input: large })))).toMatchObject({ code: "storage_full" });
    expect((await provider.nextRun()).signal.aborted).toBe(true);
    expect(bugs).toEqual([]);

    makeRoom();
    await hub.recover();
    expect(await store.unfinished()).toEqual([]);
    const recovered = await hub.read(begun.interaction.id);
    expect(recovered.status).toBe("failed");
    expect(JSON.stringify(recovered.output)).toContain("kept");
    const next = await hub.begin(requestOf({ previous_interaction_id: before.id }));
    (await provider.nextRun()).say(...answerOf("b"));
    expect(await next.ended()).toMatchObject({ status: "completed" });
    await store.close();

    const again = openSqliteStore({
      driver: createDriver(),
      file: join(folder, "hub.db"),
      mediaBytes: 1e6,
      lasting: true,
    });
    expect(await again.find(before.id)).toEqual(before);
    expect(await again.find(begun.interaction.id)).toEqual(recovered);
    await again.close();
  });
});

test("an end that cannot be stored is not told as an end", async () => {
  const store = openMemory(true);
  const { hub, provider } = createScriptedHub({ store: { ...store, finish: full } });
  const begun = await hub.begin(requestOf());
  (await provider.nextRun()).say(...beginningOf("a"), { type: "step.stop" }, completed);
  expect(await refusalOf(begun.ended())).toMatchObject({ code: "storage_full" });
  expect(await hub.read(begun.interaction.id)).toMatchObject({ status: "in_progress" });
});
