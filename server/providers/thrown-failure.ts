import { HubError } from "../../schema/core/error.ts";
import { UpstreamTrouble } from "./upstream-trouble.ts";

/** An answer that a client turned into an error. */
export type ThrownAnswer = { status: number; headers: Headers; body: string };

/** What this file reads of an error; nothing of it need be there. */
type Link = {
  name?: unknown;
  message?: unknown;
  code?: unknown;
  status?: unknown;
  headers?: unknown;
  body?: unknown;
  error?: unknown;
  cause?: unknown;
  errors?: unknown;
};

// The names by which Node, undici and the clients tell the same few causes.
const timeouts = /^(?:ETIMEDOUT|TimeoutError|APIConnectionTimeoutError|RequestTimeoutError|UND_ERR_\w+_TIMEOUT)$/;
const untrusted = /^(?:ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH$)/;
const unreachable =
  /^(?:ECONN(?:REFUSED|RESET|ABORTED)|EPIPE|ENOTFOUND|EAI_\w+|EHOST\w+|ENET\w+|EADDRNOTAVAIL|EACCES|EPERM|UND_ERR_(?:SOCKET|DESTROYED|CLOSED))$/;
const unreadable = /^(?:HPE_\w+|HTTPParserError|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_\w+|Z_\w+|SyntaxError)$/;
const aborted = /^(?:ABORT_ERR|AbortError|APIUserAbortError|RequestAbortedError|UND_ERR_ABORTED)$/;
const mistakes = /^(?:TypeError|ReferenceError|RangeError)$/;

/** What a thrown value says of the upstream: a `HubError`, or the answer that it wraps. */
export function thrownFailure(who: string, error: unknown): HubError | ThrownAnswer {
  const links = linksOf(error, 0);
  const known = links.find((link) => link instanceof HubError);
  if (known !== undefined) return known;
  return links.map(answerOf).find((answer) => answer !== undefined) ?? transportFailure(who, error, links);
}

function transportFailure(who: string, error: unknown, links: Link[]): HubError {
  const names = new Set(links.flatMap(namesOf));
  const told = (pattern: RegExp): boolean => [...names].some((name) => pattern.test(name));
  const said = (message: string): boolean => links.some((link) => link.message === message);
  const trouble = (passing: boolean) => ({ cause: new UpstreamTrouble([...names].join(", "), passing, error) });

  if (told(timeouts)) return new HubError("deadline_exceeded", `${who} did not answer in time.`, trouble(true));
  if (said("terminated"))
    return new HubError("upstream_error", `${who} broke off in the middle of its answer.`, trouble(true));
  if (told(untrusted)) return new HubError("unavailable", `${who} has no TLS that can be trusted.`, trouble(false));
  if (told(unreachable)) return new HubError("unavailable", `${who} cannot be reached.`, trouble(true));
  if (told(unreadable)) return new HubError("upstream_error", `${who} sent what cannot be read.`, trouble(false));
  if (told(aborted)) return new HubError("cancelled", `${who} was told to stop.`, trouble(false));
  if (said("fetch failed")) return new HubError("unavailable", `${who} cannot be reached.`, trouble(true));
  // JSON that nests a hundred thousand levels deep can be parsed, but not written.
  if (said("Maximum call stack size exceeded"))
    return new HubError("upstream_error", `${who} sent what cannot be read.`, trouble(false));
  // A mistake of ours must not pass for one of the upstream's.
  if (told(mistakes)) return new HubError("internal", "An internal error occurred.", { cause: error });
  return new HubError("upstream_error", `${who} failed.`, trouble(false));
}

/** The thrown value and everything that it gives as its cause. */
function linksOf(error: unknown, depth: number): Link[] {
  if (typeof error !== "object" || error === null || depth > 8) return [];
  const link: Link = error;
  const inner = Array.isArray(link.errors) ? [link.cause, ...link.errors] : [link.cause];
  return [link, ...inner.flatMap((cause) => linksOf(cause, depth + 1))];
}

function namesOf(link: Link): string[] {
  return [link.name, link.code, link.constructor.name].filter((name) => typeof name === "string");
}

/**
 * `openai` gives the parsed error and its headers, for an error inside a stream without a status; `@google/genai` gives the
 * body as `body` or as the message.
 */
function answerOf(link: Link): ThrownAnswer | undefined {
  const { status, body, error, message } = link;
  const refused = typeof status === "number" && status >= 400 && status < 600;
  const headers = link.headers instanceof Headers ? link.headers : new Headers();
  if (refused && typeof body === "string") return { status, headers, body };
  if (isPlain(error) && (refused || status === undefined))
    return { status: refused ? status : 200, headers, body: JSON.stringify({ error }) };
  if (!refused) return undefined;
  const text = typeof message === "string" ? message.replace(/^\d{3} (?:status code \(no body\)$)?/, "") : "";
  return { status, headers, body: text };
}

/** Whether it came from JSON, as far as one can see. */
function isPlain(value: unknown): boolean {
  if (typeof value === "string" || Array.isArray(value)) return true;
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
