import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MOST_GROUPS } from "../../schema/archive.ts";
import { begins, begunAs, imageOf, logFrom, storeEnded } from "../cases/store.ts";
import { until } from "../cases/until.ts";
import { openArchive, storeSaid } from "./open-archive.ts";

let opened: ReturnType<typeof openArchive>;
beforeEach(() => {
  opened = openArchive();
});
afterEach(() => opened.store.close());

const count = (table: string) =>
  opened.storage.database.connection.prepare(`select count(*) from ${table}`).pluck().get();

describe("what stands beside the interactions", () => {
  test("goes with them, whether they are removed or expire, run or have ended, are indexed or not", async () => {
    const { store, archive } = opened;
    const settings = { labels: { team: "one" } };
    const output = [
      { type: "tool_call" as const, tool: "google_search" as const, call_id: "c", arguments: { q: "tea" } },
      { type: "model_output" as const, content: [imageOf(3)] },
    ];
    const stored = [];
    for (const name of ["a", "b", "c"]) stored.push(await storeSaid(store, name, { output }, { settings }));
    expect((await archive.search({ text: "tea" }, { limit: 9 })).edges).toHaveLength(3);
    stored.push(await storeSaid(store, "late", { output }, { settings }));
    const running = begunAs("running");
    await store.insert(running, begins);
    const tables = [
      "interactions",
      "steps",
      "steps_text_docsize",
      "labels",
      "tool_uses",
      "usage_by_day",
      "blob_uses",
      "blobs",
    ];
    for (const table of tables) expect([table, Number(count(table)) > 0]).toEqual([table, true]);
    for (const { id } of [...stored.slice(0, 2), running]) await store.remove(id);
    expect(await archive.usage({}, [])).toMatchObject([{ interactions: 2 }]);
    await store.expire([{ status: "completed", before: Number.MAX_SAFE_INTEGER }], 10);
    for (const table of tables) expect([table, count(table)]).toEqual([table, 0]);
    expect(await archive.usage({}, [])).toMatchObject([{ interactions: 0, total_tokens: 0 }]);
    expect(await archive.usage({}, ["day"])).toEqual([]);
  });

  test("is not written by an end that fails", async () => {
    const { store, archive } = opened;
    const begun = begunAs("a");
    await store.insert(begun, begins);
    const clash = logFrom(1, { type: "finish", status: "completed" });
    await expect(store.finish({ ...begun, status: "completed", usage: { total_tokens: 5 } }, clash)).rejects.toThrow();
    expect(await archive.usage({}, ["status"])).toMatchObject([
      { status: "in_progress", interactions: 1, total_tokens: 0 },
    ]);
    expect(await archive.count({ status: ["completed"] })).toBe(0);
  });

  test("is indexed without anybody searching once enough is stored", async () => {
    const { store } = opened;
    await Promise.all(Array.from({ length: 300 }, (_, index) => storeSaid(store, `${index}`, { answered: "tea" })));
    await until(() => Number(count("steps_text_docsize")) > 0);
  });
});

describe("usage", () => {
  test("of a thing that a function's result does not name is found by its call in the turn before", async () => {
    const { store, archive } = opened;
    const asked = await storeSaid(store, "asked", {
      output: [{ type: "tool_call", tool: "function", call_id: "c", name: "get_weather", arguments: {} }],
    });
    const input = [
      {
        type: "tool_result" as const,
        tool: "function" as const,
        call_id: "c",
        result: { type: "text" as const, text: "no" },
        is_error: true,
      },
    ];
    const answered = await storeSaid(store, "answered", {}, { previous_id: asked.id, root_id: asked.root_id, input });
    expect(await archive.tools({})).toEqual([
      { tool: "function", name: "get_weather", calls: 1, results: 1, failures: 1 },
    ]);
    expect(await archive.tools({ ids: [answered.id] })).toMatchObject([{ calls: 0, failures: 1 }]);
  });

  test("needs the key of the label that it is grouped by, and has a bounded number of groups", async () => {
    const { store, archive } = opened;
    await expect(archive.usage({}, ["label"])).rejects.toMatchObject({ code: "invalid_request" });
    const all = Array.from({ length: MOST_GROUPS + 1 }, (_, index) =>
      begunAs(`${index}`, { input: [], settings: { labels: { request: `${index}` } } }),
    );
    await Promise.all(all.map((begun) => store.insert(begun, [])));
    await expect(archive.usage({}, ["label"], "request")).rejects.toMatchObject({ code: "invalid_request" });
    expect(await archive.usage({}, ["label"], "other")).toMatchObject([{ interactions: MOST_GROUPS + 1 }]);
  });
});

describe("media", () => {
  test("is read by its hash, in parts, with the type that was given, and is gone with the last that used it", async () => {
    const { store, archive } = opened;
    const image = imageOf(7);
    const ended = await storeEnded(store, begunAs("a", { input: [{ type: "user_input", content: [image] }] }));
    const steps = (await archive.steps([ended.id])).get(ended.id);
    const [step] = steps?.input ?? [];
    const [content] = step?.type === "user_input" ? step.content : [];
    if (content?.type !== "image" || content.blob === undefined) throw new Error("the image has no hash");
    expect(content).toEqual({ type: "image", mime_type: "image/png", blob: content.blob });
    const media = await archive.media(content.blob);
    expect(media).toMatchObject({ size: 100, mime_type: "image/png" });
    const bytes = Buffer.from(image.data, "base64");
    expect(Buffer.from((await media?.read(0, 100)) ?? [])).toEqual(bytes);
    expect(Buffer.from((await media?.read(10, 12)) ?? [])).toEqual(bytes.subarray(10, 12));
    expect(await media?.read(99, 500)).toHaveLength(1);
    expect(await media?.read(5, 5)).toHaveLength(0);
    await store.remove(ended.id);
    expect(await archive.media(content.blob)).toBeUndefined();
    await expect(media?.read(0, 1)).rejects.toMatchObject({ code: "not_found" });
  });

  test("of what runs has its hash too", async () => {
    const { store, archive } = opened;
    const begun = begunAs("a");
    await store.insert(begun, begins);
    const step = { type: "model_output" as const, content: [imageOf(1)] };
    await store.append(begun.id, logFrom(2, { type: "step.start", index: 0, step }));
    const steps = (await archive.steps([begun.id])).get(begun.id);
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(steps?.output).toEqual([
      { type: "model_output", content: [{ type: "image", mime_type: "image/png", blob: hash }] },
    ]);
    expect((await archive.events([begun.id], 1, 9)).get(begun.id)).toMatchObject([
      { event: { step: steps?.output[0] } },
    ]);
  });
});
