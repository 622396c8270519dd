import { z } from "zod";
import { Annotation, Content } from "./content.ts";
import { Degradation } from "./degradation.ts";
import { Failure, Status, terminalStatuses } from "./interaction.ts";
import { JsonObject } from "./json.ts";
import { Signature, Step, ToolOutcome } from "./step.ts";
import { Usage } from "./usage.ts";

/** What a delta adds to the step that is open. */
export const Delta = z.discriminatedUnion("type", [
  /** model_output: continues the last text content, or begins one. */
  z.strictObject({ type: z.literal("text"), text: z.string() }),
  /** model_output: sources for the text so far. */
  z.strictObject({ type: z.literal("annotations"), annotations: z.array(Annotation) }),
  /** model_output: one more whole content (media, usually). */
  z.strictObject({ type: z.literal("content"), content: Content }),
  /** thought: one more piece of the summary. */
  z.strictObject({ type: z.literal("summary"), content: Content }),
  /** thought and tool steps. */
  z.strictObject({ type: z.literal("signature"), signature: Signature }),
  /** tool_call: the next fragment of the arguments' JSON text. */
  z.strictObject({ type: z.literal("arguments"), text: z.string() }),
  /** tool_call of a tool that the provider runs: the whole arguments at once. */
  z.strictObject({
    type: z.literal("call"),
    arguments: JsonObject.optional(),
    signature: Signature.optional(),
    extra: JsonObject.optional(),
  }),
  /** tool_result: the whole result at once. */
  z.strictObject({
    type: z.literal("result"),
    result: ToolOutcome.optional(),
    is_error: z.boolean().optional(),
    signature: Signature.optional(),
    extra: JsonObject.optional(),
  }),
  /** A delta the hub does not know, kept whole; its members but `type` are merged into the step's `extra`. */
  z.strictObject({ type: z.literal("other"), raw: JsonObject }),
]);
export type Delta = z.infer<typeof Delta>;

const TerminalStatus = z.enum(terminalStatuses);

/** The end of an interaction, with its cause in `errors` if it is not `completed` or `requires_action`. */
const Finish = z.strictObject({
  type: z.literal("finish"),
  status: TerminalStatus,
  usage: Usage.optional(),
  errors: z.array(Failure).optional(),
});

/** What the upstream could not be given as it was. Several of them add up. */
const Degraded = z.strictObject({ type: z.literal("degraded"), degradations: z.array(Degradation) });

/**
 * What a provider may say. Steps come one after the other and never overlap: start, deltas, stop. `step.start` may carry
 * a whole step. `upstream` tells the id under which the upstream itself keeps the interaction, by which the next turn can
 * go on. Neither it nor `degraded` stands inside a step. A provider that ends without `finish` has broken off.
 */
export const ProviderEvent = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("step.start"), step: Step }),
  z.strictObject({ type: z.literal("step.delta"), delta: Delta }),
  z.strictObject({ type: z.literal("step.stop") }),
  z.strictObject({ type: z.literal("upstream"), id: z.string() }),
  Degraded,
  Finish,
]);
export type ProviderEvent = z.infer<typeof ProviderEvent>;

/**
 * What the log holds. `index` is the place of the step in the interaction's output, from 0. The first event of every log
 * is `status` with `in_progress`, the last is `finish`. `upstream` names who answers where that is another one than the
 * interaction began with, or where the upstream keeps it under an id of its own.
 */
export const Event = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("status"), status: Status }),
  z.strictObject({ type: z.literal("step.start"), index: z.number().int(), step: Step }),
  z.strictObject({ type: z.literal("step.delta"), index: z.number().int(), delta: Delta }),
  z.strictObject({ type: z.literal("step.stop"), index: z.number().int() }),
  z.strictObject({
    type: z.literal("upstream"),
    provider: z.string(),
    model: z.string().optional(),
    id: z.string().optional(),
  }),
  Degraded,
  Finish,
]);
export type Event = z.infer<typeof Event>;

/** An event with its place in the log (from 1, without gaps) and its time in milliseconds since 1970. */
export type LoggedEvent = { sequence: number; at: number; event: Event };
