import { applyDelta, closeStep } from "./apply-delta.ts";
import type { Event, LoggedEvent } from "./event.ts";
import { type Interaction, isTerminal } from "./interaction.ts";
import type { Step } from "./step.ts";

/**
 * The interaction after an event. Total and pure: an event that does not fit (a delta for another step or of another
 * kind, anything after the end) changes nothing; the hub never stores such events. Steps that are still open are closed
 * by the next start and by the end.
 */
export function fold(interaction: Interaction, event: Event): Interaction {
  if (isTerminal(interaction.status)) return interaction;
  const { output } = interaction;
  switch (event.type) {
    case "status":
      return interaction.status === event.status ? interaction : { ...interaction, status: event.status };
    case "step.start":
      return event.index === output.length
        ? { ...interaction, output: [...closeLast(output), event.step] }
        : interaction;
    case "step.delta": {
      const last = output.at(-1);
      if (last === undefined || event.index !== output.length - 1) return interaction;
      const next = applyDelta(last, event.delta);
      return next === undefined ? interaction : { ...interaction, output: replaceLast(output, next) };
    }
    case "step.stop":
      return event.index === output.length - 1 ? { ...interaction, output: closeLast(output) } : interaction;
    case "upstream":
      return withUpstream(interaction, event);
    case "degraded":
      return event.degradations.length === 0
        ? interaction
        : { ...interaction, degraded: [...(interaction.degraded ?? []), ...event.degradations] };
    case "finish": {
      const ended: Interaction = { ...interaction, status: event.status, output: closeLast(output) };
      if (event.usage !== undefined) ended.usage = event.usage;
      if (event.errors !== undefined) ended.errors = event.errors;
      return ended;
    }
    default:
      return event satisfies never;
  }
}

/** Folds a stretch of the log; the last event's time becomes the time of the last change. */
export function foldLog(interaction: Interaction, log: readonly LoggedEvent[]): Interaction {
  let folded = interaction;
  for (const logged of log) folded = fold(folded, logged.event);
  const last = log.at(-1);
  return last === undefined ? folded : { ...folded, updated_at: last.at };
}

/** The interaction as it was before anything came of it: what a log is folded onto. */
export function blank(interaction: Interaction): Interaction {
  const { usage: _usage, errors: _errors, upstream_id: _id, degraded: _degraded, ...rest } = interaction;
  return { ...rest, status: "in_progress", output: [], updated_at: interaction.created_at };
}

/** An upstream without a model or an id of its own has none: those of the one before it do not count any more. */
function withUpstream(interaction: Interaction, event: Extract<Event, { type: "upstream" }>): Interaction {
  const { upstream_model: _model, upstream_id: _id, ...rest } = interaction;
  const next: Interaction = { ...rest, provider: event.provider };
  if (event.model !== undefined) next.upstream_model = event.model;
  if (event.id !== undefined) next.upstream_id = event.id;
  return next;
}

function closeLast(output: Step[]): Step[] {
  const last = output.at(-1);
  if (last === undefined) return output;
  const closed = closeStep(last);
  return closed === last ? output : replaceLast(output, closed);
}

function replaceLast(output: Step[], step: Step): Step[] {
  const steps = output.slice();
  steps[steps.length - 1] = step;
  return steps;
}
