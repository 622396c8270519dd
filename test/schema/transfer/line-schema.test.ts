import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lineSchema } from "../../../schema/transfer/line-schema.ts";
import { step } from "../../cases/arbitraries.ts";

const published = new URL("../../../schema/generated/export.schema.json", import.meta.url);
const isLine = new Ajv2020({ strict: false }).compile(lineSchema());
const sha256 = "0".repeat(64);

/** Whether a schema takes a step as a line of an export has it. */
const takes = (value: unknown) => isLine({ type: "step", side: "output", index: 0, step: value });
const said = (content: object) => ({ type: "model_output", content: [content] });

describe("the published schema of a line", () => {
  test("is printed from the schemas by which lines are checked; `npm run generate` renews it", () => {
    expect(JSON.parse(readFileSync(published, "utf8"))).toEqual(JSON.parse(JSON.stringify(lineSchema())));
  });

  test("takes a line of every type, and no member or type that there is none of", () => {
    for (const line of [
      { type: "header", format: "interactions-hub-export", version: 1 },
      { type: "media", sha256, size: 3 },
      { type: "piece", data: "AAAA" },
      { type: "event", sequence: 1, at: 5, event: { type: "status", status: "in_progress" } },
      { type: "close", id: "v1_abcdefgh", steps: 0, events: 1, sha256 },
      { type: "end", interactions: 0, steps: 0, events: 0, media: 0, sha256 },
    ]) {
      expect(isLine(line)).toBe(true);
      expect(isLine({ ...line, more: 1 })).toBe(false);
    }
    expect(isLine({ type: "header", format: "interactions-hub-export", version: 2 })).toBe(false);
    expect(isLine({ type: "footer" })).toBe(false);
  });

  test("takes media by their hash, and never with their bytes", () => {
    expect(takes(said({ type: "image", blob: sha256 }))).toBe(true);
    expect(takes(said({ type: "image", blob: "abc" }))).toBe(false);
    expect(takes(said({ type: "image", data: "AAAA" }))).toBe(false);
  });

  test("takes every step that may be stored", () => {
    fc.assert(
      fc.property(step, (drawn) => {
        const stored = JSON.parse(JSON.stringify(drawn), (name, value) =>
          name === "data" && typeof value === "string" ? undefined : value,
        );
        expect(takes(stored)).toBe(true);
      }),
    );
  });
});
