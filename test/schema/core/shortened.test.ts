import { expect, test } from "vitest";
import { formatInteractionId } from "../../../schema/core/interaction-id.ts";
import { shortened } from "../../../schema/core/shortened.ts";

test("a text of 80 characters is quoted whole, a longer one is cut and says so", () => {
  expect(shortened("x".repeat(80))).toBe("x".repeat(80));
  expect(shortened("x".repeat(5000))).toBe(`${"x".repeat(80)}…`);
});

test("the id of an interaction is quoted whole", () => {
  const id = formatInteractionId({ root: "a".repeat(23), own: "b".repeat(23) });
  expect(shortened(id)).toBe(id);
});

test("no character is cut in half", () => {
  expect(shortened(`${"x".repeat(79)}🦊🦊`)).toBe(`${"x".repeat(79)}…`);
});
