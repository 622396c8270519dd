import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { supportMatrix } from "../../../server/providers/support-matrix.ts";

test("the README has the matrix that the kinds of upstream declare", () => {
  const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
  expect(readme.includes(supportMatrix()), "run npm run generate").toBe(true);
});
