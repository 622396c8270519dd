import type { ModelInfo } from "../../../schema/core/model-info.ts";
import { refusedStatuses } from "./faults.ts";

/** What the simulator puts out when a request does not say in which formats. */
export type DefaultOutput = "text" | "image" | "audio";

type Described = Omit<ModelInfo, "provider" | "kind">;

const INPUT_LIMIT = 1_048_576;
/** Tokens after which every answer ends, as with the models it stands for. */
export const OUTPUT_LIMIT = 65_536;

const limits = { input_token_limit: INPUT_LIMIT, output_token_limit: OUTPUT_LIMIT, thinking: true } as const;

/** The simulator under its own names; every pattern member in angle brackets is a number that the caller puts in. */
const ownModels: readonly Described[] = [
  {
    id: "simulator",
    display_name: "Simulator",
    description:
      "Answers offline from the conversation, the same for the same input and the same seed, temperature, top_p and " +
      "penalties. Calls functions, keeps to JSON schemas, makes small images and sounds.",
    ...limits,
  },
  {
    id: "simulator-slow",
    display_name: "Simulator, slow",
    description: "Takes 100 ms for each piece of its answer; simulator-slow-<milliseconds> sets another pace.",
    ...limits,
  },
  {
    id: "simulator-fault-refuse-429",
    display_name: "Simulator, refuses",
    description:
      "Fails before the first event with that HTTP status: simulator-fault-refuse-<status> with one of " +
      `${refusedStatuses.join(", ")}; 429 says to retry after 1 s.`,
    ...limits,
  },
  {
    id: "simulator-fault-stall",
    display_name: "Simulator, stalls",
    description: "Says nothing and never ends; simulator-fault-stall-<k> stalls after k events.",
    ...limits,
  },
  {
    id: "simulator-fault-cut-3",
    display_name: "Simulator, cut off",
    description: "simulator-fault-cut-<k> ends after k events without a finish, as when a connection breaks.",
    ...limits,
  },
  {
    id: "simulator-fault-fail-3",
    display_name: "Simulator, fails",
    description: "simulator-fault-fail-<k> fails with an upstream error after k events.",
    ...limits,
  },
];

const standsFor = "Simulated offline: the answers are the simulator's.";

function gemini(id: string, name: string): Described {
  return { id, display_name: name, description: standsFor, ...limits };
}

const geminiModels: readonly Described[] = [
  gemini("gemini-3.8-flash", "Gemini 3.8 Flash"),
  gemini("gemini-3.1-pro-preview", "Gemini 3.1 Pro Preview"),
  gemini("gemini-3.1-flash-lite", "Gemini 3.1 Flash-Lite"),
  gemini("gemini-2.5-pro", "Gemini 2.5 Pro"),
  gemini("gemini-2.5-flash", "Gemini 2.5 Flash"),
  gemini("gemini-2.5-flash-lite", "Gemini 2.5 Flash-Lite"),
  gemini("gemini-3-pro-image-preview", "Gemini 3 Pro Image Preview"),
  gemini("gemini-2.5-flash-image", "Gemini 2.5 Flash Image"),
  gemini("gemini-2.5-flash-preview-tts", "Gemini 2.5 Flash Preview TTS"),
  gemini("gemini-2.5-pro-preview-tts", "Gemini 2.5 Pro Preview TTS"),
];

const agents: readonly Described[] = [
  { id: "deep-research-pro-preview-12-2025", display_name: "Deep Research Pro Preview", description: standsFor },
  { id: "deep-research-preview-04-2026", display_name: "Deep Research Preview", description: standsFor },
  { id: "deep-research-max-preview-04-2026", display_name: "Deep Research Max Preview", description: standsFor },
  { id: "antigravity-preview-05-2026", display_name: "Antigravity Preview", description: standsFor },
  { id: "antigravity-preview-09-2026", display_name: "Antigravity Preview", description: standsFor },
];

const agentIds: ReadonlySet<string> = new Set(agents.map((agent) => agent.id));

/** The models under the simulator's own names, listed under the name of its upstream. */
export function simulatorModels(provider: string): ModelInfo[] {
  return ownModels.map((model): ModelInfo => ({ ...model, kind: "model", provider }));
}

/** The best known models and agents that the simulator can stand in for. */
export function simulatedModels(provider: string): ModelInfo[] {
  return [
    ...geminiModels.map((model): ModelInfo => ({ ...model, kind: "model", provider })),
    ...agents.map((agent): ModelInfo => ({ ...agent, kind: "agent", provider })),
  ];
}

const OWN_NAME = new RegExp(
  `^simulator(?:-slow(?:-\\d{1,6})?|-fault-(?:refuse-(?:${refusedStatuses.join("|")})|stall(?:-\\d{1,9})?|(?:cut|fail)-\\d{1,9}))?$`,
);

/** Whether a model's name is one of the simulator's own, a fault or a pace written into it included. */
export function isSimulatorModel(name: string): boolean {
  return OWN_NAME.test(name);
}

/** Whether the simulator can stand in for a name that is not its own: any `gemini-*` model, or an agent it knows. */
export function simulates(name: string): boolean {
  return /^gemini-[\w.-]+$/.test(name) || agentIds.has(name);
}

/** What a model puts out by itself, judged by its name. */
export function defaultOutputOf(model: string): DefaultOutput {
  if (/^gemini-.*\btts\b/.test(model)) return "audio";
  return /^gemini-.*\bimage\b/.test(model) ? "image" : "text";
}

/** The manner in which an agent works, judged by its name. */
export function agentKindOf(agent: string): "deep-research" | "antigravity" | undefined {
  if (agent.startsWith("deep-research-")) return "deep-research";
  return agent.startsWith("antigravity-") ? "antigravity" : undefined;
}
