import type { Degradation } from "../../../schema/core/degradation.ts";
import type { AssistantMessage, RequestBody } from "./wire.ts";

/** How servers say that they do not know a member, or not this value of it. */
const UNSUPPORTED =
  /unsupported|not support|n't support|unrecogni[sz]ed|unknown|unexpected|extra inputs|extra_forbidden|not (?:permitted|allowed)|forbidden|deprecated|incompatible|only the default/i;

/** Something that a request does without because the server asked for that. */
type Concession = {
  /** Whether a complaint asks for it. */
  isAsked(complaint: string): boolean;
  /** The request without it; `undefined` where there is nothing to do without. */
  make(body: RequestBody): RequestBody | undefined;
  /** What is lost by it. */
  loses?: Degradation;
};

type OptionalMember = "stream_options" | "reasoning_effort" | "parallel_tool_calls" | SamplingMember;
type SamplingMember = "temperature" | "top_p" | "seed" | "presence_penalty" | "frequency_penalty";

const noStreamOptions: Concession = {
  isAsked: (complaint) => /stream_options|include_usage/.test(complaint),
  make: (body) => without(body, "stream_options"),
};

const otherLimit: Concession = {
  isAsked: (complaint) => /max_(?:completion_)?tokens/.test(complaint) && UNSUPPORTED.test(complaint),
  make({ max_tokens, max_completion_tokens, ...body }) {
    if (max_tokens != null) return { ...body, max_completion_tokens: max_tokens };
    return max_completion_tokens == null ? undefined : { ...body, max_tokens: max_completion_tokens };
  },
};

const lowEffort: Concession = {
  isAsked: (complaint) => /reasoning|thinking/i.test(complaint),
  make: (body) => (body.reasoning_effort === "minimal" ? { ...body, reasoning_effort: "low" } : undefined),
  loses: { field: "generation_config.thinking_level", message: "The model has no level 'minimal', so it got 'low'." },
};

const noEffort: Concession = {
  isAsked: (complaint) => /reasoning|thinking/i.test(complaint),
  make: (body) => without(body, "reasoning_effort"),
  loses: { field: "generation_config.thinking_level", message: "The model does not take a level of thinking." },
};

const noParallelChoice: Concession = {
  isAsked: (complaint) => complaint.includes("parallel_tool_calls"),
  make: (body) => without(body, "parallel_tool_calls"),
  loses: {
    field: "generation_config.tool_choice",
    message: "Several calls at once could not be ruled out, whose arguments are not checked against the schemas.",
  },
};

/** DeepSeek wants reasoning with every call in the history, also with those of others. */
const emptyReasoning: Concession = {
  isAsked: (complaint) => /reasoning_content/.test(complaint) && /must|missing|required/i.test(complaint),
  make: (body) =>
    withCallers(body, (message) =>
      message.reasoning_content === undefined ? { ...message, reasoning_content: "" } : message,
    ),
};

const noReasoning: Concession = {
  isAsked: (complaint) => /reasoning(?!.?effort)|thinking/i.test(complaint) && UNSUPPORTED.test(complaint),
  make: (body) =>
    withCallers(body, (message) => {
      const { reasoning_content: _, reasoning: _r, thinking: _t, reasoning_details: _d, ...rest } = message;
      return Object.keys(rest).length === Object.keys(message).length ? message : rest;
    }),
  loses: { field: "history", message: "The model was not told again what it had thought before it called tools." },
};

function noSampling(member: SamplingMember): Concession {
  const named = new RegExp(`\\b${member}\\b`);
  return {
    isAsked: (complaint) => named.test(complaint) && UNSUPPORTED.test(complaint),
    make: (body) => without(body, member),
    loses: { field: `generation_config.${member}`, message: `The model does not take '${member}'.` },
  };
}

/** In the order in which they are tried, for a complaint may name several members; the vaguest come last. */
const concessions: readonly Concession[] = [
  noStreamOptions,
  otherLimit,
  noParallelChoice,
  noSampling("temperature"),
  noSampling("top_p"),
  noSampling("seed"),
  noSampling("presence_penalty"),
  noSampling("frequency_penalty"),
  emptyReasoning,
  noReasoning,
  lowEffort,
  noEffort,
];

/** The concessions that a model's server has asked for. */
export type Granted = ReadonlySet<Concession>;

const none: Granted = new Set();

/** So many models are remembered; clients may make up names for servers that take any. */
const MOST_MODELS = 500;

/**
 * What servers would not take of a request, by model: learnt from their complaints, and remembered once a request without it
 * has been answered.
 */
export class ConcessionMemory {
  readonly #byModel = new Map<string, Granted>();

  of(model: string): Granted {
    return this.#byModel.get(model) ?? none;
  }

  remember(model: string, granted: Granted): void {
    if (this.of(model) === granted) return;
    if (this.#byModel.size >= MOST_MODELS) this.#byModel.clear();
    this.#byModel.set(model, granted);
  }
}

/** A request as its server takes it, and what is lost by that. */
export function concede(body: RequestBody, granted: Granted): { body: RequestBody; lost: Degradation[] } {
  const lost = new Map<string, Degradation>();
  let conceded = body;
  for (const concession of granted) {
    const made = concession.make(conceded);
    if (made === undefined) continue;
    conceded = made;
    // Where one follows another on the same member, the last says what became of it.
    if (concession.loses !== undefined) lost.set(concession.loses.field, concession.loses);
  }
  return { body: conceded, lost: [...lost.values()] };
}

/** The concessions with one more, if a complaint asks for one that changes the request; each is made once. */
export function concessionsAfter(complaint: string, body: RequestBody, granted: Granted): Granted | undefined {
  const asked = concessions.find(
    (concession) => !granted.has(concession) && concession.isAsked(complaint) && concession.make(body) !== undefined,
  );
  return asked === undefined ? undefined : new Set([...granted, asked]);
}

function without(body: RequestBody, member: OptionalMember): RequestBody | undefined {
  if (body[member] === undefined) return undefined;
  const { [member]: _left, ...rest } = body;
  return rest;
}

/** The request with changed messages in which the model calls tools; `undefined` where none changes. */
function withCallers(
  body: RequestBody,
  change: (message: AssistantMessage) => AssistantMessage,
): RequestBody | undefined {
  let isChanged = false;
  const messages = body.messages.map((message) => {
    if (message.role !== "assistant" || message.tool_calls === undefined) return message;
    const changed = change(message);
    isChanged ||= changed !== message;
    return changed;
  });
  return isChanged ? { ...body, messages } : undefined;
}
