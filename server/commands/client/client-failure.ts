import { HubError } from "../../../schema/core/error.ts";
import { isJsonObject, type JsonValue } from "../../../schema/core/json.ts";
import { CommandFailure } from "../command-failure.ts";
import { exitCodes } from "../exit-codes.ts";
import { readable, readableLine } from "../terminal/readable.ts";

/** The hub could not be reached, or the connection broke. It may be tried again. */
export class ConnectionLost extends CommandFailure {}

/** The hub itself says that nothing is served at a path. */
export class NotServed extends CommandFailure {}

/** What answers at an address does not speak as a hub does. */
export function noHub(url: string, why?: string): CommandFailure {
  return new CommandFailure(`what answers at ${url} is no Interactions Hub${why === undefined ? "" : ` (${why})`}`);
}

/** A redirect is not followed: the key would go along, to whoever is there. */
export function sentElsewhere(url: string, path: string, location: string | null): CommandFailure {
  const target = location === null ? null : URL.parse(location, `${url}${path}`);
  if (target === null) return noHub(url, "it redirects to nowhere");
  const place = `${target.origin}${target.pathname}${target.search}`;
  const address = place.endsWith(path) ? place.slice(0, -path.length) : `${target.origin}${target.pathname}`;
  const told = readableLine(address, 200);
  return new CommandFailure(`${url} redirects to ${told}; if that is the hub, name that address with --url`);
}

/** A failure to send or to read as a `CommandFailure`; whatever else it is, is returned as it is. */
export function failureToReach(error: unknown, url: string): unknown {
  if (error instanceof HubError) return new CommandFailure(`cannot read what ${url} sends: ${error.message}`);
  if (!(error instanceof TypeError) || !(error.cause instanceof Error)) return error;
  const { cause } = error;
  // What has no code is refused by the client itself, and would be again.
  if (!("code" in cause)) return new CommandFailure(`cannot ask ${url} (${cause.message})`, { cause: error });
  const told = `cannot reach the hub at ${url} (${String(cause.code)}); is it running there?`;
  return new ConnectionLost(told, { cause: error });
}

/** What an answer with a status of failure means. */
export function refusalOf(status: number, body: JsonValue | undefined, url: string, hasKey: boolean): CommandFailure {
  const { code, message: said } = isJsonObject(body) && isJsonObject(body.error) ? body.error : {};
  const message = typeof said === "string" ? readable(said) : `the hub answered with status ${status}`;
  if (status >= 502 && status <= 504 && said === undefined) return new ConnectionLost(message);
  if (status === 404 && (typeof code !== "string" || typeof said !== "string")) return noHub(url, "status 404");
  if (status !== 401 && status !== 403) return refused(code, said, message);
  const advice = hasKey
    ? "the key that was sent is not one of its keys, or may only look"
    : "set INTERACTIONS_HUB_KEY to one of its keys";
  return new CommandFailure(`${message} (${advice})`);
}

/** What the hub says itself; of all that it may not find, the interaction alone has an exit code of its own. */
export function refused(
  code: JsonValue | undefined,
  said: JsonValue | undefined,
  message: string = typeof said === "string" ? readable(said) : "the hub refused",
): CommandFailure {
  if (code !== "not_found") return new CommandFailure(message);
  return message.startsWith("Interaction ")
    ? new CommandFailure(message, { exitCode: exitCodes.notFound.code })
    : new NotServed(message);
}
