import type { Annotation, Content } from "../../../schema/core/content.ts";
import { HubError } from "../../../schema/core/error.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import type { JsonObject } from "../../../schema/core/json.ts";
import type { Step } from "../../../schema/core/step.ts";
import { upstreamHttpError } from "../upstream-error.ts";
import { codeCall, codeResult, MADE_UP_CODE } from "./code-execution.ts";
import { type Ending, toBlocked, toFinish } from "./finish.ts";
import { Grounding, type Use } from "./grounding.ts";
import { isSound, madeMedia } from "./made-media.ts";
import { serverTool, serverToolCall, serverToolResult } from "./server-tools.ts";
import { spokenWords } from "./spoken-words.ts";
import { StepWriter } from "./step-writer.ts";
import { toUsage } from "./usage.ts";
import type { WireCandidate, WireChunk, WireFunctionCall, WirePart, WireUsage } from "./wire.ts";

/** Reads an answer record by record. Pure but for what it remembers of it. */
export class AnswerReader {
  readonly #upstream: string;
  readonly #steps: StepWriter;
  readonly #grounding = new Grounding();
  /** Tools whose calls came as parts, so that what the metadata say of them is told already. */
  readonly #told = new Set<string>();
  #codeId = "";
  #isPending = false;
  #ending: Ending | undefined;
  #token: string | undefined;
  #block: Ending | undefined;
  #usage: WireUsage | undefined;
  readonly #earlierUsage: WireUsage[] = [];

  /** `before` is the chain with the request's input. */
  constructor(upstream: string, before: readonly Step[]) {
    this.#upstream = upstream;
    this.#steps = new StepWriter(upstream, before);
  }

  /** What one record of the stream says. Throws a `HubError` where it tells of a failure or makes no sense. */
  read(chunk: WireChunk): ProviderEvent[] {
    if (chunk.error !== undefined)
      throw upstreamHttpError(this.#upstream, 200, new Headers(), JSON.stringify({ error: chunk.error }));
    if (chunk.usageMetadata !== undefined) this.#usage = chunk.usageMetadata;
    const { blockReason, blockReasonMessage } = chunk.promptFeedback ?? {};
    if (blockReason !== undefined) this.#block = endingOf(blockReason, blockReasonMessage);
    const candidate = chunk.candidates?.[0];
    if (candidate !== undefined) this.#readCandidate(candidate);
    return this.#steps.take();
  }

  /** Where the upstream stopped only to be asked on: what it must be told then. */
  continuation(): string | undefined {
    if (this.#ending?.reason !== "CONTINUATION" || this.#token === undefined) return undefined;
    const token = this.#token;
    if (this.#usage !== undefined) this.#earlierUsage.push(this.#usage);
    this.#usage = undefined;
    this.#ending = undefined;
    this.#token = undefined;
    return token;
  }

  /** What there is to say at the end of the stream. Throws a `HubError` if the answer did not come to its end. */
  end(): ProviderEvent[] {
    const usage = toUsage([...this.#earlierUsage, ...(this.#usage === undefined ? [] : [this.#usage])]);
    const finish =
      this.#ending !== undefined
        ? toFinish(this.#ending, this.#isPending, this.#upstream, usage)
        : this.#block && toBlocked(this.#block, this.#upstream, usage);
    if (finish === undefined)
      throw new HubError(
        "upstream_error",
        `The upstream '${this.#upstream}' broke off before its answer had come to an end.`,
      );
    this.#steps.close();
    this.#tellUse([...this.#grounding.pagesUsed(), ...this.#grounding.toolsUsed()]);
    return [...this.#steps.take(), finish];
  }

  #readCandidate(candidate: WireCandidate): void {
    if (candidate.urlContextMetadata !== undefined) {
      this.#grounding.readPages(candidate);
      // Pages are read before something is said of them.
      if (!this.#steps.isOpen) this.#tellUse(this.#grounding.pagesUsed());
    }
    for (const part of candidate.content?.parts ?? []) this.#readPart(part, part.thoughtSignature);
    if (candidate.groundingMetadata !== undefined || candidate.citationMetadata !== undefined)
      this.#annotate(this.#grounding.read(candidate, this.#steps.openText));
    if (candidate.continuationToken !== undefined) this.#token = candidate.continuationToken;
    if (candidate.finishReason !== undefined) this.#ending = endingOf(candidate.finishReason, candidate.finishMessage);
  }

  #readPart(part: WirePart, signature: string | undefined): void {
    if (part.thought === true) this.#steps.thought(thoughtOf(part), signature);
    else if (part.text !== undefined) this.#steps.text(part.text, signature);
    else if (part.functionCall !== undefined) this.#readCall(part.functionCall, signature);
    else if (part.inlineData !== undefined && isSound(part.inlineData)) this.#steps.sound(part.inlineData, signature);
    else if (part.toolCall !== undefined) {
      const { id = "", toolType } = part.toolCall;
      this.#told.add(serverTool(toolType));
      this.#steps.step(serverToolCall(part.toolCall, id), signature);
    } else if (part.toolResponse !== undefined) {
      const { id = "" } = part.toolResponse;
      this.#steps.step(serverToolResult(part.toolResponse, id), signature);
    } else if (part.executableCode !== undefined) {
      this.#codeId = part.executableCode.id ?? this.#steps.newId(MADE_UP_CODE);
      this.#steps.step(codeCall(part.executableCode, this.#codeId), signature);
    } else if (part.codeExecutionResult !== undefined) {
      const id = part.codeExecutionResult.id ?? this.#codeId;
      this.#steps.step(codeResult(part.codeExecutionResult, id), signature);
    } else if (part.audioTranscription !== undefined) {
      const words = spokenWords(part.audioTranscription, this.#steps.openText);
      this.#steps.text(part.audioTranscription.text ?? "", signature);
      this.#annotate(words);
    } else {
      const content = madeMedia(part) ?? unknownContent(part);
      if (content === undefined) this.#steps.text("", signature);
      else this.#steps.content(content, signature);
    }
  }

  #readCall({ id, name, args, partialArgs, willContinue }: WireFunctionCall, signature: string | undefined): void {
    if (name === undefined || partialArgs !== undefined || willContinue === true)
      throw new HubError(
        "upstream_error",
        `The upstream '${this.#upstream}' called a function in pieces, for which it was not asked.`,
      );
    this.#isPending = true;
    this.#steps.call(name, id, args ?? {}, signature);
  }

  /** Sources of a text that is closed are told in the result of their tool. */
  #annotate(annotations: Annotation[]): void {
    if (annotations.length > 0 && !this.#steps.annotate(annotations)) this.#grounding.keep(annotations);
  }

  #tellUse(uses: readonly Use[]): void {
    for (const { tool, arguments: given, result } of uses) {
      if (this.#told.has(tool)) continue;
      const key = { tool, call_id: this.#steps.newId(`${tool}_`) };
      this.#steps.step({ type: "tool_call", ...key, arguments: given });
      this.#steps.step({ type: "tool_result", ...key, result: { type: "json", json: result }, is_error: false });
    }
  }
}

function endingOf(reason: string, message: string | undefined): Ending {
  return message === undefined ? { reason } : { reason, message };
}

function thoughtOf(part: WirePart): Content | undefined {
  if (part.text === undefined) return madeMedia(part);
  return part.text === "" ? undefined : { type: "text", text: part.text };
}

/** A part of a newer API than the hub knows is kept whole. */
function unknownContent({ thoughtSignature: _, ...part }: WirePart): Content | undefined {
  const [type] = Object.keys(part);
  return type === undefined ? undefined : { type: "other", raw: { type, ...(part as JsonObject) } };
}
