import { expect } from "vitest";
import type { Degradation } from "../../../../schema/core/degradation.ts";
import type { Step } from "../../../../schema/core/step.ts";
import type { ModelCall } from "../../../../schema/provider.ts";
import { toRequest } from "../../../../server/providers/openai-responses/request.ts";
import type { InputItem } from "../../../../server/providers/openai-responses/wire.ts";
import { saying } from "../../../cases/provider.ts";
import { answerEvents, type ComposedItem } from "../../../cases/responses-events.ts";
import { read } from "./samples.ts";

/** The steps that the items of an answer become. */
export function stepsOf(output: ComposedItem[]): Step[] {
  const { folded, failure } = read(answerEvents({ output }));
  expect(failure).toBeUndefined();
  return folded.output;
}

/** What a later turn says of these steps, which stand in the history after a word of the user's. */
export function itemsFor(steps: Step[], upstream = "vendor"): { items: InputItem[]; degradations: Degradation[] } {
  const call: ModelCall = { model: "m", history: [saying("Hi"), ...steps], input: [saying("Go on")], settings: {} };
  const { body, degradations } = toRequest(call, upstream);
  return { items: body.input.slice(1, -1), degradations };
}
