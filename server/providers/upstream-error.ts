import { type ErrorCode, HubError } from "../../schema/core/error.ts";
import { type ErrorBody, readErrorBody } from "./error-body.ts";
import { retryAfter } from "./retry-after.ts";
import { statusOfWord } from "./status-of-word.ts";
import { thrownFailure } from "./thrown-failure.ts";
import { UpstreamTrouble } from "./upstream-trouble.ts";

export type UpstreamErrorOptions = {
  /** Whether the key of whoever asks was used, and not the hub's own. */
  callerKey?: boolean;
};

/**
 * An upstream's refusal as a `HubError` by its cause, from the status and the body in any vendor's shape. An error inside a
 * stream has no status of its own: with the 200 of its stream, the body decides.
 */
export function upstreamHttpError(
  upstream: string,
  status: number,
  headers: Headers,
  body: string,
  options: UpstreamErrorOptions = {},
): HubError {
  const said = readErrorBody(body);
  const meant = status >= 400 ? status : (said.status ?? statusOfWord(said.words) ?? status);
  const { code, message } = describe(`The upstream '${upstream}'`, meant, said, options.callerKey === true);
  const wait = waiting.has(code) ? (retryAfter(headers) ?? said.retryAfter) : undefined;
  return new HubError(code, message, {
    ...(wait === undefined ? {} : { retryAfter: wait }),
    // A key that is refused, or a path that is unknown, stays so.
    final: code === "upstream_error" && meant < 500,
    cause: new UpstreamTrouble(noteOf(status, said, body), isPassing(meant, code, headers)),
  });
}

/**
 * Whatever a client of an upstream threw as a `HubError` by its cause; a `HubError` is returned as it is. It is told by its
 * shape, for the clients' classes differ and each wraps what lies below in its own way.
 */
export function upstreamFailure(upstream: string, error: unknown, options: UpstreamErrorOptions = {}): HubError {
  const failure = thrownFailure(`The upstream '${upstream}'`, error);
  return failure instanceof HubError
    ? failure
    : upstreamHttpError(upstream, failure.status, failure.headers, failure.body, options);
}

/** Causes that end by themselves, of which an upstream may say when. */
const waiting: ReadonlySet<ErrorCode> = new Set(["rate_limit_exceeded", "quota_exceeded", "unavailable"]);
/** Busy, or not there for the moment; 520 to 524 are Cloudflare's, 529 is Anthropic's. */
const busy: ReadonlySet<number> = new Set([409, 425, 502, 503, 504, 520, 521, 522, 523, 524, 529]);

const keyWords = ["api_key_invalid", "authentication", "authentication_error", "invalid_api_key", "unauthenticated"];
const quotaWords = ["billing_hard_limit_reached", "insufficient_credits", "insufficient_quota", "quota_exceeded"];

type Description = { code: ErrorCode; message: string };

function describe(who: string, status: number, said: ErrorBody, callerKey: boolean): Description {
  const because = (code: ErrorCode, message: string): Description => ({
    code,
    message: said.sentence === undefined ? `${message} (status ${status}).` : `${message}: ${said.sentence}`,
  });
  const refusal = status < 500;
  if (status === 401 || status === 403 || (refusal && has(said, keyWords))) return refusedKey(who, status, callerKey);
  if (status === 402 || (refusal && (has(said, quotaWords) || said.dayIsOver)))
    return because("quota_exceeded", `${who} says that a quota is used up`);
  if (refusal && (has(said, ["model_not_found"]) || (status === 404 && /\bmodels?\b/i.test(said.sentence ?? ""))))
    return because("model_not_found", `${who} does not have the model`);
  if (status === 429) return because("rate_limit_exceeded", `${who} takes no more requests for now`);
  if (status === 413) return because("request_too_large", `The request is too large for ${lowered(who)}`);
  if (status === 408 || has(said, ["deadline_exceeded", "gateway_timeout"]))
    return because("deadline_exceeded", `${who} ran out of time`);
  if (busy.has(status)) return because("unavailable", `${who} is not available now`);
  if (status === 400 || status === 415 || status === 422)
    return because("invalid_request", `${who} refused the request`);
  if (status === 404 || status === 405) return because("upstream_error", `${who} does not know what it was asked for`);
  return because("upstream_error", `${who} failed`);
}

/** What an upstream says of a key may repeat it. */
function refusedKey(who: string, status: number, callerKey: boolean): Description {
  if (!callerKey) return { code: "upstream_error", message: `${who} refused the hub's key (status ${status}).` };
  const code = status === 403 ? "permission_denied" : "authentication";
  return { code, message: `${who} refused the API key of this request (status ${status}).` };
}

function has(said: ErrorBody, words: readonly string[]): boolean {
  return words.some((word) => said.words.has(word));
}

function lowered(who: string): string {
  return who.replace(/^The/, "the");
}

function isPassing(status: number, code: ErrorCode, headers: Headers): boolean {
  if (code === "quota_exceeded") return false;
  const again = headers.get("x-should-retry");
  if (again === "true" || again === "false") return again === "true";
  return status === 408 || status === 429 || busy.has(status) || (status >= 500 && status !== 501);
}

/** For the log: what there is of the body, without anything that looks like a key. */
function noteOf(status: number, said: ErrorBody, body: string): string {
  const words = said.words.size === 0 ? "" : ` (${[...said.words].join(", ")})`;
  const text =
    said.sentence ??
    body
      .slice(0, 2000)
      .replace(/<[^>]*>|\s+/g, " ")
      .trim()
      .slice(0, 300);
  return `status ${status}${words}: ${text.replace(/(?=[\w*-]*[\d*])[\w*-]{16,}/g, "[hidden]")}`;
}
