import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import type { WireEvent } from "../client/follow-interaction.ts";
import type { OutputStream } from "../process.ts";
import type { Paint } from "../terminal/paint.ts";
import { readable, readableLine } from "../terminal/readable.ts";
import { mediaLine } from "./media-line.ts";

/** Longest text of a call or of a result that is shown. */
const LONGEST = 200;

export type PrinterOptions = {
  /** Takes what the model says. */
  answers: OutputStream;
  /** Takes all else: thoughts, calls, results and media; absent where nobody wants it. */
  asides: OutputStream | undefined;
  /** Colours for the asides. */
  paint: Paint;
};

/** Shows the events of an interaction to people, one after the other. */
export class EventPrinter {
  readonly #options: PrinterOptions;
  /** The steps of tools that are open, with the text of the arguments so far. */
  readonly #tools = new Map<JsonValue, { step: JsonObject; text: string }>();
  #isLineBegun: OutputStream | undefined;

  constructor(options: PrinterOptions) {
    this.#options = options;
  }

  async print({ event_type, index = null, step, delta }: WireEvent): Promise<void> {
    if (event_type === "step.start" && isJsonObject(step)) await this.#start(index, step);
    else if (event_type === "step.delta" && isJsonObject(delta)) await this.#add(index, delta);
    else if (event_type === "step.stop") await this.#stop(index);
  }

  /** Ends the line that has been begun. */
  async endLine(): Promise<void> {
    await this.#isLineBegun?.write("\n");
    this.#isLineBegun = undefined;
  }

  async aside(line: string): Promise<void> {
    if (this.#options.asides === undefined) return;
    await this.endLine();
    await this.#options.asides.write(`${line}\n`);
  }

  async #start(index: JsonValue, step: JsonObject): Promise<void> {
    if (typeof step.type === "string" && /_(?:call|result)$/.test(step.type))
      this.#tools.set(index, { step, text: "" });
    for (const content of Array.isArray(step.content) ? step.content : []) await this.#content(content);
  }

  async #add(index: JsonValue, delta: JsonObject): Promise<void> {
    const tool = this.#tools.get(index);
    if (delta.type === "thought_summary") await this.#thought(delta.content);
    else if (delta.type === "arguments_delta") {
      if (tool !== undefined && typeof delta.arguments === "string") tool.text += delta.arguments;
    } else if (tool !== undefined) Object.assign(tool.step, delta, { type: tool.step.type });
    else if (delta.type !== "thought_signature" && delta.type !== "text_annotation_delta") await this.#content(delta);
  }

  async #stop(index: JsonValue): Promise<void> {
    const tool = this.#tools.get(index);
    this.#tools.delete(index);
    if (tool === undefined) return;
    await this.aside(this.#options.paint("cyan", toolLine(tool.step, tool.text)));
  }

  async #content(content: JsonValue): Promise<void> {
    if (!isJsonObject(content)) return;
    if (content.type === "text" && typeof content.text === "string")
      await this.#say(this.#options.answers, readable(content.text));
    else await this.aside(this.#options.paint("cyan", mediaLine(content)));
  }

  async #thought(content: JsonValue | undefined): Promise<void> {
    const { asides, paint } = this.#options;
    if (asides === undefined || !isJsonObject(content) || typeof content.text !== "string") return;
    await this.#say(asides, paint("dim", readable(content.text)), content.text.endsWith("\n"));
  }

  async #say(stream: OutputStream, text: string, endsLine = text.endsWith("\n")): Promise<void> {
    if (text === "") return;
    if (this.#isLineBegun !== undefined && this.#isLineBegun !== stream) await this.endLine();
    this.#isLineBegun = endsLine ? undefined : stream;
    await stream.write(text);
  }
}

/** A call with its arguments, or what came of one, on a line. */
export function toolLine(step: JsonObject, argumentsText: string): string {
  const isCall = String(step.type).endsWith("_call");
  const name = typeof step.name === "string" ? step.name : String(step.type).replace(/_(?:call|result)$/, "");
  const told = isCall ? (argumentsText === "" ? step.arguments : argumentsText) : step.result;
  const text = told === undefined ? "" : typeof told === "string" ? told : JSON.stringify(told);
  const failed = step.is_error === true ? " (failed)" : "";
  return readableLine(`${isCall ? "→" : "←"} ${name}${failed} ${text}`, LONGEST);
}
