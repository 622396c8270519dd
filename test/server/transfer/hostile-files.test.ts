import { describe, expect, test } from "vitest";
import { MOST_LINE_BYTES } from "../../../schema/transfer/records.ts";
import { readLines } from "../../../server/transfer/read-lines.ts";
import { first, second, setImportStage } from "./import-stage.ts";
import { exportOf, fileOf, importInto, type JsonLine } from "./open-transfer.ts";
import { begunAt, idAt } from "./varied-store.ts";

const stage = setImportStage();
const header = '{"type":"header","format":"interactions-hub-export","version":1}';

describe("a file that is made to do harm", () => {
  test("is not read further than a line may be long", async () => {
    let pulled = 0;
    const chunk = Buffer.alloc(1 << 20, "[");
    async function* endless() {
      for (;;) {
        pulled += 1;
        yield chunk;
      }
    }
    const read = async () => {
      for await (const _lines of readLines(endless(), MOST_LINE_BYTES)) throw new Error("unreachable");
    };
    await expect(read()).rejects.toMatchObject({ message: `line 1: is longer than ${MOST_LINE_BYTES} bytes.` });
    expect(pulled).toBe(MOST_LINE_BYTES / chunk.length + 1);
  });

  test.each<[string, string, string]>([
    [
      "nests deeply",
      `{"type":"piece","data":${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}}`,
      "nests deeper than 510 levels.",
    ],
    ["nests deeply and is cut", `{"type":"piece","data":${'{"a":'.repeat(1_000_000)}`, "nests deeper than 510 levels."],
    [
      "holds millions of numbers",
      `{"type":"piece","data":[${"1,".repeat(4_000_000)}1]}`,
      "holds more than 4000000 values.",
    ],
    ["holds a number that is none", '{"type":"media","sha256":"","size":1e400}', "size: the number is too large."],
    ["holds a NUL", '{"type":"piece","data":"\0"}', "is not valid JSON."],
    ["holds nothing but NUL", "\0\0\0\0", "is not valid JSON."],
    ["is named as what every object has", '{"type":"toString"}', 'is of no known type ("toString").'],
    ["has no type of its own", '{"__proto__":{"type":"end"}}', "is of no known type (none)."],
    ["has an endless type", `{"type":"${"x".repeat(5000)}"}`, `is of no known type ("${"x".repeat(79)}…).`],
    ["would speak to the terminal", '{"type":"\\u009b2J\\u202e"}', 'is of no known type ("\u{FFFD}2J\u{FFFD}").'],
  ])("is refused if it %s", async (_name, line, message) => {
    expect(await stage().refusal(Buffer.from(`${header}\n${line}\n`), { chunk: 1 << 20 })).toBe(`line 2: ${message}`);
  });

  test("is refused if it is no UTF-8", async () => {
    const bytes = Buffer.from(stage().text);
    bytes[bytes.indexOf("Said")] = 0xff;
    expect(await stage().refusal(bytes)).toBe("line 14: is not valid UTF-8.");
  });

  test("is refused if members that mean something to the language stand where none may be added", async () => {
    const replacing = (from: string, to: string) => (line: JsonLine) => JSON.stringify(line).replace(from, to);
    const own = stage().changed("interaction", replacing('{"type"', '{"__proto__":{"status":"failed"},"type"'));
    expect(await stage().refusal(own)).toContain('line 5: Unrecognized key: "__proto__"');
    const label = stage().changed("interaction", replacing('"settings":{', '"settings":{"labels":{"__proto__":"x"}'));
    expect(await stage().refusal(label)).toContain("settings.labels of interactions/");
  });

  test("keeps such members where anything may stand, and they mean nothing", async () => {
    const extra = '"extra":{"__proto__":{"polluted":true},"constructor":1}';
    const bytes = stage().changed("interaction", (line) =>
      JSON.stringify(line).replace('"settings":{', `"settings":{${extra}`),
    );
    await importInto(stage().file, bytes);
    const again = (await exportOf(stage().file, { kind: "chains", ids: [idAt(1000)] })).bytes;
    expect(again.toString()).toBe(bytes.toString());
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test("is refused if it has more steps than any interaction", async () => {
    const step = { type: "step", side: "input", step: { type: "user_input", content: [] } };
    const many = Array.from({ length: 200_001 }, (_, index): JsonLine => ({ ...step, index }));
    const { type: _, ...begun } = { ...stage().lines[4], type: "interaction" };
    const message = await stage().refusal(fileOf([header, { ...begun, type: "interaction" }, ...many]), {
      chunk: 1 << 16,
    });
    expect(message).toBe(`line 200003: step 200000 of the input of ${first}: is one of more than 200000.`);
  }, 60_000);

  test("is refused if it has an answer that no hub would have kept", async () => {
    const delta = { type: "step.delta", index: 0, delta: { type: "text", text: "x".repeat(1 << 20) } };
    const start = { type: "step.start", index: 0, step: { type: "model_output", content: [] } };
    const log = [{ type: "status", status: "in_progress" }, start, ...Array.from({ length: 65 }, () => delta)];
    const events = log.map((event, index): JsonLine => ({ type: "event", sequence: index + 1, at: 1, event }));
    const lines = [...stage().lines.slice(0, 14), ...events];
    expect(await stage().refusal(fileOf(lines), { chunk: 1 << 20 })).toContain(`event 66 of ${second}: is too much: `);
  });

  /** A file with one interaction that said these steps in these events, between its beginning and its end. */
  function fileSaying(steps: readonly object[], events: readonly object[]): Buffer {
    const { input: _input, output: _output, store: _store, ...head } = begunAt(3000);
    const log = [{ type: "status", status: "in_progress" }, ...events, { type: "finish", status: "completed" }];
    return fileOf([
      header,
      { type: "interaction", ...head, status: "completed", updated_at: 1 },
      ...steps.map((step, index): JsonLine => ({ type: "step", side: "output", index, step })),
      ...log.map((event, index): JsonLine => ({ type: "event", sequence: index + 1, at: 1, event })),
      { type: "close", id: head.id },
      { type: "end" },
    ]);
  }

  test("costs no more for each of its lines because it has many: steps, and pieces of text behind many contents", async () => {
    const said = (index: number, text: string) => ({ type: "step.delta", index, delta: { type: "text", text } });
    const steps: object[] = [];
    const events: object[] = [];
    for (let index = 0; index < 20_000; index += 1) {
      steps.push({ type: "model_output", content: [{ type: "text", text: "ab" }] });
      events.push({ type: "step.start", index, step: { type: "model_output", content: [] } });
      events.push(said(index, "a"), said(index, "b"));
    }
    const contents = Array.from({ length: 100_000 }, () => ({ type: "text", text: "" }));
    steps.push({ type: "model_output", content: contents.with(-1, { type: "text", text: "c".repeat(100_000) }) });
    events.push({ type: "step.start", index: 20_000, step: { type: "model_output", content: contents } });
    for (let count = 0; count < 100_000; count += 1) events.push(said(20_000, "c"));
    const file = fileSaying(steps, events);
    expect(await importInto(stage().file, file, { chunk: 1 << 16 })).toMatchObject({
      interactions: 1,
      events: 160_003,
    });
    const { summary } = await exportOf(stage().file, { kind: "chains", ids: [idAt(3000)] });
    expect(summary).toMatchObject({ steps: 20_001, events: 160_003, unsound: 0 });
  });
});
