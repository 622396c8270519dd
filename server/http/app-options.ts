import type { ErrorReply, Operation, RawOperation } from "../operation.ts";
import type { KeyDigest } from "./guards/key-check.ts";
import type { BodyLimits } from "./guards/read-json.ts";

/** What the HTTP side is made of. */
export type AppOptions = {
  operations: readonly Operation[];
  rawOperations: readonly RawOperation[];
  errorReply: ErrorReply;
  host: string;
  allowedHosts: readonly string[];
  allowedOrigins: readonly string[];
  keys: readonly KeyDigest[];
  limits: BodyLimits;
  /** Milliseconds of silence after which a stream sends a comment. */
  heartbeat: number;
  requestId: () => string;
  /** Told of every answer, and of the error behind it. */
  report: (line: RequestLine) => void;
};

/** What the log says of a request: neither keys nor anything of its body. */
export type RequestLine = { request_id: string; method: string; path: string; status: number; error?: unknown };
