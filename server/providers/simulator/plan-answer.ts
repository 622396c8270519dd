import type { Content } from "../../../schema/core/content.ts";
import type { ResponseFormat } from "../../../schema/core/settings.ts";
import type { Step } from "../../../schema/core/step.ts";
import type { ModelCall } from "../../../schema/provider.ts";
import { type Conversation, readConversation } from "./conversation.ts";
import { callingMode, chooseCalls } from "./function-calls.ts";
import { runHostedTools, type ToolRun, type Workshop } from "./hosted-tools.ts";
import { defaultOutputOf } from "./models.ts";
import { contentsFor, defaultFormats } from "./outputs.ts";
import type { Passage } from "./passage.ts";
import { type Persona, readPersona, speakAs } from "./persona.ts";
import type { Plan } from "./plan.ts";
import { createRandom, type Random } from "./random.ts";
import { replyTo } from "./reply.ts";
import { answerFromResults } from "./result-answer.ts";
import { seedOf } from "./seed.ts";
import { think } from "./thinking.ts";

const NO_RUN: ToolRun = { steps: [], passages: [], searches: 0 };

/** The answer of a model: a thought, then either calls of the client's functions, or tools run here and the answer itself. */
export async function planAnswer(call: ModelCall, provider: string): Promise<Plan> {
  const { settings } = call;
  const { generation_config: config, tools = [] } = settings;
  const random = createRandom(seedOf(call));
  const conversation = readConversation(call);
  const thinking = think(conversation, config, provider, random);
  const steps: Step[] = [thinking.step];
  const calls = tools.length === 0 ? [] : await chooseCalls(conversation, tools, config?.tool_choice, random);
  if (calls.length > 0) {
    return { steps: [...steps, ...calls], thoughtTokens: thinking.tokens, searches: 0, cut: false };
  }
  const run =
    tools.length === 0 || callingMode(config?.tool_choice) === "none"
      ? NO_RUN
      : runHostedTools(conversation, tools, workshopFor(conversation, random, provider));
  const formats = settings.response_format ?? defaultFormats(defaultOutputOf(call.model ?? ""));
  const persona = readPersona(settings.system_instruction);
  const content = await answerIn(formats, conversation, run, persona, random);
  steps.push(...run.steps, { type: "model_output", content });
  return { steps, thoughtTokens: thinking.tokens, searches: run.searches, cut: false };
}

/** What making tool steps takes, with the call ids of the chain so far already taken. */
export function workshopFor(conversation: Conversation, random: Random, provider: string): Workshop {
  const taken = new Set(conversation.steps.flatMap((step) => (step.type === "tool_call" ? [step.call_id] : [])));
  return { random, provider, taken };
}

function answerIn(
  formats: readonly ResponseFormat[],
  conversation: Conversation,
  run: ToolRun,
  persona: Persona,
  random: Random,
): Promise<Content[]> {
  const wanted: readonly ResponseFormat[] = formats.length === 0 ? defaultFormats("text") : formats;
  return contentsFor(wanted, wordsOf(conversation, run, persona, random), conversation, random);
}

function wordsOf(conversation: Conversation, run: ToolRun, persona: Persona, random: Random): Passage[] {
  const passages: Passage[] = [];
  if (conversation.results.length > 0) passages.push({ text: answerFromResults(conversation) });
  passages.push(...run.passages);
  if (passages.length > 0 && (run.passages.length > 0 || !conversation.speaks))
    return speakAs(persona, passages, false);
  const reply = replyTo(conversation, persona, random);
  passages.push({ text: passages.length > 0 ? ` ${reply.text}` : reply.text });
  return speakAs(persona, passages, reply.exact);
}
