import { HubError } from "../../../schema/core/error.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import { withAttempts } from "../attempts.ts";
import type { ProviderContext } from "../provider-context.ts";
import type { UpstreamSettings } from "../upstream-settings.ts";
import { mayPass } from "../upstream-trouble.ts";
import type { Google } from "./google.ts";
import { readStream } from "./read-stream.ts";
import { tellsFailure } from "./refused.ts";
import type { AnswerReader } from "./response.ts";
import type { WireInteraction } from "./wire.ts";

export type ResumeOptions = {
  google: Google;
  settings: UpstreamSettings;
  context: ProviderContext;
  /** What has been read of the interaction so far. */
  reader: AnswerReader;
  /** Whether it goes on at Google's while nobody listens. */
  isBackground: boolean;
  /** Why it must be resumed; thrown again if it cannot be. Without one nothing was read before, and what fails is thrown. */
  cause?: unknown;
  signal: AbortSignal;
};

/** How often in a row Google may fail, or may have nothing new of what only goes on while somebody listens. */
const MOST_FAILURES = 6;
/** The same of what goes on there by itself: some minutes, in which a network or a machine may come back. */
const MOST_FAILURES_IN_BACKGROUND = 40;
/** How often in a row a stream may bring nothing before the whole is asked for instead. */
const MOST_EMPTY_STREAMS = 3;
const FIRST_DELAY = 500;
const LONGEST_DELAY = 8_000;
/** Longer than Google lets the longest background run take. */
const LONGEST_WAIT = 2 * 3_600_000;

/**
 * The rest of an answer whose stream broke off: by another stream from where it broke, or else by asking for the whole until
 * it has ended. Nothing is said twice. Throws the cause of the break where Google keeps nothing with which to go on.
 */
export async function* resume(options: ResumeOptions): AsyncGenerator<ProviderEvent, void, void> {
  const { context, reader, isBackground, signal } = options;
  const until = context.now() + LONGEST_WAIT;
  const mostFailures = isBackground ? MOST_FAILURES_IN_BACKGROUND : MOST_FAILURES;
  let latest: unknown = new HubError(
    "deadline_exceeded",
    `The upstream '${options.settings.name}' did not end the answer.`,
  );
  const round: Round = { ...options, failed: (error) => (latest = error) };
  let emptyStreams = 0;
  let failures = 0;
  let delay = options.cause === undefined ? 0 : FIRST_DELAY;
  while (failures < mostFailures && context.now() < until) {
    await context.sleep(delay * (0.75 + context.random() / 2), signal);
    delay = Math.min(Math.max(delay * 2, FIRST_DELAY), LONGEST_DELAY);
    const from = emptyStreams < MOST_EMPTY_STREAMS ? reader.resumption.begin() : undefined;
    if (from === undefined) {
      const whole = await read(round);
      for (const event of whole === undefined ? [] : reader.complete(whole)) yield event;
      failures = isBackground && whole !== undefined ? 0 : failures + 1;
    } else {
      const outcome = yield* follow(from, round);
      emptyStreams = outcome === "refused" ? MOST_EMPTY_STREAMS : outcome === "empty" ? emptyStreams + 1 : 0;
      failures = outcome === "more" ? 0 : failures + 1;
      if (outcome === "more") delay = FIRST_DELAY;
      if (outcome === "refused") delay = 0;
    }
    if (reader.finished) return;
  }
  throw options.cause ?? latest;
}

/** What one round needs. */
type Round = ResumeOptions & {
  /** Told of what failed, and may be tried again. */
  failed(error: unknown): void;
};

/** What a stream brings; whether that was anything, and whether Google refuses to give one. */
async function* follow(
  from: { last_event_id?: string },
  options: Round,
): AsyncGenerator<ProviderEvent, "more" | "empty" | "refused", void> {
  const { google, reader, settings, isBackground, signal } = options;
  let isEmpty = true;
  try {
    const stream = (attempt: AbortSignal) => readStream(google.follow(reader.id, from, attempt), reader, settings.name);
    for await (const said of once(options, stream)) {
      isEmpty = false;
      for (const event of said) yield event;
    }
  } catch (error) {
    if (signal.aborted || (!isBackground && tellsFailure(error))) throw error;
    options.failed(error);
    if (isEmpty && !(error instanceof HubError && mayPass(error))) return "refused";
  }
  return isEmpty ? "empty" : "more";
}

/** The whole interaction; `undefined` where it could not be had this time. */
async function read(options: Round): Promise<WireInteraction | undefined> {
  const { google, reader, signal, cause } = options;
  async function* ask(attempt: AbortSignal): AsyncGenerator<WireInteraction, void, void> {
    yield await google.read(reader.id, attempt);
  }
  try {
    for await (const whole of once(options, ask)) return whole;
  } catch (error) {
    if (signal.aborted) throw error;
    options.failed(error);
    if (!(error instanceof HubError && mayPass(error))) throw cause ?? error;
  }
  return undefined;
}

/** One attempt, with the upstream's time limits. */
function once<T>(
  { settings, context, signal }: ResumeOptions,
  attempt: (signal: AbortSignal) => AsyncIterable<T>,
): AsyncGenerator<T, void, void> {
  const { name, first_event_timeout, idle_timeout } = settings;
  return withAttempts({ upstream: name, retries: 0, first_event_timeout, idle_timeout, signal, context, attempt });
}
