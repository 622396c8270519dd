import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { JsonValue } from "../schema/core/json.ts";

/** What whoever asks may do, and the name of the key by which; nobody needs a key where none is configured. */
export type Rights = { readOnly: boolean; key?: string };

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
  rights: Rights;
  /** The body as JSON; `undefined` if it is empty. Rejects with a `HubError`. */
  json(): Promise<unknown>;
  /** Aborts when the client has gone or the reply is out. */
  gone: AbortSignal;
};

export type Headers = Record<string, string>;

/** Bytes that may be large and of which a client may ask for a part, or for none if it has them already. */
export type FileReply = {
  kind: "file";
  headers: Headers;
  size: number;
  /** What tells these bytes from all others, without quotes or commas. */
  tag: string;
  /** Bytes from `from` up to `to`, which is exclusive. Each read may cost as much as one of the whole. */
  read(from: number, to: number): Promise<Uint8Array>;
};

/**
 * What a front answers: JSON now; JSON that takes so long that the head of the reply goes out first (always 200); an
 * event stream, whose chunks are whole records; or a file.
 */
export type Reply =
  | { kind: "json"; status: number; headers: Headers; body: JsonValue }
  | FileReply
  | { kind: "late-json"; headers: Headers; body: Promise<JsonValue> }
  | { kind: "event-stream"; headers: Headers; chunks: AsyncIterable<string> };

/** One thing that can be asked over HTTP. It throws a `HubError`; anything else is a bug. */
export type Operation = {
  method: "GET" | "POST" | "DELETE";
  /** Below the version (`/interactions/:id`), or from the root for what has no version. */
  path: string;
  versioned: boolean;
  /** Whether it changes anything: then it is refused to keys that may only read. */
  changes: boolean;
  handle(request: OperationRequest): Promise<Reply>;
};

/** A request that a front answers with its own hands, because its replies have forms that no `Reply` has. */
export type Exchange = {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  /** Headers that every reply must have. */
  headers: Headers;
  rights: Rights;
  callerKey(): string | undefined;
  /** The body. Rejects with a `HubError` where it is larger than the server takes. */
  body(): Promise<Uint8Array>;
  /** A body as JSON. Throws a `HubError` where it is none, or nests deeper or holds more than the server takes. */
  json(body: Uint8Array): unknown;
  /** Finds the request in the log. */
  requestId: string;
  /** Aborts when the client has gone or the reply is out. */
  gone: AbortSignal;
  /** Tells the log how it was answered, and of an error behind that. */
  report(status: number, error?: unknown): void;
};

/** A path of which a front answers every request itself. It throws a `HubError` only while nothing is written. */
export type RawOperation = {
  methods: readonly ("GET" | "POST")[];
  path: string;
  handle(exchange: Exchange): Promise<void>;
};

/** A connection that is to become a WebSocket. Its host and origin have been checked; its key is the front's to check. */
export type Upgrade = {
  incoming: IncomingMessage;
  socket: Duplex;
  head: Buffer;
  requestId: string;
  /** Who asks, by headers and parameters of the query; throws a `HubError` without a valid key. */
  identify(header: Read, query: Read): { rights: Rights; callerKey: string | undefined };
  /** A message as JSON. Throws a `HubError` where it is none, or nests deeper or holds more than the server takes. */
  json(message: Uint8Array): unknown;
};

/** Reads a header or a parameter of the query by its name. */
export type Read = (name: string) => string | undefined;

/** A path at which a front speaks over WebSockets. */
export type UpgradeOperation = { path: string; handle(upgrade: Upgrade): Promise<void> };

/** How a front says its errors. */
export type ErrorReply = (error: unknown) => { status: number; headers: Headers; body: JsonValue };
