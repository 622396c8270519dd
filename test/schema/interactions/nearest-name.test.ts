import { expect, it } from "vitest";
import { nearestName } from "../../../schema/interactions/nearest-name.ts";

const known = ["model", "input", "system_instruction", "top_p", "tools"];

it.each([
  ["modle", "model"],
  ["imput", "input"],
  ["systemInstruction", "system_instruction"],
  ["system-instructions", "system_instruction"],
  ["topP", "top_p"],
  ["tool", "tools"],
])("%s was meant to be %s", (name, meant) => {
  expect(nearestName(name, known)).toBe(meant);
});

it.each(["temperature", "x", "", "in", "m".repeat(1000)])("%s is near to nothing", (name) => {
  expect(nearestName(name, known)).toBeUndefined();
});
