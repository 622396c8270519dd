import type { Store } from "../../db/store.ts";
import type { Degradation } from "../../schema/core/degradation.ts";
import { HubError } from "../../schema/core/error.ts";
import type { Event, LoggedEvent } from "../../schema/core/event.ts";
import { fold } from "../../schema/core/fold.ts";
import type { Interaction } from "../../schema/core/interaction.ts";
import { AnswerSize } from "./answer-size.ts";
import { causeOf } from "./cause-of.ts";
import { finishFromLog } from "./finish-from-log.ts";
import { nextTurn } from "./next-turn.ts";
import type { LogEnd } from "./read-log-end.ts";
import { brokeOff, type Candidates, type Perform, type RunEvent, withFallback } from "./with-fallback.ts";

/** The end of a run, whoever caused it. */
export type Finish = Extract<Event, { type: "finish" }>;

/** A running interaction. */
export type Run = {
  /**
   * Resolves once the provider has said something or the run has ended well, perhaps before that is stored; rejects if it
   * failed before.
   */
  readonly started: Promise<void>;
  /** Resolves with the end state once it is stored; rejects if it could not be. */
  readonly ended: Promise<Interaction>;
  /** Resolves when the provider has let go of everything: it may have to tell its upstream of an end that came from here. */
  readonly left: Promise<void>;
  /** Ends the run now, whatever the provider does; the first call counts. */
  end(finish: Finish): void;
};

/** One for all: making an error with its stack for every run would cost more than storing the run's end. */
const endedReason = new HubError("cancelled", "The run has ended.");

/** Events that a provider may be ahead of the store. */
const FURTHEST_AHEAD = 512;

export type RunOptions = {
  /** As its log says so far, in progress, and where that log ends. */
  interaction: Interaction;
  end: LogEnd;
  /** Resolves when the interaction is inserted. Writes are kept in order, so the run need not wait for it. */
  inserted: Promise<void>;
  /** Who may answer, in the order in which they are asked. */
  candidates: Candidates;
  /** What is to be told before anybody is asked. */
  notes: Degradation[];
  perform: Perform;
  store: Store;
  now: () => number;
  /** Called whenever the log of this interaction has grown, or will not grow any more. */
  grown: () => void;
  /** Told of errors that are no `HubError`. */
  bug: (error: unknown) => void;
  /** Told of what an upstream could not be given as it was. */
  degraded: (degradations: readonly Degradation[]) => void;
  /** Told of a `HubError` that ended the run and has a private cause. */
  trouble: (error: HubError) => void;
};

/** Starts a provider, or goes on with one, and writes down what it says: numbered, dated, stored, and only then made known. */
export function startRun(options: RunOptions): Run {
  const { store, now, grown } = options;
  const { id } = options.interaction;
  const controller = new AbortController();
  const started = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<Interaction>();
  // Nobody need be interested in either; their rejections are told in the log or to those who wait.
  started.promise.catch(() => {});
  ended.promise.catch(() => {});

  let state = options.interaction;
  const size = new AnswerSize();
  let { sequence, open } = options.end;
  let unwritten: LoggedEvent[] = [];
  let writing: Promise<void> | undefined;
  let ending = false;

  function log(event: Event): void {
    size.add(event);
    const next = fold(state, event);
    // Closing a step that is whole changes nothing; any other event that changes nothing does not fit.
    if (next === state && event.type !== "step.stop") throw misfit(event.type);
    state = next;
    sequence += 1;
    unwritten.push({ sequence, at: now(), event });
  }

  function stopStep(): void {
    open = false;
    log({ type: "step.stop", index: state.output.length - 1 });
  }

  function misfit(type: string): HubError {
    return new HubError(
      "upstream_error",
      `The upstream '${state.provider}' sent a '${type}' that does not fit what came before.`,
    );
  }

  /** Writes what is there, and what came meanwhile, until nothing is left. */
  async function write(): Promise<void> {
    while (unwritten.length > 0 && !ending) {
      const events = unwritten;
      unwritten = [];
      try {
        await store.append(id, events);
        grown();
      } catch (error) {
        // Kept in order before what came meanwhile: the log must not have a gap.
        unwritten = [...events, ...unwritten];
        end(failed(error));
      }
    }
    // In the same turn in which nothing was left: an event that comes a moment later must start the next write.
    writing = undefined;
  }

  function writeSoon(): void {
    if (writing !== undefined || ending) return;
    writing = nextTurn().then(write);
  }

  function failed(error: unknown): Finish {
    if (!(error instanceof HubError)) options.bug(error);
    else if (error.cause !== undefined) options.trouble(error);
    const code = error instanceof HubError ? error.code : "internal";
    const message = error instanceof HubError ? error.message : "An internal error ended this interaction.";
    return { type: "finish", status: "failed", errors: [{ code, message }] };
  }

  function end(finish: Finish, cause?: unknown): void {
    if (ending) return;
    ending = true;
    controller.abort(endedReason);
    log(finish);
    const reason = finish.status === "failed" ? (cause ?? causeOf(finish)) : undefined;
    if (reason === undefined) started.resolve();
    else started.reject(reason);
    void record();
  }

  async function record(): Promise<void> {
    try {
      await options.inserted;
      await writing;
      const last = unwritten.at(-1);
      const whole = { ...state, updated_at: last?.at ?? state.updated_at };
      await store.finish(whole, unwritten);
      ended.resolve(whole);
    } catch (error) {
      await recordFailure(error);
    }
    grown();
  }

  /** The last events cannot be stored (media that are too large, a full disk): without them, at least why it ended. */
  async function recordFailure(cause: unknown): Promise<void> {
    try {
      const [failure] = failed(cause).errors ?? [];
      const whole = failure && (await finishFromLog(store, id, now(), failure));
      if (whole === undefined) ended.reject(cause);
      else ended.resolve(whole);
    } catch (error) {
      if (!(error instanceof HubError)) options.bug(error);
      ended.reject(cause);
    }
  }

  /** Takes over one event of the provider; throws if it does not fit what came before. */
  function accept(event: Exclude<RunEvent, Finish>): void {
    switch (event.type) {
      case "step.start":
        if (open) stopStep();
        log({ type: "step.start", index: state.output.length, step: event.step });
        open = true;
        break;
      case "step.delta":
        if (!open) throw misfit(event.type);
        log({ type: "step.delta", index: state.output.length - 1, delta: event.delta });
        break;
      case "step.stop":
        if (!open) throw misfit(event.type);
        stopStep();
        break;
      case "upstream": {
        const { upstream_model: model } = state;
        const who = { provider: state.provider, ...(model === undefined ? {} : { model }) };
        if (open) throw misfit(event.type);
        log("provider" in event ? event : { type: "upstream", ...who, id: event.id });
        break;
      }
      case "degraded":
        if (open) throw misfit(event.type);
        if (event.degradations.length > 0) {
          log(event);
          options.degraded(event.degradations);
        }
        break;
      default:
        event satisfies never;
    }
    // Who is asked, and what he could not be given, is known before he has said anything.
    if (event.type !== "degraded" && !("provider" in event)) started.resolve();
    writeSoon();
  }

  /** One candidate is asked directly: what goes through one more generator costs more than storing it. */
  function answer(): AsyncIterable<RunEvent> {
    const [first, ...others] = options.candidates;
    if (others.length === 0) return options.perform(first, controller.signal);
    return withFallback(options.candidates, options.perform, controller.signal);
  }

  async function drive(): Promise<void> {
    try {
      for (const [index, step] of state.output.entries()) size.add({ type: "step.start", index, step });
      for await (const event of answer()) {
        if (ending) return;
        if (event.type === "finish") return end(event);
        accept(event);
        if (unwritten.length >= FURTHEST_AHEAD) await writing;
      }
      throw brokeOff(state.provider);
    } catch (error) {
      // What a provider throws because it was told to stop is not news.
      if (!ending) end(failed(error), error);
    }
  }

  if (options.notes.length > 0) accept({ type: "degraded", degradations: options.notes });
  options.inserted.catch((error) => {
    if (!ending) end(failed(error), error);
  });
  return { started: started.promise, ended: ended.promise, left: drive(), end };
}
