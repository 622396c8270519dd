import { setTimeout as sleep } from "node:timers/promises";
import type { ModelInfo } from "../../../schema/core/model-info.ts";
import type { Upstream } from "../../../schema/provider.ts";
import { agentKindOf, isSimulatorModel, simulates } from "./models.ts";
import { createSimulator, type Pace } from "./provider.ts";

/** What the configuration says of the simulator. */
export type SimulatorSettings = Pace & {
  /** Whether it stands in for Gemini's models and Google's agents. */
  answers_for_gemini: boolean;
};

/** The simulator as an upstream: under its own names, and under Google's names of models and agents if it stands in. */
export function simulatorUpstream({ answers_for_gemini: standsIn, ...pace }: SimulatorSettings): Upstream {
  const provider = createSimulator({
    name: "simulator",
    pace,
    standsIn,
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
  });
  function kindOf(name: string): ModelInfo["kind"] | undefined {
    if (isSimulatorModel(name)) return "model";
    if (!standsIn || !simulates(name)) return undefined;
    return agentKindOf(name) === undefined ? "model" : "agent";
  }

  return { provider, answersFor: (name, kind) => kindOf(name) === kind, kindOf };
}
