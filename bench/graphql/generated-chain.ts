import type { Interaction, TerminalStatus } from "../../schema/core/interaction.ts";
import { formatInteractionId, ownPart, randomBytesPerId } from "../../schema/core/interaction-id.ts";
import type { Labels } from "../../schema/core/settings.ts";
import type { Step } from "../../schema/core/step.ts";
import type { SeededRandom } from "./seeded-random.ts";
import { textOf, wordOf } from "./vocabulary.ts";

/** A conversation that goes on turn by turn. */
export type GeneratedChain = {
  /** Its next interaction, as it is once it has ended; it begins at `at`. */
  next(at: number): Interaction;
};

type Asked = Pick<Interaction, "provider"> & ({ model: string } | { agent: string });
type Call = Extract<Step, { type: "tool_call" }>;
type Tip = { id: string; turns: number; pending: Call | undefined };

const models = [
  { model: "gemini-3-flash", provider: "gemini" },
  { model: "gemini-3-flash", provider: "gemini" },
  { model: "gemini-3-flash", provider: "gemini" },
  { model: "gemini-3-pro", provider: "gemini" },
  { model: "gemini-3-pro", provider: "gemini" },
  { model: "gpt-6", provider: "openai" },
  { model: "gpt-6-mini", provider: "openai" },
  { model: "qwen-4", provider: "local" },
  { model: "llama-5", provider: "local" },
  { model: "simulator", provider: "simulator" },
] as const satisfies readonly Asked[];
const agent: Asked = { agent: "deep-research", provider: "gemini" };

const teams = ["search", "support", "billing", "growth", "research", "mobile", "platform", "docs"] as const;
const functions = ["get_weather", "find_order", "send_mail", "read_file", "book_room"] as const;
const instructions = [
  "You answer customers of a shop. Be brief and friendly.",
  "You are an engineer on call. Say what you know and what you guess.",
  "You plan journeys by river. Prices are in euros.",
] as const;

/** How often interactions end as they do; the rest are complete. */
const ends = [
  { status: "failed", until: 0.03 },
  { status: "incomplete", until: 0.045 },
  { status: "cancelled", until: 0.055 },
  { status: "requires_action", until: 0.13 },
] as const satisfies readonly { status: TerminalStatus; until: number }[];

/** Shares of turns: with a search by the upstream, with thoughts, with another model, from before the last turn. */
const SEARCHING = 0.12;
const THINKING = 0.2;
const SWITCHING = 0.05;
const FORKING = 0.03;
/** Labels that hardly any chain has. */
const EXPERIMENTS = 20;

/** A chain that forks now and then, unless it is to be as long as possible. */
export function createGeneratedChain(random: SeededRandom, { forks }: { forks: boolean }): GeneratedChain {
  const labels = labelsOf(random);
  const system_instruction = random.chance(0.6) ? random.pick(instructions) : undefined;
  let asked: Asked = random.chance(0.02) ? agent : random.pick(models);
  let root: { id: string; own: string } | undefined;
  let before: Tip | undefined;
  let tip: Tip | undefined;

  return {
    next(at) {
      if (random.chance(SWITCHING)) asked = random.pick(models);
      const previous = forks && random.chance(FORKING) ? (before ?? tip) : tip;
      const own = ownPart(at, 0, randomBytes(random));
      const id = formatInteractionId({ root: root?.own ?? own, own });
      root ??= { id, own };
      const status = endOf(random);
      const input = [inputOf(random, previous?.pending)];
      const output = outputOf(random, status);
      const turns = (previous?.turns ?? 0) + 1;
      const last = output.at(-1);
      before = previous;
      tip = { id, turns, pending: status === "requires_action" && last?.type === "tool_call" ? last : undefined };
      return {
        id,
        root_id: root.id,
        ...(previous === undefined ? {} : { previous_id: previous.id }),
        status,
        ...asked,
        revision: "steps",
        store: true,
        background: "agent" in asked,
        created_at: at,
        updated_at: at + 400 + random.below(20_000),
        settings: {
          ...(system_instruction === undefined ? {} : { system_instruction }),
          generation_config: { temperature: 0.5, max_output_tokens: 4096 },
          labels,
        },
        input,
        output,
        usage: usageOf(random, turns, output),
        ...(status === "failed" ? { errors: [{ code: "upstream_error", message: "The upstream broke off." }] } : {}),
        ...(status === "incomplete"
          ? { errors: [{ code: "max_output_tokens", message: "The limit was reached." }] }
          : {}),
      };
    },
  };
}

function labelsOf(random: SeededRandom): Labels {
  const labels: Labels = { team: random.pick(teams), stage: random.chance(0.8) ? "production" : "staging" };
  if (random.chance(0.001)) labels.experiment = `e${random.below(EXPERIMENTS)}`;
  return labels;
}

function endOf(random: SeededRandom): TerminalStatus {
  const share = random.next();
  return ends.find(({ until }) => share < until)?.status ?? "completed";
}

function inputOf(random: SeededRandom, pending: Call | undefined): Step {
  if (pending === undefined) {
    return { type: "user_input", content: [{ type: "text", text: textOf(random, 4 + random.below(28)) }] };
  }
  const { call_id, name } = pending;
  return {
    type: "tool_result",
    tool: "function",
    call_id,
    ...(name === undefined ? {} : { name }),
    result: { type: "json", json: { found: random.below(100), note: textOf(random, 6) } },
    ...(random.chance(0.08) ? { is_error: true } : {}),
  };
}

function outputOf(random: SeededRandom, status: TerminalStatus): Step[] {
  const output: Step[] = [];
  if (random.chance(THINKING)) {
    output.push({ type: "thought", summary: [{ type: "text", text: textOf(random, 10 + random.below(20)) }] });
  }
  if (random.chance(SEARCHING)) {
    const call_id = callId(random);
    const queries = { queries: [textOf(random, 3)] };
    output.push({ type: "tool_call", tool: "google_search", call_id, arguments: queries });
    output.push({
      type: "tool_result",
      tool: "google_search",
      call_id,
      result: { type: "text", text: textOf(random, 20) },
    });
  }
  if (status === "requires_action") {
    const query = { subject: wordOf(random), number: random.below(100_000) };
    const name = random.pick(functions);
    output.push({ type: "tool_call", tool: "function", call_id: callId(random), name, arguments: query });
  } else if (status !== "failed" || random.chance(0.5)) {
    // The square makes short answers many and long ones few.
    const length = 6 + Math.floor(120 * random.next() ** 2);
    output.push({ type: "model_output", content: [{ type: "text", text: textOf(random, length) }] });
  }
  return output;
}

/** Every turn is given all turns before it, most of which the upstream has still in its cache. */
function usageOf(random: SeededRandom, turns: number, output: readonly Step[]) {
  const total_input_tokens = 40 + Math.min(turns, 200) * (80 + random.below(60));
  const total_output_tokens = 20 + random.below(240);
  const total_thought_tokens = output.some(({ type }) => type === "thought") ? 100 + random.below(900) : 0;
  return {
    total_tokens: total_input_tokens + total_output_tokens + total_thought_tokens,
    total_input_tokens,
    total_cached_tokens: turns > 1 ? Math.floor(total_input_tokens * 0.7) : 0,
    total_output_tokens,
    total_tool_use_tokens: 0,
    total_thought_tokens,
  };
}

function callId(random: SeededRandom): string {
  return `call_${random.below(2 ** 32).toString(36)}`;
}

function randomBytes(random: SeededRandom): Uint8Array {
  return Uint8Array.from({ length: randomBytesPerId }, () => random.below(256));
}
