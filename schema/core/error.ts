/** Every cause by which the hub refuses or fails, closed: a new one does not compile until each front maps it. */
export const errorCodes = [
  "invalid_request",
  "failed_precondition",
  "authentication",
  "permission_denied",
  "not_found",
  "model_not_found",
  "method_not_allowed",
  "request_too_large",
  "rate_limit_exceeded",
  "quota_exceeded",
  "cancelled",
  "interrupted",
  "unavailable",
  "deadline_exceeded",
  "upstream_error",
  "storage_full",
  "internal",
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/**
 * The one error type of the hub. `message` is public; `cause` is private and only logged. `field` is the path of the
 * request's member at fault (`input[1].content[0].text`). `retryAfter` is in seconds. `final` says that sending the same again
 * cannot help, whatever the code.
 */
export class HubError extends Error {
  override readonly name = "HubError";
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly retryAfter: number | undefined;
  readonly final: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    options: { field?: string; retryAfter?: number; final?: boolean; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.field = options.field;
    this.retryAfter = options.retryAfter;
    this.final = options.final ?? false;
  }
}
