import type { Interaction } from "../../schema/core/interaction.ts";
import type { Step } from "../../schema/core/step.ts";
import { AnswerReader } from "../../server/providers/generate-content/response.ts";
import type { WireCandidate, WireChunk } from "../../server/providers/generate-content/wire.ts";
import { composedAnswer, recordsOf } from "./generate-content-provider.ts";
import { foldOf } from "./provider.ts";

/** What an answer of the upstream `gemini` becomes, in a chain that said something before. */
export function readAnswer(chunks: readonly WireChunk[], before: readonly Step[] = []): Interaction {
  const reader = new AnswerReader("gemini", before);
  return foldOf([...chunks.flatMap((chunk) => reader.read(chunk)), ...reader.end()]);
}

/** The records of a composed answer. */
export function composedChunks(name: string): WireChunk[] {
  return recordsOf(composedAnswer(name)).map((record) => JSON.parse(record));
}

/** A stream of candidates, the last of which ends it. */
export function streamOf(...list: WireCandidate[]): WireChunk[] {
  return list.map((candidate, index) => ({
    candidates: [index === list.length - 1 ? { finishReason: "STOP", ...candidate } : candidate],
  }));
}

/** The kind of each step, and its tool. */
export function kindsOf({ output }: Interaction): string[] {
  return output.map((step) => ("tool" in step ? `${step.type} ${step.tool}` : step.type));
}
