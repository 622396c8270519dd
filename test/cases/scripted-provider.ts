import type { ProviderEvent } from "../../schema/core/event.ts";
import type { ModelCall, Provider, Refusal, Upstream } from "../../schema/provider.ts";

/** One run of the scripted provider, in the hands of the test. */
export type ScriptedRun = {
  readonly call: ModelCall;
  /** The id of the upstream's under which it is taken up again. */
  readonly resumed: string | undefined;
  readonly signal: AbortSignal;
  /** The provider says these events, in order, as soon as it is asked. */
  say(...events: ProviderEvent[]): void;
  /** The provider throws. */
  fail(error: unknown): void;
  /** The provider ends; without a `finish` said before, it has broken off. */
  leave(): void;
  /** Resolves when the provider's generator has ended, however it did. */
  readonly left: Promise<void>;
};

/** A provider that says what the test says, when the test says it. */
export type ScriptedProvider = Provider & {
  /** The next run that no one has taken yet. */
  nextRun(): Promise<ScriptedRun>;
  upstream: Upstream;
};

export type ScriptOptions = {
  name?: string;
  /** What it takes although the hub does not know it. */
  takesUnknown?: boolean;
  /** Whether it goes on when nobody listens, and can be asked for that. */
  resumes?: boolean;
  /** Whether it goes on although its signal aborts. */
  deaf?: boolean;
  refuse?: (call: Omit<ModelCall, "history">) => Refusal | undefined;
};

type Line = { event: ProviderEvent } | { error: unknown } | "leave";

/** It answers for every model and agent but those whose name starts with `unknown`. */
export function createScriptedProvider(options: ScriptOptions = {}): ScriptedProvider {
  const { name = "scripted" } = options;
  const waiting: ScriptedRun[] = [];
  const takers: ((run: ScriptedRun) => void)[] = [];

  function begin(call: ModelCall, signal: AbortSignal, resumed?: string): AsyncIterable<ProviderEvent> {
    const { run, events } = perform(call, signal, options.deaf ?? false, resumed);
    const taker = takers.shift();
    if (taker === undefined) waiting.push(run);
    else taker(run);
    return events;
  }

  const provider: Provider = {
    name,
    takesUnknown: options.takesUnknown ?? false,
    models: async () => [{ id: "scripted-model", kind: "model", provider: name }],
    refuse: options.refuse ?? (() => undefined),
    run: (call, signal) => begin(call, signal),
    ...(options.resumes === true ? { resume: (call, id, signal) => begin(call, signal, id) } : {}),
  };
  return {
    ...provider,
    nextRun() {
      const run = waiting.shift();
      if (run !== undefined) return Promise.resolve(run);
      return new Promise((resolve) => takers.push(resolve));
    },
    upstream: { provider, answersFor: (asked) => !asked.startsWith("unknown") },
  };
}

function perform(
  call: ModelCall,
  signal: AbortSignal,
  deaf: boolean,
  resumed: string | undefined,
): { run: ScriptedRun; events: AsyncIterable<ProviderEvent> } {
  const lines: Line[] = [];
  const left = Promise.withResolvers<void>();
  let wake: () => void = () => {};
  const push = (...added: Line[]): void => {
    lines.push(...added);
    wake();
  };
  if (!deaf) signal.addEventListener("abort", () => wake(), { once: true });

  async function* events(): AsyncGenerator<ProviderEvent, void, void> {
    try {
      while (deaf || !signal.aborted) {
        const line = lines.shift();
        if (line === undefined) await new Promise<void>((resolve) => (wake = resolve));
        else if (line === "leave") return;
        else if ("error" in line) throw line.error;
        else yield line.event;
      }
    } finally {
      left.resolve();
    }
  }

  const run: ScriptedRun = {
    call,
    resumed,
    signal,
    say: (...said) => push(...said.map((event) => ({ event }))),
    fail: (error) => push({ error }),
    leave: () => push("leave"),
    left: left.promise,
  };
  return { run, events: events() };
}

/** What a provider says for a whole answer of one text, piece by piece. */
export function answerOf(...pieces: string[]): ProviderEvent[] {
  return [...beginningOf(...pieces), { type: "step.stop" }, completed];
}

/** An answer whose end has not come yet. */
export function beginningOf(...pieces: string[]): ProviderEvent[] {
  return [
    { type: "step.start", step: { type: "model_output", content: [] } },
    ...pieces.map((text): ProviderEvent => ({ type: "step.delta", delta: { type: "text", text } })),
  ];
}

/** A good end. */
export const completed: ProviderEvent = { type: "finish", status: "completed", usage: { total_tokens: 7 } };
