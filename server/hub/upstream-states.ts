import { HubError } from "../../schema/core/error.ts";
import type { Provider } from "../../schema/provider.ts";
import type { UpstreamState } from "../../schema/upstream-state.ts";

/** An upstream, and what is known of it without asking. */
export type KnownUpstream = { provider: Provider; kind: string; address?: string };

export type StateOptions = { upstreams: readonly KnownUpstream[]; now(): number };

/** Milliseconds for which a state is good: a page that shows it must not ask every vendor each time. */
const LASTS = 10_000;

/** Milliseconds that an upstream may take to answer. */
const PATIENCE = 5_000;

/** Tells how the upstreams are: each is asked for its models, as anybody may do at no cost. */
export function createUpstreamStates({ upstreams, now }: StateOptions): () => Promise<UpstreamState[]> {
  let known: Promise<UpstreamState[]> | undefined;
  let asked_at = Number.NEGATIVE_INFINITY;

  async function stateOf({ provider, kind, address }: KnownUpstream): Promise<UpstreamState> {
    const begun = now();
    const about = { name: provider.name, kind, ...(address === undefined ? {} : { address }) };
    try {
      const models = await within(PATIENCE, provider.models());
      return { ...about, health: "ok", checked_at: begun, latency: now() - begun, models: models.length };
    } catch (error) {
      const trouble = error instanceof HubError ? error.message : "It could not be asked.";
      return { ...about, health: "failing", trouble, checked_at: begun, latency: now() - begun, models: 0 };
    }
  }

  return () => {
    if (known === undefined || now() - asked_at > LASTS) {
      asked_at = now();
      known = Promise.all(upstreams.map(stateOf));
    }
    return known;
  };
}

async function within<Value>(milliseconds: number, promise: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new HubError("deadline_exceeded", `It did not answer within ${milliseconds} ms.`);
    timer = setTimeout(() => reject(error), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
