import type { Revision } from "../../../schema/core/interaction.ts";
import type { Hub } from "../../../schema/hub.ts";

/** What the Interactions front is made of. */
export type FrontOptions = {
  hub: Hub;
  /** The operator's choice of the wire revision; `auto` tells it from each request. */
  revision: "auto" | Revision;
  /** Milliseconds that a client waits for headers at most. */
  patience: { stream: number; unary: number };
  /** Told of errors that are no `HubError`. */
  bug: (error: unknown) => void;
};
