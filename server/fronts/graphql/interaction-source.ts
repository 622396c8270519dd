import type { InteractionHead } from "../../../schema/archive.ts";
import type { Interaction } from "../../../schema/core/interaction.ts";
import type { Step } from "../../../schema/core/step.ts";
import type { GraphqlContext } from "./context.ts";
import { hashStep } from "./hash-media.ts";
import type { Sides } from "./loaders.ts";
import { type Placed, placeStep } from "./types/step.ts";

/** An interaction as resolvers get it. Its steps are there already where it has just been run or folded. */
export type InteractionSource = InteractionHead & Partial<Sides>;

/** An interaction as the hub gives it. What is not stored has its media nowhere but in its bytes. */
export function fromHub(interaction: Interaction): InteractionSource {
  if (!interaction.store) return interaction;
  return { ...interaction, input: interaction.input.map(hashStep), output: interaction.output.map(hashStep) };
}

/** Both sides of an interaction. They are read only when somebody asks. */
export async function sidesOf(source: InteractionSource, { loaders }: GraphqlContext): Promise<Sides> {
  const { input, output } = source;
  if (input !== undefined && output !== undefined) return { input, output };
  // What is removed while it is being read has no steps any more.
  return (await loaders.sides.load(source.id)) ?? { input: [], output: [] };
}

/** All steps in order, each with its place. */
export function placedSteps({ input, output }: Sides): Placed[] {
  return [...placed("input", input), ...placed("output", output)];
}

/** The steps of one side, each with its place. */
export function placed(side: Placed["side"], steps: readonly Step[]): Placed[] {
  return steps.map((step, index) => placeStep(step, side, index));
}
