import type { Step } from "./step.ts";

/**
 * The input without the steps that the chain already holds. Some clients send model steps again next to a previous id
 * (the Agent Development Kit sends the calls that its results answer); a few send the whole history, with or without the
 * thoughts. What is the model's own is recognised by its call id, its signature or its whole body; what the user says is
 * only dropped where it stands inside a run of steps that repeats the end of the chain together with a step of the model.
 */
export function withoutResent(history: readonly Step[], input: readonly Step[]): Step[] {
  if (history.length === 0 || input.length === 0) return input.slice();
  const known = new Set(history.flatMap(marksOf));
  const isKnown = (step: Step) => marksOf(step).some((mark) => known.has(mark));
  return input.slice(repeatedPrefix(history, input, isKnown)).filter((step) => !isKnown(step));
}

/** Length of the longest start of the input that is the end of the chain and holds a step of the model. */
function repeatedPrefix(history: readonly Step[], input: readonly Step[], isKnown: (step: Step) => boolean): number {
  const sent = input.flatMap((step, index) => (step.type === "thought" ? [] : [{ index, body: bodyOf(step) }]));
  const stored = history
    .filter((step) => step.type !== "thought")
    .slice(-sent.length)
    .map(bodyOf);
  for (let length = Math.min(stored.length, sent.length); length > 0; length -= 1) {
    const tail = stored.slice(-length);
    const end = (sent[length - 1]?.index ?? -1) + 1;
    const prefix = input.slice(0, end);
    if (
      tail.every((body, index) => body === sent[index]?.body) &&
      prefix.some((step) => step.type !== "user_input") &&
      prefix.every(
        (step) => step.type !== "thought" || isKnown(step) || history.some((one) => bodyOf(one) === bodyOf(step)),
      )
    ) {
      return end;
    }
  }
  return 0;
}

/** What makes a step of the model or a tool result recognisable; none for what the user said. */
function marksOf(step: Step): string[] {
  switch (step.type) {
    case "user_input":
    case "model_output":
      return [];
    case "thought":
      return step.signature === undefined || step.signature.value === "" ? [] : [`thought ${step.signature.value}`];
    case "tool_call":
      return step.call_id === "" ? [] : [`call ${step.call_id}`];
    case "tool_result":
      // Another result for the same call is no repetition.
      return step.call_id === "" ? [] : [`result ${bodyOf(step)}`];
    default:
      return step satisfies never;
  }
}

/** A step's body for comparison, without what a client cannot know: whose signature it is. */
function bodyOf(step: Step): string {
  return JSON.stringify(step, (key, value) => (key === "provider" || key === "extra" ? undefined : value));
}
