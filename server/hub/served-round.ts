import { applyDelta, closeStep } from "../../schema/core/apply-delta.ts";
import type { Delta, ProviderEvent } from "../../schema/core/event.ts";
import type { Step, ToolCall } from "../../schema/core/step.ts";
import type { OfferedTool } from "./offered-tools.ts";

/** A call of a server's tool, to be run by the hub. `broken` is the text of arguments that are no JSON object. */
export type ServedCall = { step: ToolCall; offered: OfferedTool; broken?: string };

/** The events in which steps are said. */
export type StepEvent = Extract<ProviderEvent, { type: "step.start" | "step.delta" | "step.stop" }>;

/** What a provider says in one round, with the calls of functions that stand for servers' tools told as calls of these. */
export type ServedRound = {
  /** Takes an event of the provider's and gives what is to be said instead. */
  take(event: StepEvent): readonly StepEvent[];
  /** What is still to be said when the provider says no more. */
  close(): readonly StepEvent[];
  /** What is still to be said when the provider has broken off: the arguments of an open call, as far as they came. */
  breakOff(): readonly StepEvent[];
  /** The steps so far, whole, as they were said. */
  readonly steps: Step[];
  /** The calls so far that the hub is to run. */
  readonly calls: ServedCall[];
};

/** The call that is open, as far as it has come, in the provider's words. */
type OpenCall = { offered: OfferedTool; step: ToolCall };

/** The wire has no fragments of arguments for a server's tools: they are gathered, and said whole before the step stops. */
export function createServedRound(served: ReadonlyMap<string, OfferedTool>): ServedRound {
  const steps: Step[] = [];
  const calls: ServedCall[] = [];
  let open: OpenCall | undefined;
  let started = false;

  function add(delta: Delta): void {
    const last = steps.at(-1);
    // What does not fit is passed on all the same: whoever stores it refuses it, and says why.
    const next = last === undefined ? undefined : applyDelta(last, delta);
    if (next !== undefined) steps[steps.length - 1] = next;
  }

  function start(step: Step): StepEvent[] {
    started = true;
    const offered = step.type === "tool_call" && step.tool === "function" ? served.get(step.name ?? "") : undefined;
    if (step.type !== "tool_call" || offered === undefined) {
      steps.push(step);
      return [{ type: "step.start", step }];
    }
    open = { offered, step };
    const { arguments: _later, arguments_text: _text, ...shell } = step;
    const call: ToolCall = { ...shell, tool: "mcp_server", name: offered.tool.name, server_name: offered.server_name };
    steps.push(call);
    return [{ type: "step.start", step: call }];
  }

  function change(delta: Delta): StepEvent[] {
    const gathered = open && applyDelta(open.step, delta);
    if (open !== undefined && gathered?.type === "tool_call") {
      open.step = gathered;
      return [];
    }
    add(delta);
    return [{ type: "step.delta", delta }];
  }

  /** Says what was gathered: the arguments whole, or their text if it is no JSON object. */
  function sayCall(): StepEvent[] {
    if (open === undefined) return [];
    const { offered, step } = open;
    open = undefined;
    const { arguments_text: broken, arguments: given = {}, signature, extra } = closedCall(step);
    const deltas: Delta[] = broken === undefined ? [] : [{ type: "arguments", text: broken }];
    const call: Delta = broken === undefined ? { type: "call", arguments: given } : { type: "call" };
    if (signature !== undefined) call.signature = signature;
    if (extra !== undefined) call.extra = extra;
    if (Object.keys(call).length > 1) deltas.push(call);
    for (const delta of deltas) add(delta);
    const said = steps.at(-1);
    if (said?.type === "tool_call") calls.push({ step: said, offered, ...(broken === undefined ? {} : { broken }) });
    return deltas.map((delta) => ({ type: "step.delta", delta }));
  }

  function stop(): StepEvent[] {
    if (!started) return [];
    started = false;
    const said = sayCall();
    const last = steps.at(-1);
    if (last !== undefined) steps[steps.length - 1] = closeStep(last);
    return [...said, { type: "step.stop" }];
  }

  return {
    steps,
    calls,
    take(event) {
      switch (event.type) {
        case "step.start":
          return [...stop(), ...start(event.step)];
        case "step.delta":
          return change(event.delta);
        case "step.stop":
          return started ? stop() : [event];
        default:
          return event satisfies never;
      }
    },
    close: stop,
    breakOff: sayCall,
  };
}

function closedCall(call: ToolCall): ToolCall {
  const closed = closeStep(call);
  return closed.type === "tool_call" ? closed : call;
}
