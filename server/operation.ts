import type { JsonValue } from "../schema/core/json.ts";

/** What a front sees of an HTTP request. Names of headers are case-insensitive. */
export type OperationRequest = {
  /** The whole path, as the client sent it. */
  path: string;
  /** A part of the path that the operation names (`:id`), decoded. */
  parameter(name: string): string;
  query(name: string): string | undefined;
  header(name: string): string | undefined;
  /** The key that the client brings for an upstream: one that it sent as an API key and that is none of the hub's. */
  callerKey(): string | undefined;
  /** The body as JSON; `undefined` if it is empty. Rejects with a `HubError`. */
  json(): Promise<unknown>;
  /** Aborts when the client has gone or the reply is out. */
  gone: AbortSignal;
};

export type Headers = Record<string, string>;

/**
 * What a front answers: JSON now; JSON that takes so long that the head of the reply goes out first (always 200); or an
 * event stream, whose chunks are whole records.
 */
export type Reply =
  | { kind: "json"; status: number; headers: Headers; body: JsonValue }
  | { kind: "late-json"; headers: Headers; body: Promise<JsonValue> }
  | { kind: "event-stream"; headers: Headers; chunks: AsyncIterable<string> };

/** One thing that can be asked over HTTP. It throws a `HubError`; anything else is a bug. */
export type Operation = {
  method: "GET" | "POST" | "DELETE";
  /** Below the version (`/interactions/:id`), or from the root for what has no version. */
  path: string;
  versioned: boolean;
  handle(request: OperationRequest): Promise<Reply>;
};

/** How a front says its errors. */
export type ErrorReply = (error: unknown) => { status: number; headers: Headers; body: JsonValue };
