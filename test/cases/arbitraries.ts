import fc from "fast-check";
import type { Delta, LoggedEvent, ProviderEvent } from "../../schema/core/event.ts";
import { blank, foldLog } from "../../schema/core/fold.ts";
import { type Failure, type Interaction, revisions, terminalStatuses } from "../../schema/core/interaction.ts";
import { formatInteractionId } from "../../schema/core/interaction-id.ts";
import { type Step, toolNames } from "../../schema/core/step.ts";
import {
  annotations,
  content,
  extra,
  fragment,
  jsonObject,
  mediaContent,
  optionalExtra,
  outcomeOf,
  signature,
  text,
  textContent,
  trimmed,
  word,
} from "./arbitrary-content.ts";
import { begunInteraction } from "./begun-interaction.ts";
import { placedEvent } from "./placed-event.ts";

// Whatever a provider may say, and whatever may stand in the store.

const tool = fc.constantFrom(...toolNames.filter((name) => name !== "other" && name !== "function"));
const callId = fc.string({ unit: fc.constantFrom(..."abc123"), minLength: 4, maxLength: 8 });

/** A step with what a provider adds to it while it is open. */
type Said = { step: Step; deltas: Delta[] };

const unknownDelta: fc.Arbitrary<Delta> = extra.map((members) => ({
  type: "other",
  raw: { type: "future_delta", ...members },
}));
const signatureDelta: fc.Arbitrary<Delta> = signature.map((value) => ({ type: "signature", signature: value }));

/** Text that follows a whole text continues it, so a whole text as a delta only comes where none stands before it. */
const outputDelta: fc.Arbitrary<Delta> = fc.oneof(
  { weight: 4, arbitrary: text.map((value): Delta => ({ type: "text", text: value })) },
  annotations.map((value): Delta => ({ type: "annotations", annotations: value })),
  mediaContent.map((value): Delta => ({ type: "content", content: value })),
  unknownDelta,
);

const saidOutput: fc.Arbitrary<Said> = trimmed(
  fc.record({
    content: fc.array(content, { maxLength: 2 }),
    first: fc.option(textContent, { nil: undefined }),
    deltas: fc.array(outputDelta, { maxLength: 5 }),
    error: fc.option(fc.record({ code: fc.nat(16), message: text }), { nil: undefined, freq: 8 }),
    extra: optionalExtra,
  }),
).map(({ content: contents, first, deltas, ...members }) => ({
  step: { type: "model_output", content: contents, ...members },
  deltas: first === undefined || contents.length > 0 ? deltas : [{ type: "content", content: first }, ...deltas],
}));

const thoughtDelta: fc.Arbitrary<Delta> = fc.oneof(
  content.map((value): Delta => ({ type: "summary", content: value })),
  signatureDelta,
  unknownDelta,
);

const saidThought: fc.Arbitrary<Said> = fc
  .tuple(
    trimmed(
      fc.record({
        type: fc.constant("thought" as const),
        summary: fc.option(fc.array(content, { minLength: 1, maxLength: 2 }), { nil: undefined }),
        signature: fc.option(signature, { nil: undefined }),
        extra: optionalExtra,
      }),
    ),
    fc.array(thoughtDelta, { maxLength: 3 }),
  )
  .map(([step, deltas]) => ({ step, deltas }));

/** A function call whose arguments come whole, in fragments, or are cut off. */
const saidFunctionCall: fc.Arbitrary<Said> = fc
  .record({
    call_id: callId,
    name: word,
    given: jsonObject,
    manner: fc.constantFrom("whole", "fragments", "cut", "call"),
    at: fc.nat(20),
    signed: fc.option(signatureDelta, { nil: undefined }),
  })
  .map(({ call_id, name, given, manner, at, signed }) => {
    const shell: Step = { type: "tool_call", tool: "function", call_id, name, arguments: {} };
    const json = JSON.stringify(given);
    const end = signed === undefined ? [] : [signed];
    const place = Math.min(at, json.length - 1);
    const pieces = (manner === "cut" ? [`{"cut":${json.slice(0, place)}`] : [json.slice(0, place), json.slice(place)])
      .filter((piece) => piece !== "")
      .map((piece): Delta => ({ type: "arguments", text: piece }));
    if (manner === "whole") return { step: { ...shell, arguments: given }, deltas: end };
    if (manner === "cut")
      return { step: { type: "tool_call", tool: "function", call_id, name }, deltas: [...pieces, ...end] };
    if (manner === "call") return { step: shell, deltas: [{ type: "call", arguments: given }, ...end] };
    return { step: shell, deltas: [...pieces, ...end] };
  });

const saidToolCall: fc.Arbitrary<Said> = trimmed(
  fc.record({
    tool,
    call_id: callId,
    named: fc.record({ name: word, server_name: word }),
    given: jsonObject,
    signature: fc.option(signature, { nil: undefined }),
    extra: optionalExtra,
    whole: fc.boolean(),
  }),
).map(({ whole, given, named, tool: toolName, call_id, ...members }) => {
  const shell: Step = { type: "tool_call", tool: toolName, call_id, ...(toolName === "mcp_server" ? named : {}) };
  return whole
    ? { step: { ...shell, arguments: given, ...members }, deltas: [] }
    : { step: shell, deltas: [{ type: "call", arguments: given, ...members }] };
});

const saidToolResult: fc.Arbitrary<Said> = fc.oneof(tool, fc.constant("function" as const)).chain((toolName) =>
  trimmed(
    fc.record({
      call_id: callId,
      name: fc.option(word, { nil: undefined }),
      result: outcomeOf(toolName),
      is_error: fc.option(fc.boolean(), { nil: undefined }),
      signature: fc.option(signature, { nil: undefined }),
      extra: optionalExtra,
      whole: fc.boolean(),
    }),
  ).map(({ whole, call_id, name, ...members }): Said => {
    const shell = { type: "tool_result" as const, tool: toolName, call_id, ...(name === undefined ? {} : { name }) };
    return whole
      ? { step: { ...shell, ...members }, deltas: [] }
      : { step: shell, deltas: [{ type: "result", ...members }] };
  }),
);

const saidUnknown: fc.Arbitrary<Said> = fc
  .record({ id: callId, result: fc.boolean(), members: extra, deltas: fc.array(unknownDelta, { maxLength: 2 }) })
  .map(({ id, result, members, deltas }) => ({
    step: result
      ? { type: "tool_result", tool: "other", call_id: id, raw: { type: "future_result", call_id: id, ...members } }
      : { type: "tool_call", tool: "other", call_id: id, raw: { type: "future_call", id, ...members } },
    deltas,
  }));

const said = fc.oneof(saidOutput, saidThought, saidFunctionCall, saidToolCall, saidToolResult, saidUnknown);

/** A step as it stands whole, of every kind; among them what the user says. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  said.map(({ step: shell, deltas }) => settledStep(shell, deltas)),
  fc
    .array(content, { minLength: 1, maxLength: 3 })
    .map((contents): Step => ({ type: "user_input", content: contents })),
);

const usage = fc.record({ total_tokens: fc.nat(), total_input_tokens: fc.nat(), total_cached_tokens: fc.constant(0) });
const errors = fc.array(fc.record({ code: word, message: fragment }), { maxLength: 2 });

/** What a provider says from start to end; the last step may still be open when it ends. */
export const providerEvents: fc.Arbitrary<ProviderEvent[]> = fc
  .record({
    steps: fc.array(said, { maxLength: 5 }),
    open: fc.boolean(),
    status: fc.constantFrom(...terminalStatuses),
    usage,
    errors,
    kept: fc.option(word, { nil: undefined }),
    degradations: fc.array(fc.record({ field: word, message: fragment }), { minLength: 1, maxLength: 2 }),
    isDegraded: fc.boolean(),
  })
  .map(({ steps, open, status, usage: counted, errors: causes, kept, degradations, isDegraded }) => {
    const before: ProviderEvent[] = [
      ...(isDegraded ? [{ type: "degraded" as const, degradations }] : []),
      ...(kept === undefined ? [] : [{ type: "upstream" as const, id: kept }]),
    ];
    const events = steps.flatMap(({ step: started, deltas }): ProviderEvent[] => [
      { type: "step.start", step: started },
      ...deltas.map((delta): ProviderEvent => ({ type: "step.delta", delta })),
      { type: "step.stop" },
    ]);
    if (open) events.splice(-1, 1);
    return [...before, ...events, { type: "finish", status, usage: counted, ...failures(status, causes) }];
  });

/** An interaction before anything came of it, with its whole log. */
export const logged: fc.Arbitrary<{ begun: Interaction; log: LoggedEvent[] }> = fc
  .record({
    own: fc.string({ unit: fc.constantFrom(..."abcXYZ019_-"), minLength: 23, maxLength: 23 }),
    revision: fc.constantFrom(...revisions),
    store: fc.boolean(),
    background: fc.boolean(),
    created_at: fc.integer({ min: 1.7e12, max: 1.9e12 }),
    said: providerEvents,
  })
  .map(({ own, said: events, ...members }) => {
    const id = formatInteractionId({ root: own, own });
    const input: Step[] = [{ type: "user_input", content: [{ type: "text", text: "Hi" }] }];
    const { created_at } = members;
    const begun: Interaction = {
      ...members,
      id,
      root_id: id,
      status: "in_progress",
      model: "m",
      provider: "gemini",
      updated_at: created_at,
      settings: {},
      input,
      output: [],
    };
    return { begun, log: logOf(events, created_at) };
  });

/** An interaction as it stands after its log. */
export const interaction: fc.Arbitrary<Interaction> = logged.map(({ begun, log }) => foldLog(begun, log));

/** Numbers and dates what a provider said, as the hub does. */
export function logOf(events: readonly ProviderEvent[], from: number): LoggedEvent[] {
  let index = -1;
  const log: LoggedEvent[] = [{ sequence: 1, at: from, event: { type: "status", status: "in_progress" } }];
  for (const event of events) {
    if (event.type === "step.start") index += 1;
    log.push({ sequence: log.length + 1, at: from + log.length * 40, event: placedEvent(event, index, "gemini") });
  }
  return log;
}

function settledStep(shell: Step, deltas: readonly Delta[]): Step {
  const events: ProviderEvent[] = [
    { type: "step.start", step: shell },
    ...deltas.map((delta): ProviderEvent => ({ type: "step.delta", delta })),
    { type: "step.stop" },
  ];
  return foldLog(nothingYet, logOf(events, 0)).output[0] ?? shell;
}

const nothingYet: Interaction = blank(begunInteraction({ provider: "gemini" }));

function failures(status: string, causes: Failure[]): { errors?: Failure[] } {
  return status === "completed" || status === "requires_action" || causes.length === 0 ? {} : { errors: causes };
}
