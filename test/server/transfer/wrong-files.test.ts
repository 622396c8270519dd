import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { first, second, setImportStage } from "./import-stage.ts";
import { exportOf, fileOf, fill, importInto, type JsonLine } from "./open-transfer.ts";
import { fillVaried } from "./varied-store.ts";

const stage = setImportStage();

test("the file of these tests is taken as it is, and once its hashes are made anew", async () => {
  expect(fileOf(stage().lines).toString()).toBe(stage().text);
  expect(await importInto(stage().file, fileOf(stage().lines))).toMatchObject({ interactions: 2, media: 1 });
});

describe("a file that was cut", () => {
  test("changes nothing, wherever the cut is", async () => {
    const bytes = stage().altered((whole) => whole);
    const ends = [...bytes.keys()].filter((index) => bytes[index] === 0x0a);
    for (const cut of [0, 1, 40, ...ends, ...ends.map((index) => index + 1).slice(0, -1), bytes.length - 1]) {
      expect(await stage().refusal(bytes.subarray(0, cut))).toMatch(/^line \d+: .*(?:truncated|empty)\.$/);
    }
  });
});

describe("a file that was altered", () => {
  test("is refused at the end of the interaction in which it was", async () => {
    expect(await stage().refusal(stage().altered((all) => all.replace("Said at 2000", "Said at 2001")))).toBe(
      `line 17: ${second}: its lines from line 13 on have another SHA-256; they were altered.`,
    );
  });

  test("is refused at the medium of which it was", async () => {
    const altered = await stage().refusal(stage().altered((all) => all.replace('"BAQE', '"BAQF')));
    expect(altered).toMatch(
      /^line 4: media\/[0-9a-f]{64}: its 300000 bytes have another SHA-256; they were altered\.$/,
    );
  });

  test("is refused where a whole interaction is gone, and where lines have changed places", async () => {
    const [from, to] = [12, 17];
    const without = [...stage().lines.slice(0, from), ...stage().lines.slice(to)];
    const cut = without.map((line) => JSON.stringify(line)).join("\n");
    expect(await stage().refusal(Buffer.from(`${cut}\n`))).toBe(
      "line 13: the lines before it have another SHA-256; the file was altered.",
    );
    const counts = stage().altered((all) => all.replace('"interactions":2', '"interactions":3'));
    expect(await stage().refusal(counts)).toBe("line 18: its counts are not those of the lines before it.");
    const place = stage().lines.findIndex(({ type }) => type === "event");
    const swapped = stage()
      .lines.with(place, stage().lines[place + 1] ?? { type: "" })
      .with(place + 1, stage().lines[place] ?? { type: "" });
    expect(await stage().refusal(fileOf(swapped))).toBe(`line 8: event 2 of ${first}: comes where event 1 should.`);
  });

  test("is refused in every place where one byte is another", async () => {
    const source = join(stage().folder, "varied.db");
    await fill(source, fillVaried);
    const { bytes } = await exportOf(source);
    for (let step = 0; step < 60; step += 1) {
      const place = Math.floor((bytes.length / 60) * step);
      const altered = Buffer.from(bytes);
      altered[place] = (altered[place] ?? 0) ^ 1;
      expect(await stage().refusal(altered, { chunk: 1 << 16 })).toMatch(/^line \d+: /);
    }
  });

  test("is refused for ends of lines that something has converted, and for a beginning that marks an encoding", async () => {
    expect(await stage().refusal(stage().altered((all) => all.replaceAll("\n", "\r\n")))).toBe(
      "line 1: ends in CR and LF: something has converted the file.",
    );
    expect(await stage().refusal(stage().altered((all) => `\u{FEFF}${all}`))).toBe("line 1: is not valid JSON.");
  });
});

describe("a file that is something else", () => {
  test.each([
    [
      "another format",
      '{"type":"header","format":"other","version":1}\n',
      "is no header of an export of Interactions Hub.",
    ],
    ["no header", '{"type":"end"}\n', "interactions: "],
    ["JSON of another kind", "[1]\n", "is no JSON object."],
    ["text", "Dear all,\n", "is not valid JSON."],
    ["an empty line", "\n", "is empty."],
    ["an unknown type", '{"type":"constructor"}\n', 'is of no known type ("constructor").'],
    ["no type", "{}\n", "is of no known type (none)."],
  ])("is refused: %s", async (_name, content, message) => {
    expect(await stage().refusal(Buffer.from(content))).toContain(`line 1: ${message}`);
  });

  test("is told to need a newer hub if it is of a newer version", async () => {
    const newer = stage().altered((all) => all.replace('"version":1', '"version":2'));
    expect(await stage().refusal(newer)).toBe(
      "line 1: the file has version 2 of its format; this hub reads version 1. Import it with a newer one.",
    );
    expect(await stage().refusal(stage().altered((all) => all.replace('"version":1', '"version":0')))).toMatch(
      /^line 1: version: /,
    );
  });

  test("is refused behind its end", async () => {
    expect(await stage().refusal(stage().altered((all) => `${all}${all}`))).toBe("line 19: comes after the end.");
    expect(await stage().refusal(stage().altered((all) => `${all} `))).toBe(
      "line 19: breaks off; the file is truncated.",
    );
  });
});

describe("a file with lines in the wrong place", () => {
  test.each<[string, string, (line: JsonLine) => (JsonLine | string)[], string]>([
    [
      "a second header",
      "media",
      (line) => [{ type: "header", format: "interactions-hub-export", version: 1 }, line],
      "line 2: is a second header.",
    ],
    [
      "a piece of nothing",
      "interaction",
      (line) => [{ type: "piece", data: "AAAA" }, line],
      "line 5: is a piece of no medium.",
    ],
    ["a medium that is cut", "piece", () => [], "line 3: media/"],
    [
      "an event of nothing",
      "media",
      (line) => [{ type: "event", sequence: 1, at: 1, event: { type: "status", status: "in_progress" } }, line],
      "line 2: is of type event, but no interaction has begun.",
    ],
    ["an interaction that is not closed", "close", () => [], "line 12: interactions/"],
    [
      "steps behind events",
      "close",
      (line) => [{ type: "step", side: "output", index: 1, step: { type: "thought" } }, line],
      "line 12: step 1 of the output of interactions/",
    ],
  ])("is refused: %s", async (_name, type, change, message) => {
    expect(await stage().refusal(stage().changed(type, change))).toContain(message);
  });
});
