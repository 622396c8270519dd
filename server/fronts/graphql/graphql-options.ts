import type { Sources } from "./context.ts";
import type { Limits } from "./limits/limits.ts";

/** What the GraphQL front is made of. */
export type GraphqlOptions = Sources & {
  limits: Limits;
  /** Whether the schema is told. */
  introspection: boolean;
  /** Whether browsers are shown GraphiQL. */
  graphiql: boolean;
  /** Documents that clients may name by id. */
  documents: ReadonlyMap<string, string>;
  /** Whether only those are answered. */
  documentsOnly: boolean;
  /** Subscribers that there may be at the same time. */
  subscribers: number;
  /** Bytes that may wait for one WebSocket before it is closed. */
  bufferedBytes: number;
  /** The largest message that a WebSocket may bring. */
  messageBytes: number;
  /** Milliseconds that a subscriber may take nothing before it is cut off. */
  stallTimeout: number;
  /** Milliseconds of silence after which a stream sends a sign of life. */
  heartbeat: number;
  /** Told of errors that are no `HubError`. */
  bug(error: unknown): void;
};
