import type { ProviderEvent } from "../../schema/core/event.ts";
import type { Provider } from "../../schema/provider.ts";
import type { ProviderContext } from "./provider-context.ts";
import type { UpstreamSettings } from "./upstream-settings.ts";

/** Headers that prove who asks. */
const proofs: ReadonlySet<string> = new Set(["authorization", "x-goog-api-key", "x-api-key", "api-key"]);

/** A shorter one may well be a word of the answer, and protects nothing. */
const SHORTEST_KEY = 8;

/** How many errors may each be the cause of another. */
const MOST_CAUSES = 8;

/**
 * Makes a provider that repeats no key that was sent, neither in a failure nor to the operator: some servers say what they got,
 * in a refusal or in the midst of a stream, and what they say of an error is told on. What the model says is told as it is.
 */
export function hidingKeys(
  settings: UpstreamSettings,
  context: ProviderContext,
  create: (settings: UpstreamSettings, context: ProviderContext) => Provider,
): Provider {
  const own = keysOf(settings);
  /** The keys of those who are asking now. */
  const callers = new Set<{ key: string }>();

  function hide(text: string): string {
    let shown = text;
    for (const key of own) shown = withoutKey(shown, key);
    for (const { key } of callers) shown = withoutKey(shown, key);
    return shown;
  }

  /** In place, for an error is known by its class and by who holds it. */
  function hideIn(error: unknown, most = MOST_CAUSES): void {
    if (!(error instanceof Error) || most === 0) return;
    const { message, stack } = error;
    const shown = hide(message);
    if (shown !== message) {
      error.message = shown;
      if (stack !== undefined) error.stack = stack.replaceAll(message, shown);
    }
    hideIn(error.cause, most - 1);
  }

  function shown(event: ProviderEvent): ProviderEvent {
    if (event.type === "finish" && event.errors !== undefined)
      return { ...event, errors: event.errors.map(({ code, message }) => ({ code, message: hide(message) })) };
    if (event.type === "degraded")
      return { ...event, degradations: event.degradations.map((one) => ({ ...one, message: hide(one.message) })) };
    return event;
  }

  /** Not a generator: one more of them would cost as much as storing the event. */
  function shownAll(events: AsyncIterable<ProviderEvent>, key = ""): AsyncIterable<ProviderEvent> {
    const inner = events[Symbol.asyncIterator]();
    const caller = { key };
    if (isLong(key)) callers.add(caller);

    function take(result: IteratorResult<ProviderEvent>): IteratorResult<ProviderEvent> {
      if (result.done === true) {
        callers.delete(caller);
        return result;
      }
      const event = shown(result.value);
      return event === result.value ? result : { done: false, value: event };
    }

    function fail(error: unknown): never {
      hideIn(error);
      callers.delete(caller);
      throw error;
    }

    const outer: AsyncIterator<ProviderEvent> = {
      next: () => inner.next().then(take, fail),
      async return() {
        callers.delete(caller);
        return (await inner.return?.()) ?? { done: true, value: undefined };
      },
    };
    return { [Symbol.asyncIterator]: () => outer };
  }

  const provider = create(settings, {
    ...context,
    warn(message, details) {
      if ("err" in details) hideIn(details.err);
      context.warn(message, details);
    },
  });
  const { resume } = provider;
  return {
    ...provider,
    async models() {
      try {
        return await provider.models();
      } catch (error) {
        hideIn(error);
        throw error;
      }
    },
    run: (call, signal) => shownAll(provider.run(call, signal), call.caller_key),
    ...(resume && { resume: (call, id, signal) => shownAll(resume(call, id, signal)) }),
  };
}

/** A long text may have been cut in the middle of a key. */
function withoutKey(text: string, key: string): string {
  const shown = text.replaceAll(key, "[hidden]");
  const end = shown.replace(/…$/, "");
  for (let length = key.length - 1; length >= SHORTEST_KEY; length -= 1)
    if (end.endsWith(key.slice(0, length))) return `${end.slice(0, -length)}[hidden]…`;
  return shown;
}

/** The hub's own, wherever they are sent. */
function keysOf({ key, headers }: UpstreamSettings): string[] {
  const proving = Object.entries(headers).filter(([name]) => proofs.has(name.toLowerCase()));
  return [key ?? "", ...proving.map(([, value]) => value.split(" ").at(-1) ?? "")].filter(isLong);
}

function isLong(key: string): boolean {
  return key.length >= SHORTEST_KEY;
}
