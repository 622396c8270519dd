import { type ClientOptions, createClient } from "graphql-ws";
import { WebSocket } from "ws";
import type { JsonObject } from "../../schema/core/json.ts";

// A client as one writes it with `fetch` alone, and subscriptions by the protocols' own clients.

/** What a server answers. */
export type GraphqlResult = {
  data?: JsonObject | null;
  errors?: { message: string; extensions?: JsonObject; path?: (string | number)[] }[];
};

/** Posts an operation and reads the answer. */
export async function askGraphql(
  url: string,
  query: string,
  variables?: object,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; body: GraphqlResult }> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query, ...(variables === undefined ? {} : { variables }) }),
  });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}

/** The data of an answer; an error of the answer is thrown. */
export async function dataOf<Data = JsonObject>(url: string, query: string, variables?: object): Promise<Data> {
  const { body } = await askGraphql(url, query, variables);
  if (body.errors !== undefined) throw new Error(JSON.stringify(body.errors));
  return body.data as Data;
}

/** A client over WebSocket that connects once. */
export function socketClient(url: string, options: Partial<ClientOptions> = {}) {
  return createClient({
    url: `${url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...options,
  });
}

/** Every result of a subscription over server-sent events, to its end. */
export async function* readEventStream(response: Response): AsyncGenerator<GraphqlResult, void, void> {
  let rest = "";
  for await (const chunk of textOf(response)) {
    rest += chunk;
    const records = rest.split("\n\n");
    rest = records.pop() ?? "";
    for (const record of records) {
      if (record.startsWith(":")) continue;
      const [, event, data] = /^event: (\w+)\ndata: ?([^\n]*)$/.exec(record) ?? [];
      if (event === "complete") return;
      if (event !== "next" || data === undefined) throw new Error(`not a record: ${record}`);
      yield JSON.parse(data);
    }
  }
  throw new Error(`the stream broke off behind ${JSON.stringify(rest)}`);
}

/** Every result of a subscription in parts, to its end. Signs of life are left out. */
export async function* readParts(response: Response): AsyncGenerator<GraphqlResult, void, void> {
  let rest = "";
  for await (const chunk of textOf(response)) {
    rest += chunk;
    const parts = rest.split("--graphql");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const [, json] = /^\r\ncontent-type: application\/json\r\n\r\n(.*)\r\n$/s.exec(part) ?? [];
      if (json === undefined && part !== "") throw new Error(`not a part: ${JSON.stringify(part)}`);
      const { payload } = JSON.parse(json ?? "{}");
      if (payload !== undefined) yield payload;
    }
    if (rest === "--\r\n") return;
  }
  throw new Error(`the stream broke off behind ${JSON.stringify(rest)}`);
}

/** Opens a subscription over HTTP. */
export function openSubscription(
  url: string,
  accept: string,
  query: string,
  variables: object = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", accept },
    body: JSON.stringify({ query, variables }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** The body as it comes, split nowhere inside a character. */
async function* textOf(response: Response): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) yield decoder.decode(bytes, { stream: true });
}
