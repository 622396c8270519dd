import { z } from "zod";
import { Delta, LegacyDelta } from "./delta.ts";
import { carried, type Disposition, named } from "./disposition.ts";
import { Interaction, InteractionError, LegacyInteraction, Status } from "./interaction.ts";
import { Usage } from "./usage.ts";

function event<T extends string, Members extends z.ZodRawShape>(
  id: string,
  type: T,
  description: string,
  members: Members,
  hub: Disposition = "sent",
) {
  return named(
    id,
    hub,
    description,
    z.looseObject({
      event_type: z.literal(type),
      ...members,
      event_id: z.string().optional().describe("For `last_event_id`: the stream goes on behind this event."),
    }),
  );
}

const index = z.int().min(0);

const StatusUpdateEvent = event("StatusUpdateEvent", "interaction.status_update", "The state changed.", {
  interaction_id: z.string(),
  status: Status,
  usage: Usage.optional(),
});

const ErrorEvent = event(
  "ErrorEvent",
  "error",
  "The run failed; the stream ends without completing.",
  { error: InteractionError.optional() },
  "sent: when a run failed",
);

/** The events of a stream in the steps revision. */
export const InteractionEvent = named(
  "InteractionEvent",
  "sent",
  "One record of the stream: its `data:` line. `data: [DONE]` ends the stream.",
  z.discriminatedUnion("event_type", [
    event("InteractionCreatedEvent", "interaction.created", "The first event: the interaction exists.", {
      interaction: Interaction,
    }),
    StatusUpdateEvent,
    event("StepStartEvent", "step.start", "A step begins, with what is known of it.", { index, step: carried() }),
    event("StepDeltaEvent", "step.delta", "Something is added to the step.", { index, delta: Delta }),
    event("StepStopEvent", "step.stop", "The step is whole.", { index }),
    event(
      "InteractionCompletedEvent",
      "interaction.completed",
      "The end, whatever the state; without the steps.",
      { interaction: Interaction },
      "sent: for every end but `failed`",
    ),
    ErrorEvent,
  ]),
);

/** The events of a stream in the legacy revision. */
export const LegacyInteractionEvent = named(
  "LegacyInteractionEvent",
  "sent",
  "One record of the stream: its `data:` line. `data: [DONE]` ends the stream.",
  z.discriminatedUnion("event_type", [
    event("InteractionStartEvent", "interaction.start", "The first event: the interaction exists.", {
      interaction: LegacyInteraction,
    }),
    StatusUpdateEvent,
    event("ContentStartEvent", "content.start", "A content begins: its type, and whose call it is.", {
      index,
      content: carried(),
    }),
    event("ContentDeltaEvent", "content.delta", "Something is added to the content.", { index, delta: LegacyDelta }),
    event("ContentStopEvent", "content.stop", "The content is whole.", { index }),
    event(
      "InteractionCompleteEvent",
      "interaction.complete",
      "The end, whatever the state; without the outputs.",
      { interaction: LegacyInteraction },
      "sent: for every end but `failed`",
    ),
    ErrorEvent,
  ]),
);
