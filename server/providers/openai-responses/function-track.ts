import type { ProviderEvent } from "../../../schema/core/event.ts";
import type { ToolCall } from "../../../schema/core/step.ts";
import { textIn } from "../json-members.ts";
import type { FunctionNames } from "../openai/function-names.ts";
import { type ItemTrack, restOf } from "./item-track.ts";
import type { WireEvent, WireItem } from "./wire.ts";

/** A call of a function, with its arguments as they come. It begins when its name is known. */
export class FunctionTrack implements ItemTrack {
  readonly #names: Pick<FunctionNames, "fromWire">;
  #isStarted = false;
  /** What came of the arguments, and what of that has not been told. */
  #text = "";
  #untold = "";

  constructor(names: Pick<FunctionNames, "fromWire">) {
    this.#names = names;
  }

  /** Whether there is a call that the client must answer. */
  get isCall(): boolean {
    return this.#isStarted;
  }

  start(item: WireItem, out: ProviderEvent[]): void {
    const name = textIn(item, "name") ?? "";
    if (this.#isStarted || name === "") return;
    this.#isStarted = true;
    const call_id = textIn(item, "call_id") ?? textIn(item, "id") ?? "";
    const step: ToolCall = { type: "tool_call", tool: "function", call_id, name: this.#names.fromWire(name) };
    out.push({ type: "step.start", step });
  }

  take(event: WireEvent, out: ProviderEvent[]): void {
    if (event.type === "response.function_call_arguments.delta") this.#hear(textIn(event, "delta") ?? "", out);
    else if (event.type === "response.function_call_arguments.done") this.#complete(event, out);
  }

  finish(item: WireItem, out: ProviderEvent[]): void {
    this.start(item, out);
    if (!this.#isStarted) return;
    this.#complete(item, out);
    // Whoever calls without arguments means an empty object, unless the call was cut before its first one.
    if (this.#text.trim() === "" && item.status !== "incomplete") this.#hear("{}", out);
    out.push({ type: "step.stop" });
  }

  cut(out: ProviderEvent[]): void {
    if (this.#isStarted) out.push({ type: "step.stop" });
  }

  #complete(wire: WireEvent, out: ProviderEvent[]): void {
    this.#hear(restOf(textIn(wire, "arguments") ?? "", this.#text), out);
  }

  #hear(text: string, out: ProviderEvent[]): void {
    this.#text += text;
    this.#untold += text;
    if (!this.#isStarted || this.#untold === "") return;
    out.push({ type: "step.delta", delta: { type: "arguments", text: this.#untold } });
    this.#untold = "";
  }
}
