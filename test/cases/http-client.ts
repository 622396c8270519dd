import type { JsonObject } from "../../schema/core/json.ts";

// A client as one writes it with `fetch` alone: it knows the wire's framing and nothing of the hub.

/** One record of an event stream; `data` is parsed, or `[DONE]`. */
export type StreamRecord = { event: string; data: JsonObject | "[DONE]" };

export type Stream = {
  response: Response;
  /** Records as they come. */
  records: AsyncGenerator<StreamRecord, void, void>;
  /** Comment lines that came so far. */
  comments: string[];
  /** Closes the connection. */
  cut(): void;
};

/** Headers by which a client chooses its revision. */
export const revisionHeader = {
  legacy: { "api-revision": "2026-05-07" },
  steps: { "api-revision": "2026-05-20" },
} as const;

/** Sends JSON and reads JSON. */
export async function send(
  url: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; body: JsonObject }> {
  const response = await fetch(url, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: JSON.parse(text) };
}

/** Creates an interaction over `/v1beta`. */
export function create(base: string, body: JsonObject, headers: Record<string, string> = {}) {
  return send(`${base}/v1beta/interactions`, "POST", body, headers);
}

/** Opens a stream; the caller reads `records` to its end or cuts it. */
export async function openStream(
  url: string,
  init: { method?: string; body?: JsonObject; headers?: Record<string, string> } = {},
): Promise<Stream> {
  const controller = new AbortController();
  const response = await fetch(url, {
    method: init.method ?? "GET",
    headers: { "content-type": "application/json", ...init.headers },
    signal: controller.signal,
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  });
  const comments: string[] = [];
  return { response, comments, records: readRecords(response, comments), cut: () => controller.abort() };
}

/** Creates an interaction as a stream. */
export function openCreate(base: string, body: JsonObject, headers: Record<string, string> = {}): Promise<Stream> {
  return openStream(`${base}/v1beta/interactions`, { method: "POST", body: { ...body, stream: true }, headers });
}

/** Every record to the end of a stream. */
export async function wholeStream(opened: Promise<Stream> | Stream): Promise<StreamRecord[]> {
  const { response, records } = await opened;
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return Array.fromAsync(records);
}

/** As many records as asked for, then the connection is cut. */
export async function firstRecords(stream: Stream, count: number): Promise<StreamRecord[]> {
  const records: StreamRecord[] = [];
  while (records.length < count) {
    const { value, done } = await stream.records.next();
    if (done === true) break;
    records.push(value);
  }
  stream.cut();
  return records;
}

/** The `event_id` of a record, and an error where it has none. */
export function eventIdOf(record: StreamRecord | undefined): string {
  const id = record === undefined || record.data === "[DONE]" ? undefined : record.data.event_id;
  if (typeof id !== "string") throw new Error(`no event_id in ${JSON.stringify(record)}`);
  return id;
}

async function* readRecords(response: Response, comments: string[]): AsyncGenerator<StreamRecord, void, void> {
  if (response.body === null) return;
  let rest = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    rest += chunk;
    const blocks = rest.split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      if (block.startsWith(":")) comments.push(block);
      else yield readRecord(block);
    }
  }
  if (rest !== "") throw new Error(`a record without its end: ${rest}`);
}

function readRecord(block: string): StreamRecord {
  const [, event, data] = /^event: ([^\n]*)\ndata: ([^\n]*)$/.exec(block) ?? [];
  if (event === undefined || data === undefined) throw new Error(`not a record: ${block}`);
  return { event, data: data === "[DONE]" ? data : JSON.parse(data) };
}
