import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import { readEventStream, type ServerEvent } from "../../read-event-stream.ts";
import { failureToReach, NotServed, noHub, refusalOf, refused, sentElsewhere } from "./client-failure.ts";

/** The wire that commands speak, whatever the settings of the hub say to others. */
const REVISION = "2026-05-20";

/** A hub, spoken to as any client does. What it refuses is thrown as a `CommandFailure`. */
export type HubClient = {
  readonly url: string;
  ask(method: "GET" | "POST" | "DELETE", path: string, body?: JsonObject): Promise<JsonObject>;
  /** The data of a GraphQL operation. */
  query(document: string, variables?: JsonObject): Promise<JsonObject>;
  /** The events of a stream, those that came together in one list. */
  stream(method: "GET" | "POST", path: string, body?: JsonObject): AsyncGenerator<ServerEvent[], void, void>;
};

/** `url` is without a slash at the end. */
export function createHubClient(url: string, key: string | undefined): HubClient {
  let graphqlBase = url;

  async function send(base: string, method: string, path: string, body?: JsonObject): Promise<Response> {
    const headers = {
      "api-revision": REVISION,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(key === undefined ? {} : { "x-goog-api-key": key }),
    };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await reaching(() => fetch(`${base}${path}`, { method, headers, redirect: "manual", ...sent }));
    if (response.status >= 300 && response.status < 400) {
      const location = response.headers.get("location");
      await response.body?.cancel();
      throw sentElsewhere(base, path, location);
    }
    if (response.ok) return response;
    const text = await reaching(() => response.text());
    throw refusalOf(response.status, parsed(text), base, key !== undefined);
  }

  async function reaching<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw failureToReach(error, url);
    }
  }

  async function askAt(base: string, method: string, path: string, body?: JsonObject): Promise<JsonObject> {
    const response = await send(base, method, path, body);
    const value = parsed(await reaching(() => response.text()));
    if (isJsonObject(value)) return value;
    throw noHub(base);
  }

  /**
   * A hub has REST behind any path, and GraphQL at its root alone. A proxy may take the path away before the hub sees it; if
   * the hub says that it has seen it, it is asked at its root from then on.
   */
  async function askGraphql(body: JsonObject): Promise<JsonObject> {
    const { origin } = new URL(url);
    try {
      return await askAt(graphqlBase, "POST", "/graphql", body);
    } catch (error) {
      if (graphqlBase === origin || !(error instanceof NotServed)) throw error;
      graphqlBase = origin;
      return askAt(graphqlBase, "POST", "/graphql", body);
    }
  }

  return {
    url,
    ask: (method, path, body) => askAt(url, method, path, body),

    async query(document, variables = {}) {
      const { data, errors } = await askGraphql({ query: document, variables });
      const [error] = Array.isArray(errors) ? errors : [];
      if (isJsonObject(error))
        throw refused(isJsonObject(error.extensions) ? error.extensions.code : undefined, error.message);
      if (isJsonObject(data)) return data;
      throw noHub(url);
    },

    async *stream(method, path, body) {
      const response = await send(url, method, path, body);
      if (response.body === null || !/^text\/event-stream\b/.test(response.headers.get("content-type") ?? "")) {
        await response.body?.cancel();
        throw noHub(url);
      }
      try {
        for await (const events of readEventStream(response.body)) yield events;
      } catch (error) {
        throw failureToReach(error, url);
      }
    },
  };
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
