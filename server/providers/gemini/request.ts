import type { Degradation } from "../../../schema/core/degradation.ts";
import type { JsonObject } from "../../../schema/core/json.ts";
import type { Step } from "../../../schema/core/step.ts";
import { encodeRequestSettings } from "../../../schema/interactions/encode-settings.ts";
import type { ModelCall } from "../../../schema/provider.ts";
import { traitsOf } from "../google/model-traits.ts";
import { ownSignature } from "../google/own-signature.ts";
import { type PlacedStep, type StepsContext, wireStep } from "./steps.ts";
import { textOf } from "./wire.ts";

/** What is sent to Google, and what of the call could not be said as it was. */
export type GeminiRequest = {
  body: JsonObject;
  /** The steps of the body. */
  input: JsonObject[];
  degradations: Degradation[];
};

/**
 * What Google documents for a call of a function that has no signature, because another model made it: from Gemini 3 on, a
 * turn's first call must have one (https://ai.google.dev/gemini-api/docs/thought-signatures). In this API the signature of
 * calls stands in a thought before them.
 */
const NO_SIGNATURE = "skip_thought_signature_validator";

/**
 * The request that a call is: from where Google can go on by itself (`anchor`), or with all that the chain said before.
 * Everything is said as the client said it, also what the hub does not know.
 */
export function toRequest(call: ModelCall, upstream: string, { isAnchored }: { isAnchored: boolean }): GeminiRequest {
  const { model, agent, settings, anchor } = call;
  const degradations: Degradation[] = [];
  const context: StepsContext = {
    upstream,
    isAgent: agent !== undefined,
    names: namesOfCalls(call),
    degradations,
  };
  const first = isAnchored && anchor !== undefined ? anchor.steps : 0;
  const placed = placedSteps(call, upstream, first);
  const steps = placed.map((step) => wireStep(step, context)).filter((step) => step !== undefined);
  const input = model !== undefined && traitsOf(model).isModern ? withSignatures(steps) : steps;
  const body: JsonObject = {
    ...(model === undefined ? {} : { model }),
    ...(agent === undefined ? {} : { agent }),
    ...(input.length === 0 ? {} : { input }),
    ...encodeRequestSettings(settings),
  };
  if (isAnchored && anchor !== undefined) body.previous_interaction_id = anchor.id;
  if (call.store === false) body.store = false;
  if (call.background === true) body.background = true;
  body.stream = true;
  return { body, input, degradations };
}

function placedSteps(call: ModelCall, upstream: string, first: number): PlacedStep[] {
  const { history, history_by, input } = call;
  return [
    ...history.slice(first).map((step, offset): PlacedStep => {
      const index = first + offset;
      return { step, place: `history[${index}]`, isOwn: isOwnStep(step, upstream, history_by?.[index]) };
    }),
    ...input.map(
      (step, index): PlacedStep => ({ step, place: `input[${index}]`, isOwn: isOwnStep(step, upstream, upstream) }),
    ),
  ];
}

/**
 * Whether a step goes to the upstream as it came: because that made it, or because it stands in what somebody told it. `by`
 * is who was told, or who answered. A signature says more than that: it is for nobody else than its maker.
 */
function isOwnStep(step: Step, upstream: string, by: string | undefined): boolean {
  return "content" in step ? by === upstream : ownSignature(step.signature, upstream, by) !== undefined;
}

function namesOfCalls({ history, input }: ModelCall): Map<string, string> {
  const names = new Map<string, string>();
  for (const step of [...history, ...input])
    if (step.type === "tool_call" && step.tool === "function" && step.name !== undefined)
      names.set(step.call_id, step.name);
  return names;
}

/** The steps with a thought before those calls for which the model has none that it signed. */
function withSignatures(steps: readonly JsonObject[]): JsonObject[] {
  const signed: JsonObject[] = [];
  let isSigned = false;
  for (const step of steps) {
    const isCall = step.type === "function_call";
    if (step.type === "user_input" || step.type === "function_result") isSigned = false;
    else if (step.type === "thought" || isCall) isSigned ||= textOf(step.signature) !== undefined;
    if (isCall && !isSigned) {
      signed.push({ type: "thought", signature: NO_SIGNATURE });
      isSigned = true;
    }
    signed.push(step);
  }
  return signed;
}
