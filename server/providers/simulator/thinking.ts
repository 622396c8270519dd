import type { GenerationConfig } from "../../../schema/core/settings.ts";
import type { Thought } from "../../../schema/core/step.ts";
import { type Conversation, heard } from "./conversation.ts";
import { opaqueBase64, type Random } from "./random.ts";

type Level = NonNullable<GenerationConfig["thinking_level"]>;

/** How much each level thinks: tokens at least, pieces of summary, bytes of signature. */
const effort = {
  minimal: { tokens: 0, pieces: 1, signature: 24 },
  low: { tokens: 8, pieces: 1, signature: 48 },
  medium: { tokens: 16, pieces: 2, signature: 72 },
  high: { tokens: 64, pieces: 4, signature: 192 },
} as const satisfies Record<Level, unknown>;

const QUOTE_LENGTH = 80;

/** A thought, with the tokens that thinking it took. */
export type Thinking = { step: Thought; tokens: number };

/** The thought before an answer: always with a signature, with summaries where they are asked for. */
export function think(
  conversation: Conversation,
  config: GenerationConfig | undefined,
  provider: string,
  random: Random,
): Thinking {
  const { tokens, pieces, signature } = effort[config?.thinking_level ?? "medium"];
  const step = thought(
    config?.thinking_summaries === "auto" ? summaryOf(conversation, pieces) : [],
    provider,
    random,
    signature,
  );
  return { step, tokens: tokens + (tokens === 0 ? 0 : random.integer(0, tokens >> 1)) };
}

/** A thought step of some pieces of summary (perhaps none) and a signature. */
export function thought(summary: readonly string[], provider: string, random: Random, signatureBytes = 72): Thought {
  const signature = { value: opaqueBase64(random, signatureBytes), provider };
  if (summary.length === 0) return { type: "thought", signature };
  return { type: "thought", summary: summary.map((text) => ({ type: "text", text })), signature };
}

function summaryOf(conversation: Conversation, pieces: number): string[] {
  const said = heard(conversation.latest).replace(/\s+/g, " ").trim();
  const short = said.length > QUOTE_LENGTH ? `${said.slice(0, QUOTE_LENGTH)}…` : said;
  const earlier = conversation.steps.length - 1;
  return [
    `**Reading the request**\n\nThe user says: “${short}”. I look for what is asked for.\n`,
    conversation.results.length > 0
      ? `**Weighing the results**\n\n${conversation.results.length} function results are there to be used.\n`
      : `**Looking back**\n\n${earlier === 0 ? "Nothing was said before this." : `${earlier} earlier steps may matter here.`}\n`,
    "**Choosing a way**\n\nI compare answering at once with calling one of the tools.\n",
    "**Settling the wording**\n\nThe answer should be short, and follow from what was said.\n",
  ].slice(0, pieces);
}
