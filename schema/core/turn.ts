import type { Step } from "./step.ts";

/** Whose words they are. Results of client functions are the user's side, everything else that tools say the model's. */
export type Role = "user" | "model";

/** One side's run of steps. */
export type Turn = { role: Role; steps: Step[] };

/** The side that a step belongs to. */
export function roleOf(step: Step): Role {
  switch (step.type) {
    case "user_input":
      return "user";
    case "tool_result":
      return step.tool === "function" ? "user" : "model";
    case "model_output":
    case "thought":
    case "tool_call":
      return "model";
    default:
      return step satisfies never;
  }
}

/** Steps in order, grouped into maximal runs of one side. */
export function turnsOf(steps: readonly Step[]): Turn[] {
  const turns: Turn[] = [];
  for (const step of steps) {
    const role = roleOf(step);
    const last = turns.at(-1);
    if (last?.role === role) last.steps.push(step);
    else turns.push({ role, steps: [step] });
  }
  return turns;
}
