import { expect, test } from "vitest";
import { formatPath } from "../../../schema/core/format-path.ts";

test("a single wanted format is named without a place, several by theirs", () => {
  expect(formatPath([{ type: "text" }], 0)).toBe("response_format");
  expect(formatPath([{ type: "text" }, { type: "image" }], 1)).toBe("response_format[1]");
});
