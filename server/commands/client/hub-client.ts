import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import { readEventStream, type ServerEvent } from "../../read-event-stream.ts";
import { CommandFailure } from "../command-failure.ts";
import { exitCodes } from "../exit-codes.ts";
import { readable } from "../terminal/readable.ts";

/** The wire that commands speak, whatever the settings of the hub say to others. */
const REVISION = "2026-05-20";

/** The hub could not be reached, or the connection broke. It may be tried again. */
export class ConnectionLost extends CommandFailure {}

/** A hub, spoken to as any client does. What it refuses is thrown as a `CommandFailure`. */
export type HubClient = {
  readonly url: string;
  ask(method: "GET" | "POST" | "DELETE", path: string, body?: JsonObject): Promise<JsonObject>;
  /** The data of a GraphQL operation. */
  query(document: string, variables?: JsonObject): Promise<JsonObject>;
  /** The events of a stream, those that came together in one list. */
  stream(method: "GET" | "POST", path: string, body?: JsonObject): AsyncGenerator<ServerEvent[], void, void>;
};

export function createHubClient(url: string, key: string | undefined): HubClient {
  async function send(method: string, path: string, body?: JsonObject): Promise<Response> {
    const headers = {
      "api-revision": REVISION,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(key === undefined ? {} : { "x-goog-api-key": key }),
    };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await reaching(() => fetch(`${url}${path}`, init));
    if (!response.ok) throw refusalOf(response.status, await reaching(() => response.text()), key);
    return response;
  }

  async function reaching<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw lostOr(error, url);
    }
  }

  const ask: HubClient["ask"] = async (method, path, body) => {
    const response = await send(method, path, body);
    return objectOf(await reaching(() => response.text()), url);
  };

  return {
    url,
    ask,

    async query(document, variables = {}) {
      const { data, errors } = await ask("POST", "/graphql", { query: document, variables });
      const [error] = Array.isArray(errors) ? errors : [];
      if (isJsonObject(error))
        throw refused(isJsonObject(error.extensions) ? error.extensions.code : undefined, error.message);
      return isJsonObject(data) ? data : {};
    },

    async *stream(method, path, body) {
      const response = await send(method, path, body);
      try {
        for await (const events of readEventStream(response.body ?? emptyBody())) yield events;
      } catch (error) {
        throw lostOr(error, url);
      }
    },
  };
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}

function lostOr(error: unknown, url: string): unknown {
  if (!(error instanceof Error) || error instanceof CommandFailure) return error;
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : error.message;
  return new ConnectionLost(`cannot reach the hub at ${url} (${code}); is it running there?`, { cause: error });
}

function refusalOf(status: number, text: string, key: string | undefined): CommandFailure {
  const body = parsed(text);
  const error = isJsonObject(body) && isJsonObject(body.error) ? body.error : {};
  const message =
    typeof error.message === "string" ? readable(error.message) : `the hub answered with status ${status}`;
  if (status >= 502 && status <= 504 && error.message === undefined) return new ConnectionLost(message);
  if (status !== 401 && status !== 403)
    return refused(error.code ?? (status === 404 ? "not_found" : undefined), message);
  const advice =
    key === undefined
      ? "set INTERACTIONS_HUB_KEY to one of its keys"
      : "the key that was sent is not one of its keys, or may only look";
  return new CommandFailure(`${message} (${advice})`);
}

function refused(code: JsonValue | undefined, message: JsonValue | undefined): CommandFailure {
  const text = typeof message === "string" ? readable(message) : "the hub refused";
  return new CommandFailure(text, code === "not_found" ? { exitCode: exitCodes.notFound.code } : {});
}

function objectOf(text: string, url: string): JsonObject {
  const value = parsed(text);
  if (isJsonObject(value)) return value;
  throw new CommandFailure(`what answers at ${url} is no Interactions Hub`);
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
