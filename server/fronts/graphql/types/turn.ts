import { type Role, roleOf } from "../../../../schema/core/turn.ts";
import { builder } from "../builder.ts";
import { textOfContents } from "./content.ts";
import { type Placed, Step } from "./step.ts";
import { RoleWord } from "./words.ts";

/** One side's run of steps, each with its place. */
export type TurnSource = { role: Role; steps: Placed[] };

export const Turn = builder.objectRef<TurnSource>("Turn");
Turn.implement({
  description: "One side's run of steps.",
  fields: (t) => ({
    role: t.field({ type: RoleWord, description: "Whose turn it is.", resolve: ({ role }) => role }),
    text: t.string({
      description: "What was said in it, without thoughts and tools.",
      resolve: ({ steps }) => steps.map(saidIn).join(""),
    }),
    steps: t.field({ type: [Step], description: "Its steps in order.", resolve: ({ steps }) => steps }),
  }),
});

/** Steps in order, grouped into the longest runs of one side. */
export function turnsOf(steps: readonly Placed[]): TurnSource[] {
  const turns: TurnSource[] = [];
  for (const placed of steps) {
    const role = roleOf(placed.step);
    const last = turns.at(-1);
    if (last?.role === role) last.steps.push(placed);
    else turns.push({ role, steps: [placed] });
  }
  return turns;
}

/** The text of what was said last: what follows the last call or result of a tool, without thoughts. */
export function lastText(steps: readonly Placed["step"][]): string {
  const start = steps.findLastIndex(({ type }) => type !== "model_output" && type !== "thought") + 1;
  return steps
    .slice(start)
    .map((step) => (step.type === "model_output" ? textOfContents(step.content) : ""))
    .join("");
}

function saidIn({ step }: Placed): string {
  return step.type === "user_input" || step.type === "model_output" ? textOfContents(step.content) : "";
}
