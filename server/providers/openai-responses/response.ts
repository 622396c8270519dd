import { HubError } from "../../../schema/core/error.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import type { JsonObject } from "../../../schema/core/json.ts";
import type { ServerEvent } from "../../read-event-stream.ts";
import { numberIn, objectIn, objectsIn, textIn } from "../json-members.ts";
import type { FunctionNames } from "../openai/function-names.ts";
import { brokenOff, failureIn, finishOf } from "./finish.ts";
import { FunctionTrack } from "./function-track.ts";
import { HostedTrack } from "./hosted-track.ts";
import type { ItemTrack } from "./item-track.ts";
import { MessageTrack } from "./message-track.ts";
import { ReasoningTrack } from "./reasoning-track.ts";
import { type HostedTool, unconfirmedTools } from "./unconfirmed-tools.ts";
import { usageOf } from "./usage.ts";
import { isTyped, parseEvent, type WireEvent, type WireItem } from "./wire.ts";

export type ReaderOptions = {
  /** Name of the upstream. */
  upstream: string;
  /** How the functions are called on the wire. */
  names: Pick<FunctionNames, "fromWire">;
  /** The upstream's own tools that were offered. */
  hosted?: readonly HostedTool[];
  /** The most tokens that were asked for. */
  limit?: number | undefined;
  /** False where the client wants no summaries of thoughts. */
  tellsThoughts: boolean;
};

/** An item that has begun. What is said of it while another one is still open waits in `held`. */
type Open = { type: string; id: string | undefined; track: ItemTrack; held: ProviderEvent[]; isDone: boolean };

/** What no answer has. */
const MOST_ITEMS = 10_000;

/** Events by which a server only shows that it is there. */
const signsOfLife = new Set(["response.created", "response.in_progress", "response.queued", "keepalive", ""]);

/**
 * Turns the events of one answer into ours. Items may interleave; steps do not, so the first item that has not ended is told
 * as it comes, and the others when their turn has come. An answer is over when `isOver`, and has failed when there is a
 * `failure`, which counts after the events before it.
 */
export class ResponseReader {
  isOver = false;
  failure: HubError | undefined;
  /** Whether anything of an answer has come: from then on nothing is asked twice. */
  hasBegun = false;
  readonly #options: ReaderOptions;
  /** In the order in which they began; the first is not done. */
  readonly #open: Open[] = [];
  /** Every item by its place in the answer, as far as the server tells places. */
  readonly #places = new Map<number, Open>();
  readonly #all: Open[] = [];

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** What some records say. Never throws: what is wrong with them becomes the `failure`. */
  read(records: readonly ServerEvent[]): ProviderEvent[] {
    const out: ProviderEvent[] = [];
    try {
      for (const record of records) {
        if (this.isOver || this.failure !== undefined) break;
        const event = parseEvent(record, this.#options.upstream);
        if (event !== undefined) this.#take(event, out);
      }
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      this.#fail(error, out);
    }
    return out;
  }

  /** What a whole answer says that came at once. */
  readWhole(response: JsonObject): ProviderEvent[] {
    const out: ProviderEvent[] = [];
    this.hasBegun = true;
    this.#end(response, out);
    return out;
  }

  /** What remains to be said when no more comes. */
  readEnd(): ProviderEvent[] {
    const out: ProviderEvent[] = [];
    if (!this.isOver && this.failure === undefined) this.#fail(brokenOff(this.#options.upstream, this.hasBegun), out);
    return out;
  }

  #take(event: WireEvent, out: ProviderEvent[]): void {
    if (signsOfLife.has(event.type)) return;
    switch (event.type) {
      case "response.completed":
      case "response.incomplete":
      case "response.failed":
      case "response.cancelled":
        this.#end(objectIn(event, "response") ?? {}, out, event);
        break;
      case "error":
        this.#fail(failureIn(this.#options.upstream, event), out);
        break;
      default:
        this.hasBegun = true;
        this.#takePiece(event, out);
    }
  }

  /** What is said of an item, or an item whole. */
  #takePiece(event: WireEvent, out: ProviderEvent[]): void {
    const item = objectIn(event, "item");
    if (event.type === "response.output_item.added" && isTyped(item)) {
      this.#begin(item, event, out);
    } else if (event.type === "response.output_item.done" && isTyped(item)) {
      const open = this.#find(event, textIn(item, "id")) ?? this.#begin(item, event, out);
      this.#finish(open, item, out);
    } else {
      const open = this.#find(event, textIn(event, "item_id")) ?? this.#beginUnannounced(event, out);
      if (open !== undefined && !open.isDone) open.track.take(event, this.#outOf(open, out));
    }
  }

  /** By its place, which is the surer sign: some servers give an item another id in every event. */
  #find(event: WireEvent, id: string | undefined): Open | undefined {
    const place = numberIn(event, "output_index");
    const placed = place === undefined ? undefined : this.#places.get(place);
    return placed ?? (id === undefined ? undefined : this.#all.findLast((open) => open.id === id));
  }

  #begin(item: WireItem, event: WireEvent, out: ProviderEvent[]): Open {
    const track = this.#trackFor(item);
    const open: Open = { type: item.type, id: textIn(item, "id"), track, held: [], isDone: false };
    const place = numberIn(event, "output_index");
    if (this.#all.length === MOST_ITEMS) throw tooManyItems(this.#options.upstream);
    if (place !== undefined) this.#places.set(place, open);
    this.#all.push(open);
    this.#open.push(open);
    open.track.start(item, this.#outOf(open, out));
    return open;
  }

  /** A piece of an item of which nothing was said before; most pieces tell by their name what they belong to. */
  #beginUnannounced(event: WireEvent, out: ProviderEvent[]): Open | undefined {
    const [, kind = ""] =
      /^response\.(output_text|content_part|refusal|reasoning|function_call)/.exec(event.type) ?? [];
    if (kind === "") return undefined;
    const last = this.#open.at(-1);
    const type = kind === "reasoning" || kind === "function_call" ? kind : "message";
    // Without a place and an id it can only be meant for the last one.
    const isNameless = event.output_index === undefined && event.item_id === undefined;
    if (isNameless && last?.type === type) return last;
    return this.#begin({ type, id: event.item_id ?? null }, event, out);
  }

  #trackFor({ type }: WireItem): ItemTrack {
    const { upstream, names, tellsThoughts } = this.#options;
    switch (type) {
      case "message":
        return new MessageTrack();
      case "reasoning":
        return new ReasoningTrack(upstream, tellsThoughts);
      case "function_call":
        return new FunctionTrack(names);
      default:
        return new HostedTrack(upstream);
    }
  }

  #outOf(open: Open, out: ProviderEvent[]): ProviderEvent[] {
    return open === this.#open[0] ? out : open.held;
  }

  #finish(open: Open, item: WireItem, out: ProviderEvent[]): void {
    if (open.isDone) return;
    open.track.finish(item, this.#outOf(open, out));
    this.#settle(open, out);
  }

  /** Lets the next items speak, as far as they are done too. */
  #settle(done: Open, out: ProviderEvent[]): void {
    done.isDone = true;
    while (this.#open[0]?.isDone === true) {
      this.#open.shift();
      const next = this.#open[0];
      if (next === undefined) return;
      out.push(...next.held);
      next.held = [];
    }
  }

  /** The end that the server tells. Items that came only with it, or ended only with it, are told first. */
  #end(response: JsonObject, out: ProviderEvent[], event: JsonObject = response): void {
    const { upstream } = this.#options;
    for (const [index, item] of objectsIn(response, "output").entries()) {
      if (isTyped(item)) this.#reconcile(item, index, out);
    }
    if (response.status === "failed" || event.type === "response.failed") {
      this.#fail(failureIn(upstream, event), out);
    } else if (response.status === "cancelled" || event.type === "response.cancelled") {
      this.#fail(new HubError("upstream_error", `The upstream '${upstream}' cancelled its answer.`), out);
    } else {
      this.#cutAll(out);
      const degradations = unconfirmedTools(this.#options.hosted ?? [], response);
      if (degradations.length > 0) out.push({ type: "degraded", degradations });
      out.push(this.#finishOf(response));
      this.isOver = true;
    }
  }

  #finishOf(response: JsonObject): ProviderEvent {
    const tracks = this.#all.map(({ track }) => track);
    const searches = tracks.reduce((sum, track) => sum + (track instanceof HostedTrack ? track.searches : 0), 0);
    return finishOf(response, {
      usage: usageOf(response, searches),
      isPending: tracks.some((track) => track instanceof FunctionTrack && track.isCall),
      isRefused: tracks.some((track) => track instanceof MessageTrack && track.isRefused),
      limit: this.#options.limit,
    });
  }

  #reconcile(item: WireItem, index: number, out: ProviderEvent[]): void {
    const named = this.#all.find((open) => open.id !== undefined && open.id === item.id);
    const placed = this.#all[index]?.type === item.type ? this.#all[index] : undefined;
    this.#finish(named ?? placed ?? this.#begin(item, { type: "" }, out), item, out);
  }

  #fail(failure: HubError, out: ProviderEvent[]): void {
    this.#cutAll(out);
    this.failure = failure;
  }

  #cutAll(out: ProviderEvent[]): void {
    for (const open of this.#open.slice()) {
      if (open.isDone) continue;
      open.track.cut(this.#outOf(open, out));
      this.#settle(open, out);
    }
  }
}

function tooManyItems(upstream: string): HubError {
  return new HubError("upstream_error", `The upstream '${upstream}' answered with more than ${MOST_ITEMS} items.`);
}
