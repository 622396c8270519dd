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
  return input.slice(repeatedPrefix(history, input)).filter((step) => !isKnown(step));
}

/** Length of the longest start of the input that is the end of the chain and holds a step of the model. */
function repeatedPrefix(history: readonly Step[], input: readonly Step[]): number {
  // What only the user said may be said again, and most inputs are nothing else.
  if (input.every((step) => step.type === "user_input")) return 0;
  const stored = history.slice(-input.length).map(bodyOf);
  const sent = input.map(bodyOf);
  const length = overlap(stored, sent);
  const whole = length > 0 && input.slice(0, length).some((step) => step.type !== "user_input") ? length : 0;
  return whole === 0 ? repeatedWithoutThoughts(history, input, sent) : whole;
}

/** The same for clients that keep no thoughts: those of the chain count as sent, and those that were sent must be its own. */
function repeatedWithoutThoughts(history: readonly Step[], input: readonly Step[], bodies: readonly string[]): number {
  const sent = input.flatMap((step, index) => (step.type === "thought" ? [] : [index]));
  const spoken = history.filter((step) => step.type !== "thought").slice(-sent.length);
  const length = overlap(
    spoken.map(bodyOf),
    sent.map((index) => bodies[index] ?? ""),
  );
  const end = length === 0 ? 0 : (sent[length - 1] ?? 0) + 1;
  const thoughts = new Set(history.flatMap((step) => (step.type === "thought" ? [bodyOf(step)] : [])));
  const prefix = input.slice(0, end);
  const isRepetition =
    prefix.some((step) => step.type !== "user_input" && step.type !== "thought") &&
    prefix.every((step, index) => step.type !== "thought" || thoughts.has(bodies[index] ?? ""));
  return isRepetition ? end : 0;
}

/** Length of the longest start of one list that is the end of another, in linear time (Knuth, Morris and Pratt). */
function overlap(end: readonly string[], start: readonly string[]): number {
  const all = [...start, undefined, ...end];
  const borders = new Array<number>(all.length).fill(0);
  for (let index = 1; index < all.length; index += 1) {
    let length = borders[index - 1] ?? 0;
    while (length > 0 && all[index] !== all[length]) length = borders[length - 1] ?? 0;
    borders[index] = all[index] === all[length] ? length + 1 : 0;
  }
  return borders.at(-1) ?? 0;
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
