import type { ProviderEvent } from "../../../schema/core/event.ts";
import type { Failure } from "../../../schema/core/interaction.ts";
import type { ModelCall, Provider } from "../../../schema/provider.ts";
import { say } from "../say-step.ts";
import { faultOf, slownessOf, withFault } from "./faults.ts";
import { cutTo, stopAt } from "./limit-plan.ts";
import { agentKindOf, OUTPUT_LIMIT, simulatedModels, simulatorModels } from "./models.ts";
import type { Plan } from "./plan.ts";
import { planAnswer } from "./plan-answer.ts";
import { planErrand } from "./plan-errand.ts";
import { planResearch } from "./plan-research.ts";
import { refuse } from "./refuse.ts";
import { usageOf } from "./usage.ts";

/** How fast the simulator talks, in milliseconds; with 0 it never waits. */
export type Pace = {
  /** Between two pieces of an answer. */
  token_interval_ms: number;
  /** Before each step of an agent. */
  agent_step_ms: number;
};

export type SimulatorOptions = {
  /** Name of the upstream. */
  name: string;
  pace: Pace;
  /** Whether it lists, besides its own models, those it stands in for (it does); it answers for them in any case. */
  standsIn?: boolean;
  /** Waits; it may reject or return early when the signal aborts. */
  sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
};

/** A provider without a network: it plays models and agents, the same way for the same input and seed. */
export function createSimulator({ name, pace, standsIn = true, sleep }: SimulatorOptions): Provider {
  async function* perform(call: ModelCall, signal: AbortSignal): AsyncGenerator<ProviderEvent, void, void> {
    const plan = await planFor(call, name);
    const tempo = tempoOf(call, pace);
    for (const step of plan.steps) {
      for (const event of say(step)) {
        const pause = pauseBefore(event, tempo);
        if (pause > 0) await sleepUnlessAborted(pause, signal, sleep);
        if (signal.aborted) return;
        yield event;
      }
    }
    if (!signal.aborted) yield finishOf(call, plan);
  }

  return {
    name,
    models: async () => (standsIn ? [...simulatorModels(name), ...simulatedModels(name)] : simulatorModels(name)),
    refuse,
    run(call, signal) {
      const fault = faultOf(call.model ?? "");
      const events = perform(call, signal);
      return fault === undefined ? events : withFault(events, fault, signal);
    },
  };
}

async function planFor(call: ModelCall, name: string): Promise<Plan> {
  switch (agentKindOf(call.agent ?? "")) {
    case "deep-research":
      return planResearch(call, name);
    case "antigravity":
      return planErrand(call, name);
    default: {
      const { stop_sequences: stops = [], max_output_tokens: most = OUTPUT_LIMIT } =
        call.settings.generation_config ?? {};
      return cutTo(stopAt(await planAnswer(call, name), stops), Math.min(most, OUTPUT_LIMIT));
    }
  }
}

function tempoOf(call: ModelCall, pace: Pace): Pace {
  const token_interval_ms = slownessOf(call.model ?? "") ?? pace.token_interval_ms;
  return { token_interval_ms, agent_step_ms: call.agent === undefined ? 0 : pace.agent_step_ms };
}

function pauseBefore(event: ProviderEvent, tempo: Pace): number {
  if (event.type === "step.delta") return tempo.token_interval_ms;
  return event.type === "step.start" && event.step.type !== "model_output" ? tempo.agent_step_ms : 0;
}

async function sleepUnlessAborted(
  milliseconds: number,
  signal: AbortSignal,
  sleep: SimulatorOptions["sleep"],
): Promise<void> {
  if (signal.aborted) return;
  try {
    await sleep(milliseconds, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function finishOf(call: ModelCall, plan: Plan): ProviderEvent {
  const usage = usageOf(call, plan);
  if (plan.cut) {
    const error: Failure = {
      code: "max_output_tokens",
      message: "The answer was cut because it reached the limit of its tokens.",
    };
    return { type: "finish", status: "incomplete", usage, errors: [error] };
  }
  return { type: "finish", status: hasPendingCall(plan) ? "requires_action" : "completed", usage };
}

function hasPendingCall(plan: Plan): boolean {
  return plan.steps.some((step) => step.type === "tool_call" && step.tool === "function");
}
