import type { Event as EventOf, LoggedEvent as LoggedOf } from "../../../../schema/core/event.ts";
import { encodeEventCursor } from "../../../../schema/graphql/event-cursor.ts";
import { builder } from "../builder.ts";
import { Delta } from "./delta.ts";
import { Degradation, Failure } from "./failure.ts";
import { placeStep, Step } from "./step.ts";
import { Usage } from "./usage.ts";
import { StatusWord } from "./words.ts";

type Kind = EventOf["type"];
type Of<Type extends Kind> = Extract<EventOf, { type: Type }>;

/** An event of the log of an interaction. */
export type EventSource = { interactionId: string; logged: LoggedOf };

const names = {
  status: "StatusEvent",
  "step.start": "StepStartEvent",
  "step.delta": "StepDeltaEvent",
  "step.stop": "StepStopEvent",
  upstream: "UpstreamEvent",
  degraded: "DegradedEvent",
  finish: "FinishEvent",
} as const satisfies Record<Kind, string>;

function refOf<Type extends Kind>(type: Type) {
  return builder.objectRef<Of<Type>>(names[type]);
}

const place = "The place of the step in the output, from 0.";

const StatusEvent = refOf("status");
StatusEvent.implement({
  description: "The interaction has begun. The first event of every log.",
  fields: (t) => ({
    status: t.field({ type: StatusWord, description: "Where it stands.", resolve: ({ status }) => status }),
  }),
});

const StepStartEvent = refOf("step.start");
StepStartEvent.implement({
  description: "A step begins. It may be whole already.",
  fields: (t) => ({
    index: t.exposeInt("index", { description: place }),
    step: t.field({
      type: Step,
      description: "The step so far.",
      resolve: ({ step, index }) => placeStep(step, "output", index),
    }),
  }),
});

const StepDeltaEvent = refOf("step.delta");
StepDeltaEvent.implement({
  description: "Something is added to the step that is open.",
  fields: (t) => ({
    index: t.exposeInt("index", { description: place }),
    delta: t.field({ type: Delta, description: "What is added.", resolve: ({ delta }) => delta }),
  }),
});

const StepStopEvent = refOf("step.stop");
StepStopEvent.implement({
  description: "A step is whole.",
  fields: (t) => ({ index: t.exposeInt("index", { description: place }) }),
});

const UpstreamEvent = refOf("upstream");
UpstreamEvent.implement({
  description: "Which upstream answers, where it is another one than the interaction began with, and its own id.",
  fields: (t) => ({
    provider: t.exposeString("provider", { description: "The upstream." }),
    model: t.exposeString("model", { nullable: true, description: "Its own name of the model." }),
    id: t.exposeString("id", { nullable: true, description: "The id under which it keeps the interaction." }),
  }),
});

const DegradedEvent = refOf("degraded");
DegradedEvent.implement({
  description: "The upstream could not be given all that was asked.",
  fields: (t) => ({
    degradations: t.field({
      type: [Degradation],
      description: "What it could not be given.",
      resolve: ({ degradations }) => degradations,
    }),
  }),
});

const FinishEvent = refOf("finish");
FinishEvent.implement({
  description: "The interaction has ended. The last event of every log.",
  fields: (t) => ({
    status: t.field({ type: StatusWord, description: "How it ended.", resolve: ({ status }) => status }),
    usage: t.field({ type: Usage, nullable: true, description: "What it cost.", resolve: ({ usage }) => usage }),
    errors: t.field({
      type: [Failure],
      description: "Why it did not complete.",
      resolve: ({ errors }) => errors ?? [],
    }),
  }),
});

const Event = builder.unionType("Event", {
  description: "What happened to an interaction.",
  types: [StatusEvent, StepStartEvent, StepDeltaEvent, StepStopEvent, UpstreamEvent, DegradedEvent, FinishEvent],
  resolveType: (event: EventOf) => names[event.type],
});

export const LoggedEvent = builder.objectRef<EventSource>("LoggedEvent");
LoggedEvent.implement({
  description:
    "An event with its place in the log of its interaction. The log is all that there is: everything else follows from it.",
  fields: (t) => ({
    cursor: t.field({
      type: "Cursor",
      description: "Go on from here with `after`, or over REST with `last_event_id`.",
      resolve: ({ interactionId, logged }) => encodeEventCursor(interactionId, logged.sequence),
    }),
    sequence: t.int({
      description: "Its place in the log, from 1 and without gaps.",
      resolve: ({ logged }) => logged.sequence,
    }),
    at: t.field({ type: "DateTime", description: "When it was stored.", resolve: ({ logged }) => logged.at }),
    type: t.string({
      description: "What it is: `step.delta`, for instance.",
      resolve: ({ logged }) => logged.event.type,
    }),
    event: t.field({ type: Event, description: "What happened.", resolve: ({ logged }) => logged.event }),
  }),
});
