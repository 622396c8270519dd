import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { setImmediate as nextTurn, setTimeout as wait } from "node:timers/promises";
import { type RecordedRequest, takeRequest } from "./recorded-request.ts";

/** What the server does with one request. Times are milliseconds, positions count bytes of the body. */
export type ReplyScript = {
  /**
   * A whole response as recorded: status line, headers, blank line, body. Where the headers say `chunked`, the body stands
   * here without that framing (as `curl -i` writes it) and is framed when it is sent.
   */
  response?: string | Uint8Array;
  /** Where the body is cut into pieces, each a chunk and a packet of its own; or one piece for each record of a stream. */
  split?: readonly number[] | "records";
  /** Breaks off after so much of the body. */
  cutAfter?: number;
  /** Sends the lines of the body with \r\n. */
  crlf?: boolean;
  delayBeforeHead?: number;
  delayBetweenPieces?: number;
  /** Never answers: at all, or after the last piece. */
  hang?: "at once" | "at the end";
};

export type ReplayServer = {
  url: string;
  requests: RecordedRequest[];
  openConnections(): number;
  close(): Promise<void>;
};

/**
 * A server on loopback that answers as scripted, byte for byte: the first request with the first script and so on, or as a
 * function says. It keeps connections alive unless the response says `connection: close`.
 */
export async function startReplayServer(
  replies: readonly ReplyScript[] | ((request: RecordedRequest, index: number) => ReplyScript),
): Promise<ReplayServer> {
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  const replyTo = (request: RecordedRequest): ReplyScript => {
    const index = requests.length - 1;
    const script = typeof replies === "function" ? replies(request, index) : replies[index];
    return script ?? { response: rawResponse(500, { "content-type": "text/plain" }, `no reply to request ${index}`) };
  };

  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    converse(socket, (request) => {
      requests.push(request);
      return replyTo(request);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server listens on no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    openConnections: () => sockets.size,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A response as `ReplyScript` takes it. */
export function rawResponse(status: number, headers: Readonly<Record<string, string>>, body = ""): string {
  const chunked = headers["transfer-encoding"] === "chunked";
  const length = chunked ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const lines = Object.entries({ ...length, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Replayed\r\n${lines.join("")}\r\n${body}`;
}

/** A JSON response as `ReplyScript` takes it. */
export function jsonResponse(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): string {
  return rawResponse(status, { "content-type": "application/json", ...headers }, JSON.stringify(value));
}

/** An event stream as `ReplyScript` takes it. */
export function streamResponse(body: string): string {
  return rawResponse(200, { "content-type": "text/event-stream", "transfer-encoding": "chunked" }, body);
}

/** Answers the requests of one connection, one after the other. */
function converse(socket: Socket, replyTo: (request: RecordedRequest) => ReplyScript): void {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  let cutHere = false;
  let left = false;
  let unread: Buffer = Buffer.alloc(0);
  let answering: Promise<void> = Promise.resolve();
  const cut = (): void => {
    cutHere = true;
    socket.destroySoon();
  };
  socket.on("error", () => {});
  socket.on("close", () => {
    left = !cutHere;
    resolve();
  });
  socket.on("data", (bytes: Buffer) => {
    unread = Buffer.concat([unread, bytes]);
    for (let taken = takeRequest(unread); taken !== undefined; taken = takeRequest(unread)) {
      unread = taken.rest;
      const script = replyTo({ ...taken.request, closed, leftByClient: () => left });
      answering = answering.then(() => answer(socket, script, cut));
    }
  });
}

async function answer(socket: Socket, script: ReplyScript, cut: () => void): Promise<void> {
  if (script.delayBeforeHead !== undefined) await wait(script.delayBeforeHead);
  if (script.hang === "at once" || script.response === undefined) return;
  const { head, body } = partsOf(script.response);
  const chunked = /^transfer-encoding:\s*chunked/im.test(head);
  const whole = script.crlf === true ? Buffer.from(body.toString("latin1").replaceAll("\n", "\r\n"), "latin1") : body;
  const sent = whole.subarray(0, script.cutAfter ?? whole.length);
  await write(socket, head);
  for (const piece of piecesOf(sent, script.split ?? [])) {
    await (script.delayBetweenPieces === undefined ? nextTurn() : wait(script.delayBetweenPieces));
    await write(socket, chunked ? framed(piece) : piece);
  }
  if (script.cutAfter !== undefined) return cut();
  if (script.hang !== undefined) return;
  if (chunked) await write(socket, "0\r\n\r\n");
  if (/^connection:\s*close/im.test(head)) cut();
}

function partsOf(response: string | Uint8Array): { head: string; body: Buffer } {
  const bytes = Buffer.from(response);
  const bodyStart = bytes.indexOf("\r\n\r\n") + 4;
  return { head: bytes.toString("latin1", 0, bodyStart), body: bytes.subarray(bodyStart) };
}

function piecesOf(body: Buffer, split: readonly number[] | "records"): Buffer[] {
  const cuts = split === "records" ? recordEnds(body) : split.filter((cut) => cut > 0 && cut < body.length);
  const ends = [...cuts, body.length];
  return ends.map((end, index) => body.subarray(ends[index - 1] ?? 0, end)).filter((piece) => piece.length > 0);
}

function recordEnds(body: Buffer): number[] {
  return [...body.toString("latin1").matchAll(/\n\r?\n/g)].map((match) => match.index + match[0].length);
}

function framed(piece: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n")]);
}

/** Resolves when the system has it, or nobody is there to take it. */
function write(socket: Socket, bytes: string | Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    else socket.write(bytes, "latin1", () => resolve());
  });
}
