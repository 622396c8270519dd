import { z } from "zod";
import { Degradation } from "../core/degradation.ts";
import { Event } from "../core/event.ts";
import { Failure, Revision, terminalStatuses } from "../core/interaction.ts";
import { DEEPEST } from "../core/nesting.ts";
import { Settings } from "../core/settings.ts";
import { Step } from "../core/step.ts";
import { Usage } from "../core/usage.ts";

/** What the first line of an export calls its format. */
export const FORMAT = "interactions-hub-export";

/** The version of the format that is written, and the only one that is read. */
export const FORMAT_VERSION = 1;

/** Media come in pieces of so many bytes; only the last one of each is shorter. */
export const PIECE_BYTES = 262_144;

/** The most bytes of a line, with its end. More than the hub takes in a request by default. */
export const MOST_LINE_BYTES = 268_435_456;

/** What the JSON of a line may hold: levels, and values. An answer of an upstream has `DEEPEST` levels at most. */
export const lineLimits = { json_depth: DEEPEST + 10, json_values: 4_000_000 };

/** The most steps of each side of an interaction. */
export const MOST_STEPS = 200_000;

/** The most media of an interaction. */
export const MOST_MEDIA = 100_000;

/** The last time that a date can tell. */
const LATEST = 8_640_000_000_000_000;

const Count = z.number().int().nonnegative();
const Time = Count.max(LATEST, { message: "is later than any date" }).describe("Milliseconds since 1970.");
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, { message: "must be a SHA-256 in lower-case hex" });
/** What the hub makes has an inside (see `interaction-id.ts`), on which nothing relies. */
const Id = z.string().regex(/^v1_[\w-]{1,177}$/, { message: "is no id of an interaction" });
const Name = z.string().refine((text) => text.isWellFormed(), { message: "holds half of a character" });

/** The first line. */
export const HeaderRecord = z
  .strictObject({ type: z.literal("header"), format: z.literal(FORMAT), version: z.literal(FORMAT_VERSION) })
  .describe("The first line.");
export type HeaderRecord = z.infer<typeof HeaderRecord>;

/** A medium, before the first interaction that has it. */
export const MediaRecord = z
  .strictObject({ type: z.literal("media"), sha256: Sha256, size: Count.describe("Bytes.") })
  .describe(
    "A medium, before the first interaction that has it. Its bytes follow in lines of type `piece`; an empty one has none.",
  );
export type MediaRecord = z.infer<typeof MediaRecord>;

/** The next bytes of the medium, in padded standard base64. */
export const PieceRecord = z
  .strictObject({
    type: z.literal("piece"),
    data: z.string().describe(`Standard base64 with padding of ${PIECE_BYTES} bytes, or of those that are left.`),
  })
  .describe("The next bytes of the medium.");
export type PieceRecord = z.infer<typeof PieceRecord>;

/** An interaction without its steps. */
export const InteractionRecord = z
  .strictObject({
    type: z.literal("interaction"),
    id: Id,
    root_id: Id.describe("The first interaction of the chain; its own id where `previous_id` is absent."),
    previous_id: Id.optional().describe("It comes before this one, or is not in the file."),
    status: z.enum(terminalStatuses),
    model: Name.optional(),
    agent: Name.optional(),
    provider: Name.describe("The upstream that ran it."),
    upstream_model: Name.optional(),
    upstream_id: Name.optional(),
    revision: Revision,
    background: z.boolean(),
    created_at: Time,
    updated_at: Time.describe("When it ended: the time of its last event. Milliseconds since 1970."),
    settings: Settings,
    usage: Usage.optional(),
    errors: z.array(Failure).optional(),
    degraded: z.array(Degradation).optional(),
  })
  .describe("An interaction that has ended. Its steps follow, then its events, then its `close`.");
export type InteractionRecord = z.infer<typeof InteractionRecord>;

/** A step of the interaction that was begun last. */
export const StepRecord = z
  .strictObject({ type: z.literal("step"), side: z.enum(["input", "output"]), index: Count, step: Step })
  .describe(
    "A step: those of the input come first, each side by its index from 0. Output is what the events add up to.",
  );
export type StepRecord = z.infer<typeof StepRecord>;

/** An event of the interaction's log. */
export const EventRecord = z
  .strictObject({ type: z.literal("event"), sequence: Count, at: Time, event: Event })
  .describe("An event of the log, in the order of their sequences from 1. The last one is `finish`.");
export type EventRecord = z.infer<typeof EventRecord>;

/** The end of an interaction's lines. */
export const CloseRecord = z
  .strictObject({ type: z.literal("close"), id: Id, steps: Count, events: Count, sha256: Sha256 })
  .describe("The end of an interaction. The hash is that of its lines from `interaction` on, with their ends.");
export type CloseRecord = z.infer<typeof CloseRecord>;

/** The last line. */
export const EndRecord = z
  .strictObject({
    type: z.literal("end"),
    interactions: Count,
    steps: Count,
    events: Count,
    media: Count,
    sha256: Sha256,
  })
  .describe("The last line: what came before it, counted, and the hash of all its lines with their ends.");
export type EndRecord = z.infer<typeof EndRecord>;

/** By the type of a line, what it holds. */
export const records = {
  header: HeaderRecord,
  media: MediaRecord,
  piece: PieceRecord,
  interaction: InteractionRecord,
  step: StepRecord,
  event: EventRecord,
  close: CloseRecord,
  end: EndRecord,
} as const;
export type TransferRecord = z.infer<(typeof records)[keyof typeof records]>;
