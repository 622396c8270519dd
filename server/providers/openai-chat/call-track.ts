import { HubError } from "../../../schema/core/error.ts";
import { isJsonObject, type JsonObject } from "../../../schema/core/json.ts";
import type { FunctionNames } from "../openai/function-names.ts";
import { JsonExtent } from "./json-extent.ts";
import type { StepWriter } from "./step-writer.ts";
import { isText } from "./wire.ts";

export type CallTrackOptions = {
  /** Name of the upstream. */
  upstream: string;
  names: FunctionNames;
  /** The ids of calls that the chain already holds. */
  taken: Set<string>;
  /** How many calls the chain already holds. */
  callCount: number;
};

/** What no model calls in one answer. */
const MOST_CALLS = 10_000;

/** One call as far as it has come. */
type Call = {
  /** How many calls came before it. */
  place: number;
  /** Its place in the list of calls, where the server tells one. */
  index: number | undefined;
  /** The server's id, once it has told one. */
  wireId: string | undefined;
  name: string;
  /** The JSON text of the arguments so far, and what of it no event tells yet. */
  text: string;
  untold: string;
  /** Whether that text is an object that has ended. */
  extent: JsonExtent;
  /** What has last been found of the text, and how long it was then. */
  judged: { length: number; isObject: boolean };
  isStarted: boolean;
};

/**
 * Puts the calls of an answer together from their deltas and writes them one after the other, for steps never overlap: the
 * first is written as it comes, the next ones wait until it is whole. Ids that are missing, or that another call of the
 * chain has, are replaced by the number of the call in the chain.
 */
export class CallTrack {
  readonly #options: CallTrackOptions;
  readonly #writer: StepWriter;
  readonly #calls: Call[] = [];
  /** The first call that is not closed yet. */
  #next = 0;

  constructor(options: CallTrackOptions, writer: StepWriter) {
    this.#options = options;
    this.#writer = writer;
  }

  get count(): number {
    return this.#calls.length;
  }

  /** Takes one delta: `{ index, id, function: { name, arguments } }`, of which anything may be missing. */
  take(item: JsonObject): void {
    const told: JsonObject = isJsonObject(item.function) ? item.function : {};
    const id = isText(item.id) ? item.id : undefined;
    const name = isText(told.name) ? told.name : undefined;
    const text = argumentsText(told.arguments);
    const index = typeof item.index === "number" ? item.index : undefined;
    const call = this.#callFor(index, id, name, text);
    call.wireId ??= id;
    if (call.name === "" && name !== undefined) call.name = name;
    // Some servers say `null` where there are no arguments.
    if (text !== "" && !(text === "null" && call.text === "")) this.#append(call, text);
    this.#write();
  }

  /** Whether something else may be written: closes the call that is open, if its arguments are whole. */
  settle(): boolean {
    const call = this.#calls[this.#next];
    if (call === undefined) return true;
    if (!call.isStarted || !isWhole(call)) return false;
    this.#close();
    return this.#next === this.#calls.length;
  }

  /** Writes what is left. Where the answer was cut, the last call keeps the arguments that it got, if it has a name. */
  end(isCut: boolean): void {
    for (let call = this.#calls[this.#next]; call !== undefined; call = this.#calls[this.#next]) {
      const isLast = this.#next === this.#calls.length - 1;
      if (call.name === "" && isCut) return;
      if (call.name === "") throw this.#failure("called a function and did not say which");
      this.#tell(call);
      if (call.text.trim() === "" && !(isCut && isLast)) this.#writer.arguments("{}");
      this.#close();
    }
  }

  #callFor(index: number | undefined, id: string | undefined, name: string | undefined, text: string): Call {
    const last = this.#calls.at(-1);
    const known =
      index === undefined ? this.#unplaced(last, id, name) : this.#calls.findLast((call) => call.index === index);
    if (known !== undefined && !isAnother(known, id, name, text)) return known;
    if (this.count === MOST_CALLS) throw this.#failure(`called more than ${MOST_CALLS} functions at once`);
    const call: Call = {
      ...{ place: this.count, index, wireId: id, name: "", text: "", untold: "", isStarted: false },
      ...{ extent: new JsonExtent(), judged: { length: 0, isObject: false } },
    };
    this.#calls.push(call);
    return call;
  }

  /** The call that a delta without a place goes on with. */
  #unplaced(last: Call | undefined, id: string | undefined, name: string | undefined): Call | undefined {
    if (id === undefined) return last;
    const known = this.#calls.find((call) => call.wireId === id);
    return known ?? (last?.wireId === undefined && name === undefined ? last : undefined);
  }

  #append(call: Call, text: string): void {
    if (call.place < this.#next) {
      if (text.trim() === "") return;
      throw this.#failure("went on with a call that it had finished");
    }
    call.extent.take(text);
    call.text += text;
    call.untold += text;
  }

  /** Writes what can be written now. */
  #write(): void {
    for (let call = this.#calls[this.#next]; call !== undefined; call = this.#calls[this.#next]) {
      if (call.name === "") return;
      this.#tell(call);
      if (this.#next === this.#calls.length - 1 || !isWhole(call)) return;
      this.#close();
    }
  }

  #tell(call: Call): void {
    if (!call.isStarted) this.#writer.startCall(this.#idFor(call), this.#options.names.fromWire(call.name));
    call.isStarted = true;
    if (call.untold !== "") this.#writer.arguments(call.untold);
    call.untold = "";
  }

  #close(): void {
    this.#writer.close();
    this.#next += 1;
  }

  #failure(what: string): HubError {
    return new HubError("upstream_error", `The upstream '${this.#options.upstream}' ${what}.`);
  }

  #idFor({ wireId }: Call): string {
    const { taken, callCount } = this.#options;
    let id = wireId ?? "";
    for (let number = callCount + this.#next; id === "" || taken.has(id); number += 1) id = `call_${number}`;
    taken.add(id);
    return id;
  }
}

/**
 * Whether a delta begins another call than the one whose place or turn it is: some servers give every call the same place,
 * and a few of them no ids either, but then whole arguments at once.
 */
function isAnother(call: Call, id: string | undefined, name: string | undefined, text: string): boolean {
  if (id !== undefined) return call.wireId !== undefined && call.wireId !== id;
  return name !== undefined && call.name !== "" && text.trim() !== "" && isWhole(call);
}

/** Servers give the arguments as JSON text, and a few as the object itself. */
function argumentsText(value: unknown): string {
  if (typeof value === "string") return value;
  return isJsonObject(value) ? JSON.stringify(value) : "";
}

function isWhole(call: Call): boolean {
  const { extent, text, judged } = call;
  if (!extent.isClosed) return false;
  if (judged.length !== text.length) call.judged = { length: text.length, isObject: isObjectText(text) };
  return call.judged.isObject;
}

function isObjectText(text: string): boolean {
  try {
    return isJsonObject(JSON.parse(text));
  } catch {
    return false;
  }
}
