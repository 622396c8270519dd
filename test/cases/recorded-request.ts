/** What a test server was asked. */
export type RecordedRequest = {
  method: string;
  path: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string;
  /** The body as JSON; `undefined` where it is none. */
  json: unknown;
  /** Resolves when the connection that the request came on is closed, by whomever. */
  closed: Promise<void>;
  /** Whether the client closed it. */
  leftByClient(): boolean;
};

/** What a request says, without its connection. */
export type RequestText = Omit<RecordedRequest, "closed" | "leftByClient">;

const HEAD_END = "\r\n\r\n";

/** Takes one whole request from the beginning of some bytes; `undefined` as long as it is not all there. */
export function takeRequest(bytes: Buffer): { request: RequestText; rest: Buffer } | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd === -1) return undefined;
  const [first = "", ...lines] = bytes.toString("latin1", 0, headEnd).split("\r\n");
  const [method = "", path = ""] = first.split(" ");
  const headers = Object.fromEntries(lines.map(headerOf));
  if (headers["transfer-encoding"] !== undefined) throw new Error("the replay server reads no chunked requests");
  const start = headEnd + HEAD_END.length;
  const end = start + Number(headers["content-length"] ?? 0);
  if (bytes.length < end) return undefined;
  const body = bytes.toString("utf8", start, end);
  return { request: { method, path, headers, body, json: jsonOf(body) }, rest: bytes.subarray(end) };
}

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
