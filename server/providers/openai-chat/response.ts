import type { Annotation, Content } from "../../../schema/core/content.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import { objectsIn } from "../json-members.ts";
import { BytePlaces } from "../openai/byte-places.ts";
import { annotationOf } from "../openai/citations.ts";
import { upstreamHttpError } from "../upstream-error.ts";
import { CallTrack, type CallTrackOptions } from "./call-track.ts";
import { brokenOff, finishOf, isLimit } from "./finish.ts";
import { type Reasoning, reasoningIn } from "./reasoning.ts";
import { StepWriter } from "./step-writer.ts";
import { ThinkTag } from "./think-tag.ts";
import { usageOf, usageOfTimings } from "./usage.ts";
import { isText } from "./wire.ts";

export type TranslatorOptions = CallTrackOptions & {
  /** Whether the reasoning is told as summaries; it is kept for the upstream in any case. */
  showsThoughts: boolean;
};

type Late = string | Reasoning | Content | Annotation[];

/** So many sources may wait for their text: each is looked at again with every further one. */
const MOST_WAITING = 100;

/** Translates the chunks of one answer into events, as they come. */
export class ChatTranslator {
  readonly #upstream: string;
  readonly #writer: StepWriter;
  readonly #calls: CallTrack;
  readonly #tag = new ThinkTag();
  readonly #sink = {
    text: (text: string): void => this.#text(text),
    thought: (text: string): void => this.#thought({ as: "think", text }),
  };
  /** What came while a call was not whole yet. */
  #late: Late[] = [];
  /** Sources of text that has not come yet. */
  #sources: JsonObject[] = [];
  readonly #places = new BytePlaces();
  #reason: string | undefined;
  #isDone = false;
  #isRefused = false;
  #usage: JsonObject | undefined;
  #timings: JsonObject | undefined;

  constructor(options: TranslatorOptions) {
    this.#upstream = options.upstream;
    this.#writer = new StepWriter(options.upstream, options.showsThoughts);
    this.#calls = new CallTrack(options, this.#writer);
  }

  /** Takes one chunk of a stream, or a whole completion. Throws a `HubError` where it is an error. */
  take(chunk: JsonObject): void {
    if (isError(chunk)) throw this.#failure(chunk);
    const { choices, usage } = chunk;
    if (isJsonObject(usage)) this.#usage = usage;
    else if (isJsonObject(chunk.x_groq) && isJsonObject(chunk.x_groq.usage)) this.#usage = chunk.x_groq.usage;
    if (isJsonObject(chunk.timings)) this.#timings = chunk.timings;
    if (!Array.isArray(choices)) return;
    for (const choice of choices) if (isJsonObject(choice) && (choice.index ?? 0) === 0) this.#takeChoice(choice);
  }

  /** The server says that nothing more will come. */
  done(): void {
    this.#isDone = true;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** The events since the last time. */
  drain(): ProviderEvent[] {
    const { events } = this.#writer;
    if (events.length > 0) this.#writer.events = [];
    return events;
  }

  /** Ends the steps of an answer that broke off, so that what there is of it can be drained. */
  cut(): void {
    this.#endSteps(true);
  }

  /** Ends the answer. Throws a `HubError` where it broke off. */
  end(): void {
    this.#endSteps(!this.#isWhole || isLimit(this.#reason));
    if (!this.#isWhole) throw brokenOff(this.#upstream);
    const outcome = {
      reason: this.#reason,
      isPending: this.#calls.count > 0,
      isRefused: this.#isRefused,
      usage: this.#usage === undefined ? usageOfTimings(this.#timings) : usageOf(this.#usage),
    };
    this.#writer.events.push(finishOf(this.#upstream, outcome));
  }

  #endSteps(isCut: boolean): void {
    this.#tag.end(this.#sink);
    this.#writeSources(true);
    this.#calls.end(isCut);
    this.#writeLate();
    this.#writer.close();
  }

  get #isWhole(): boolean {
    return this.#isDone || this.#reason !== undefined;
  }

  #takeChoice(choice: JsonObject): void {
    if (isError(choice)) throw this.#failure(choice);
    const { delta, message, finish_reason: reason } = choice;
    if (isJsonObject(delta)) this.#takeDelta(delta);
    // A few servers say everything once more at the end.
    else if (isJsonObject(message) && this.#writer.said === "" && this.#calls.count === 0) this.#takeDelta(message);
    if (isText(reason)) this.#reason = reason.toLowerCase();
  }

  #takeDelta(delta: JsonObject): void {
    const { content } = delta;
    const reasoning = reasoningIn(delta);
    if (reasoning !== undefined) {
      if (!this.#tag.isOver) this.#tag.end(this.#sink);
      this.#thought(reasoning);
    }
    if (isText(content)) {
      if (this.#tag.isOver) this.#text(content);
      else this.#tag.take(content, this.#sink);
    } else if (Array.isArray(content)) for (const part of content) this.#takePart(part);
    if (isText(delta.refusal)) {
      this.#isRefused = true;
      this.#text(delta.refusal);
    }
    if (Array.isArray(delta.tool_calls) && delta.tool_calls.length > 0) {
      this.#tag.end(this.#sink);
      for (const item of delta.tool_calls) if (isJsonObject(item)) this.#calls.take(item);
    } else if (isJsonObject(delta.function_call)) {
      this.#tag.end(this.#sink);
      this.#calls.take({ index: 0, function: delta.function_call });
    }
    if (delta.images !== undefined) for (const image of objectsIn(delta, "images")) this.#takeImage(image);
    if (delta.annotations !== undefined) {
      this.#sources.push(...objectsIn(delta, "annotations").map(sourceIn));
      this.#writeSources(false);
    }
  }

  /** Mistral gives contents as parts, the reasoning among them. */
  #takePart(part: JsonValue): void {
    if (!isJsonObject(part)) return;
    if (isText(part.text)) this.#text(part.text);
    if (!Array.isArray(part.thinking)) return;
    for (const { text } of objectsIn(part, "thinking")) if (isText(text)) this.#thought({ as: "thinking", text });
  }

  /** OpenRouter gives the images of a model that paints as `data:` URLs. */
  #takeImage({ image_url }: JsonObject): void {
    const url = isJsonObject(image_url) ? image_url.url : image_url;
    if (isText(url)) this.#say(imageAt(url));
  }

  /** Tells the sources whose text is there; at the end, or where many wait, the others too, without the place. */
  #writeSources(isEnd: boolean): void {
    const isLast = isEnd || this.#sources.length > MOST_WAITING;
    const { said } = this.#writer;
    const waiting: JsonObject[] = [];
    const told: Annotation[] = [];
    for (const source of this.#sources) {
      const { start_index: _start, end_index: _end, index: _index, ...unplaced } = source;
      const annotation =
        annotationOf(source, said, this.#places) ?? (isLast ? annotationOf(unplaced, said) : undefined);
      if (annotation === undefined) waiting.push(source);
      else told.push(annotation);
    }
    this.#sources = waiting;
    if (told.length > 0) this.#say(told);
  }

  #text(text: string): void {
    if (this.#isSettled()) this.#writer.text(text);
    else this.#late.push(text);
  }

  #thought(reasoning: Reasoning): void {
    if (this.#isSettled()) this.#writer.thought(reasoning);
    else this.#late.push(reasoning);
  }

  #say(said: Content | Annotation[]): void {
    if (this.#isSettled()) this.#write(said);
    else this.#late.push(said);
  }

  #isSettled(): boolean {
    if (!this.#calls.settle()) return false;
    if (this.#late.length > 0) this.#writeLate();
    return true;
  }

  #writeLate(): void {
    const late = this.#late;
    this.#late = [];
    for (const said of late) this.#write(said);
  }

  #write(said: Late): void {
    if (typeof said === "string") this.#writer.text(said);
    else if (Array.isArray(said)) this.#writer.annotations(said);
    else if ("as" in said) this.#writer.thought(said);
    else this.#writer.content(said);
  }

  #failure(chunk: JsonObject): Error {
    const { choices: _choices, ...error } = chunk;
    return upstreamHttpError(this.#upstream, 200, new Headers(), JSON.stringify(error));
  }
}

/** An error in place of an answer: as a member, or as vLLM's `object`. */
function isError({ error, object }: JsonObject): boolean {
  return (error !== undefined && error !== null) || object === "error";
}

/** A source's members stand under the name of its type. */
function sourceIn(wire: JsonObject): JsonObject {
  const inner = typeof wire.type === "string" ? wire[wire.type] : undefined;
  return isJsonObject(inner) ? { type: wire.type ?? null, ...inner } : wire;
}

function imageAt(url: string): Content {
  const [, mime_type, data] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? [];
  return data === undefined || mime_type === undefined
    ? { type: "image", uri: url }
    : { type: "image", mime_type, data };
}
