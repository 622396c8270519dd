import type { ErrorCode, HubError } from "../core/error.ts";
import type { JsonObject } from "../core/json.ts";

/** How the wire says a code: the HTTP status, the wire's own code, and whether sending the same again could help. */
type Answer = { status: number; code: string; retry: boolean };

/**
 * The official clients send a request again, up to four times, on 408, 409, 429 and every 5xx. So a refusal that would be
 * the same in a second is a 4xx of another number, and where the contract fixes a retried status for one, the header
 * `x-should-retry: false` stops the clients that read it.
 */
const answers = {
  invalid_request: { status: 400, code: "invalid_request", retry: false },
  failed_precondition: { status: 400, code: "failed_precondition", retry: false },
  authentication: { status: 401, code: "authentication", retry: false },
  permission_denied: { status: 403, code: "permission_denied", retry: false },
  not_found: { status: 404, code: "not_found", retry: false },
  model_not_found: { status: 404, code: "model_not_found", retry: false },
  method_not_allowed: { status: 405, code: "invalid_request", retry: false },
  request_too_large: { status: 413, code: "invalid_request", retry: false },
  rate_limit_exceeded: { status: 429, code: "rate_limit_exceeded", retry: true },
  // A quota comes back in hours, not within the seconds of a client's retries.
  quota_exceeded: { status: 429, code: "quota_exceeded", retry: false },
  cancelled: { status: 499, code: "cancelled", retry: false },
  interrupted: { status: 503, code: "interrupted", retry: true },
  unavailable: { status: 503, code: "service_unavailable", retry: true },
  deadline_exceeded: { status: 504, code: "deadline_exceeded", retry: true },
  upstream_error: { status: 502, code: "api_error", retry: true },
  // 507 would be retried, and a full disk stays full until somebody acts: that is what a failed precondition says.
  storage_full: { status: 400, code: "failed_precondition", retry: false },
  // A bug answers the same each time, and work may have been done before it showed.
  internal: { status: 500, code: "api_error", retry: false },
} as const satisfies Record<ErrorCode, Answer>;

/** A cause as the wire names it. */
export type WireErrorCode = (typeof answers)[ErrorCode]["code"];

/** The HTTP status of an error code. */
export function errorStatus(code: ErrorCode): number {
  return answers[code].status;
}

/** The wire's name of a cause. Codes that only say how generation ended (`safety`, …) are the wire's own already. */
export function errorWireCode(code: string): string {
  return Object.hasOwn(answers, code) ? answers[code as ErrorCode].code : code;
}

/** The whole error reply, the same in both revisions. The member at fault is named once, in the message. */
export function encodeError(error: HubError): { status: number; body: JsonObject; headers: Record<string, string> } {
  const { status, code, retry }: Answer = answers[error.code];
  const { message: said, field } = error;
  const message = field === undefined || names(said, field) ? said : `${said} (at '${field}')`;
  const headers: Record<string, string> = {};
  if (error.retryAfter !== undefined) headers["retry-after"] = String(Math.max(1, Math.ceil(error.retryAfter)));
  if ((!retry || error.final) && isRetriedStatus(status)) headers["x-should-retry"] = "false";
  return { status, body: { error: { code, message } }, headers };
}

/** Whether a message names a member: by its whole path, or the object by its path and the member by its name. */
function names(message: string, field: string): boolean {
  if (message.includes(field)) return true;
  return [...field.matchAll(/\./g)].some(
    ({ index }) => message.includes(`'${field.slice(0, index)}'`) && message.includes(`'${field.slice(index + 1)}'`),
  );
}

function isRetriedStatus(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
}
