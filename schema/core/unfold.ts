import type { Event } from "./event.ts";
import { type Interaction, isTerminal } from "./interaction.ts";

/** The shortest log that folds to the interaction: each step whole in its start, and the end if it has ended. */
export function unfold(interaction: Interaction): Event[] {
  const ended = isTerminal(interaction.status);
  const events: Event[] = [{ type: "status", status: "in_progress" }];
  const { provider, upstream_model: model, upstream_id: id, degraded } = interaction;
  if (id !== undefined) events.push({ type: "upstream", provider, ...(model === undefined ? {} : { model }), id });
  if (degraded !== undefined) events.push({ type: "degraded", degradations: degraded });
  for (const [index, step] of interaction.output.entries()) {
    events.push({ type: "step.start", index, step });
    // The last step of what still runs may be open: more may be added to it.
    if (ended || index < interaction.output.length - 1) events.push({ type: "step.stop", index });
  }
  if (isTerminal(interaction.status)) {
    events.push({
      type: "finish",
      status: interaction.status,
      ...(interaction.usage === undefined ? {} : { usage: interaction.usage }),
      ...(interaction.errors === undefined ? {} : { errors: interaction.errors }),
    });
  }
  return events;
}
