import type { Step } from "./step.ts";

/**
 * The input without the steps that the chain already holds. Some clients send model steps again next to a previous id
 * (the Agent Development Kit sends the calls that its results answer); a few send the whole history. What is the model's
 * own is recognised by its call id, its signature or its whole body; what the user says is only dropped where it stands
 * inside a run of steps that repeats the end of the chain together with a step of the model.
 */
export function withoutResent(history: readonly Step[], input: readonly Step[]): Step[] {
  if (history.length === 0 || input.length === 0) return input.slice();
  const rest = input.slice(repeatedPrefix(history, input));
  const known = knownMarks(history);
  return rest.filter((step) => !marksOf(step).some((mark) => known.has(mark)));
}

/** Length of the longest start of the input that is the end of the chain and holds a step of the model. */
function repeatedPrefix(history: readonly Step[], input: readonly Step[]): number {
  const inputBodies = input.map(bodyOf);
  const historyBodies = history.slice(-input.length).map(bodyOf);
  for (let length = Math.min(history.length, input.length); length > 0; length -= 1) {
    const end = historyBodies.slice(-length);
    const repeats = end.every((body, index) => body === inputBodies[index]);
    if (repeats && input.slice(0, length).some((step) => step.type !== "user_input")) return length;
  }
  return 0;
}

function knownMarks(history: readonly Step[]): Set<string> {
  return new Set(history.flatMap(marksOf));
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
      return step.call_id === "" ? [] : [`result ${step.call_id}`];
    default:
      return step satisfies never;
  }
}

/** A step's body for comparison, without what a client cannot know: whose signature it is. */
function bodyOf(step: Step): string {
  return JSON.stringify(step, (key, value) => (key === "provider" || key === "extra" ? undefined : value));
}
