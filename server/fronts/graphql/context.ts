import type { Archive } from "../../../schema/archive.ts";
import type { Hub } from "../../../schema/hub.ts";
import type { UpstreamState } from "../../../schema/upstream-state.ts";
import type { Loaders } from "./loaders.ts";

/** What the front asks. */
export type Sources = {
  hub: Hub;
  archive: Archive;
  /** The upstreams in their order, with how they are now. */
  upstreams(): Promise<UpstreamState[]>;
};

/** Who asks, and how they are answered. */
export type Caller = {
  /** Whether the caller may look only. */
  readOnly: boolean;
  /** Under which address the caller reaches this server, without a slash at the end. */
  address: string;
  /** Finds the request in the log. */
  requestId: string;
  /** A key of the caller's own for upstreams that are set up to use it. */
  callerKey(): string | undefined;
  /** Aborts when nobody waits for the answer any more. */
  gone: AbortSignal;
};

/** What resolvers get: one for each execution, and one for each event of a subscription. */
export type GraphqlContext = { sources: Sources; caller: Caller; loaders: Loaders };
