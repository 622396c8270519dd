import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../schema/core/json.ts";
import { first, second, setImportStage } from "./import-stage.ts";
import { fileOf, type JsonLine } from "./open-transfer.ts";
import { idAt } from "./varied-store.ts";

const stage = setImportStage();

describe("an interaction that is wrong", () => {
  const changed = (members: JsonObject) => stage().changed("interaction", (line) => ({ ...line, ...members }));

  test.each<[string, JsonObject, string]>([
    ["runs", { status: "in_progress" }, "status: "],
    ["has an unknown member", { key: 7 }, 'Unrecognized key: "key"'],
    ["has a time that no date can tell", { created_at: 9e15 }, "created_at: "],
    ["has half a time", { created_at: 1.5 }, "created_at: "],
    ["has a negative time", { updated_at: -1 }, "updated_at: "],
    ["has half of a character for a name", { model: "\ud800" }, "model: holds half of a character."],
    ["has no id", { id: "1; DROP TABLE interactions;--" }, "id: is no id of an interaction."],
    ["has an id that is written in another way", { id: `${idAt(1000)}=` }, "id: is no id of an interaction."],
    ["has an id that is too long", { id: `v1_${"a".repeat(178)}` }, "id: is no id of an interaction."],
    ["has an id of two lines", { id: "v1_a\n" }, "id: is no id of an interaction."],
    ["has the root of another chain, but begins one", { root_id: idAt(5) }, "root_id of interactions/"],
    ["comes before itself", { previous_id: idAt(1000) }, "previous_id of interactions/"],
    [
      "has credentials",
      { settings: { tools: [{ type: "mcp_server", headers: { authorization: "x" } }] } },
      "settings of interactions/",
    ],
    ["has a usage that is no number", { settings: {}, usage: { total_tokens: "9" } }, "usage.total_tokens: "],
    ["has an end that its log does not have", { status: "failed" }, "status of interactions/"],
    ["has another time than its log", { updated_at: 5 }, "updated_at of interactions/"],
    ["names an upstream that its log does not", { upstream_id: "x" }, "upstream_id of interactions/"],
  ])("is refused if it %s", async (_name, members, message) => {
    expect(await stage().refusal(changed(members))).toContain(message);
  });

  test("is refused if it comes twice, or after what goes on from it", async () => {
    const [one, other] = [stage().lines.slice(1, 12), stage().lines.slice(12, 17)];
    const ends = [stage().lines.slice(0, 1), stage().lines.slice(17)];
    const twice = [...(ends[0] ?? []), ...one, ...other, ...other, ...(ends[1] ?? [])];
    const turned = [...(ends[0] ?? []), ...other, ...one, ...(ends[1] ?? [])];
    for (const ids of ["keep", "new"] as const) {
      expect(await stage().refusal(fileOf(twice), { ids })).toBe(`line 18: ${second}: comes twice.`);
      expect(await stage().refusal(fileOf(turned), { ids })).toBe(
        `line 10: ${first}: comes after what goes on from it.`,
      );
    }
  });

  test("is refused if it has another root than the interaction before it", async () => {
    const place = stage().lines.findLastIndex(({ type }) => type === "interaction");
    const other = stage().lines.with(place, { ...stage().lines[place], type: "interaction", root_id: idAt(5) });
    for (const ids of ["keep", "new"] as const) {
      expect(await stage().refusal(fileOf(other), { ids })).toBe(
        `line 13: ${second}: root_id is not that of the interaction before it.`,
      );
    }
  });
});

describe("a log that is wrong", () => {
  const event = (given: JsonObject) => (line: JsonLine) => ({ ...line, event: given });
  const finish: JsonObject = { type: "finish", status: "completed" };

  test.each<[string, (line: JsonLine) => JsonLine | (JsonLine | string)[], string]>([
    ["begins otherwise", event(finish), "event 1 of interactions/"],
    ["begins with an end", event({ type: "status", status: "completed" }), "event 1 of interactions/"],
    ["has a gap", (line) => ({ ...line, sequence: 2 }), "comes where event 1 should."],
    ["has a sequence that is none", (line) => ({ ...line, sequence: 1.5 }), "sequence: "],
    ["has an unknown event", event({ type: "reboot" }), "event.type: "],
    [
      "has an unknown member",
      event({ type: "status", status: "in_progress", note: "" }),
      'event: Unrecognized key: "note".',
    ],
    [
      "has a member that means something to the language",
      (line) => [JSON.stringify(line).replace('"event":{', '"event":{"__proto__":{},')],
      "event: Unrecognized key",
    ],
  ])("is refused if it %s", async (_name, change, message) => {
    expect(await stage().refusal(stage().changed("event", change))).toContain(message);
  });

  /** The second interaction with another log, whose `status` and `finish` are there already. */
  async function refusalOf(...events: JsonObject[]): Promise<string> {
    const from = stage().lines.findLastIndex(({ type }) => type === "interaction") + 2;
    const log = [{ type: "status", status: "in_progress" }, ...events];
    const made = log.map((one, index): JsonLine => ({ type: "event", sequence: index + 1, at: 2007, event: one }));
    return stage().refusal(fileOf([...stage().lines.slice(0, from), ...made, ...stage().lines.slice(from + 2)]));
  }
  const delta = (index: number): JsonObject => ({ type: "step.delta", index, delta: { type: "text", text: "x" } });
  const stop: JsonObject = { type: "step.stop", index: 0 };
  const start: JsonObject = { type: "step.start", index: 0, step: { type: "model_output", content: [] } };

  test("is refused if an event does not fit what comes before it", async () => {
    const wrong: [JsonObject[], number][] = [
      [[delta(0), finish], 2],
      [[start, delta(1), finish], 3],
      [[start, start, finish], 3],
      [[stop, finish], 2],
      [[{ ...start, step: { type: "thought" } }, delta(0), finish], 3],
      [[{ type: "degraded", degradations: [] }, finish], 2],
      [[{ type: "status", status: "in_progress" }, finish], 2],
      [[finish, finish], 3],
      [[start, stop, delta(0), finish], 4],
      [[start, stop, stop, finish], 4],
      [[start, { ...delta(0), delta: { type: "signature", signature: { value: "x" } } }, finish], 3],
    ];
    for (const [events, place] of wrong) {
      expect(await refusalOf(...events)).toContain(`: event ${place} of ${second}: `);
    }
  });

  test("is refused if it has no end, or adds up to other steps or another end", async () => {
    expect(await refusalOf()).toContain(`the log of ${second}: has no end.`);
    expect(await refusalOf(start, finish)).toContain(
      `step 0 of the output of ${second}: is not what its events add up to.`,
    );
    expect(await refusalOf({ ...finish, usage: { total_tokens: 1 } })).toContain(`usage of ${second}: is not what`);
    const degradations = [{ field: "seed", message: "It was left out." }];
    expect(await refusalOf({ type: "degraded", degradations }, finish)).toContain(`degraded of ${second}: is not what`);
    const none = stage().lines.filter(({ type, side }) => type !== "step" || side !== "output");
    expect(await stage().refusal(fileOf(none))).toContain(`step 0 of the output of ${first}: is not what`);
    const more = stage().changed("event", (line) => [
      { type: "step", side: "output", index: 1, step: { type: "thought" } },
      line,
    ]);
    expect(await stage().refusal(more)).toContain(`the output of ${first}: has 2 steps, but its events add up to 1.`);
  });
});

describe("media that are wrong", () => {
  const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");
  const media = (content: string): JsonLine[] => [
    { type: "media", sha256: sha256(content), size: content.length },
    { type: "piece", data: Buffer.from(content).toString("base64") },
  ];

  test("are refused if there are none, or none in the file", async () => {
    const named = stage().changed("step", (line) =>
      JSON.parse(JSON.stringify(line).replace(/"blob":"[^"]+"/, `"blob":"${sha256("b")}"`)),
    );
    expect(await stage().refusal(named)).toContain(`line 6: names media/${sha256("b")}, which has not come before.`);
    const short = stage().changed("step", (line) =>
      JSON.parse(JSON.stringify(line).replace(/"blob":"[^"]+"/, '"blob":"b"')),
    );
    expect(await stage().refusal(short)).toContain(
      `line 6: step 0 of the input of ${first}: names a medium by what is no SHA-256.`,
    );
    const inlined = stage().changed("step", (line) =>
      JSON.parse(JSON.stringify(line).replace(/"blob":"[^"]+"/, '"data":"AAAA"')),
    );
    expect(await stage().refusal(inlined)).toContain(`line 6: step 0 of the input of ${first}: holds bytes`);
  });

  test("are refused if nobody has them", async () => {
    const ahead = stage().changed("media", (line) => [...media("unused"), line]);
    expect(await stage().refusal(ahead)).toContain(
      `line 14: media/${sha256("unused")}: comes before an interaction that does not have it.`,
    );
    const behind = stage().changed("end", (line) => [...media("unused"), line]);
    expect(await stage().refusal(behind)).toContain(`line 20: media/${sha256("unused")}: comes before no interaction.`);
    const twice = stage().changed("interaction", (line) => [...stage().lines.slice(1, 4), line]);
    expect(await stage().refusal(twice)).toMatch(/^line 5: media\/[0-9a-f]{64}: comes twice\.$/);
  });

  test("are refused if a piece is no base64, or has another length than it should", async () => {
    for (const data of ["A", "AA=A", "****", "AAB="]) {
      expect(await stage().refusal(stage().changed("piece", (line) => ({ ...line, data })))).toMatch(
        /^line 3: media\/[0-9a-f]{64}: the piece /,
      );
    }
    const larger = await stage().refusal(stage().changed("media", (line) => ({ ...line, size: 300_001 })));
    expect(larger).toContain("line 4: media/");
    expect(larger).toContain("the piece has 37856 bytes where 37857 should be.");
  });

  test("are refused over the limit, before their bytes are read", async () => {
    const message = await stage().refusal(fileOf(stage().lines), { mediaBytes: 200_000 });
    expect(message).toMatch(
      /^line 2: media\/[0-9a-f]{64}: 300000 bytes are more than is kept \(limits\.stored_media_bytes is 200000\)\.$/,
    );
  });
});
