import { z } from "zod";
import { Degradation } from "./degradation.ts";
import { Settings } from "./settings.ts";
import { Step } from "./step.ts";
import { Usage } from "./usage.ts";

/** `in_progress` is the only state that is not an end. */
export const statuses = ["in_progress", "requires_action", "completed", "failed", "cancelled", "incomplete"] as const;
export const Status = z.enum(statuses);
export type Status = z.infer<typeof Status>;

/** A state in which nothing will happen any more. */
export type TerminalStatus = Exclude<Status, "in_progress">;
export const terminalStatuses = ["requires_action", "completed", "failed", "cancelled", "incomplete"] as const;

/** The two generations of Google's wire: `outputs` and turns, or `steps`. */
export const revisions = ["legacy", "steps"] as const;
export const Revision = z.enum(revisions);
export type Revision = z.infer<typeof Revision>;

/** Why an interaction did not complete: a snake_case code and a sentence for people. */
export const Failure = z.strictObject({ code: z.string(), message: z.string() });
export type Failure = z.infer<typeof Failure>;

/** The path of a member that the hub does not know, and the sentence that refuses it. */
export const UnknownMember = z.strictObject({ field: z.string(), message: z.string() });
export type UnknownMember = z.infer<typeof UnknownMember>;

/** What a front asks the hub to run. */
export const CreateRequest = z.strictObject({
  model: z.string().optional(),
  agent: z.string().optional(),
  input: z.array(Step),
  previous_interaction_id: z.string().optional(),
  store: z.boolean(),
  background: z.boolean(),
  /** The wire revision of the client that asked; recorded, so that later readers without a revision of their own get it. */
  revision: Revision,
  settings: Settings,
  /**
   * Members of a newer wire than the hub knows, kept in `settings` (as `extra` or as tools of type `other`): why each is
   * refused unless the upstream takes such members as they are. Only while the request is on its way.
   */
  unknown: z.array(UnknownMember).optional(),
});
export type CreateRequest = z.infer<typeof CreateRequest>;

/** One request and what came of it. Times are milliseconds since 1970. */
export const Interaction = z.strictObject({
  id: z.string(),
  /** The first interaction of the chain; its own id when there is no previous one. */
  root_id: z.string(),
  previous_id: z.string().optional(),
  status: Status,
  model: z.string().optional(),
  agent: z.string().optional(),
  /** The upstream that ran it. */
  provider: z.string(),
  /** The upstream's own name of the model or agent, where the request used another one (an alias, say). */
  upstream_model: z.string().optional(),
  /** The id under which the upstream keeps the interaction, if it does. */
  upstream_id: z.string().optional(),
  revision: Revision,
  store: z.boolean(),
  background: z.boolean(),
  created_at: z.number().int(),
  updated_at: z.number().int(),
  settings: Settings,
  /** What this request said (not what the chain said before). */
  input: z.array(Step),
  /** What came of it, in order; partial while it runs or when it failed. */
  output: z.array(Step),
  usage: Usage.optional(),
  errors: z.array(Failure).optional(),
  /** What the upstream could not be given as it was. */
  degraded: z.array(Degradation).optional(),
});
export type Interaction = z.infer<typeof Interaction>;

/** Whether nothing will happen to an interaction of this status any more. */
export function isTerminal(status: Status): status is TerminalStatus {
  return status !== "in_progress";
}
