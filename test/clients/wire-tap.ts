import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that a client sent and what it was answered, as far as it came. */
export type Exchange = { method: string; path: string; status: number; body: string };

/** A proxy before a server: it changes nothing and remembers everything. */
export type WireTap = {
  url: string;
  /** In the order in which the requests came. */
  exchanges: Exchange[];
  /** Breaks the connection of the next reply after so many records of its event stream. */
  cutNextAfter(records: number): void;
  close(): Promise<void>;
};

const RECORD_END = "\n\n";

/** Listens on a free loopback port for a client whose words with the server are to be known. */
export async function tapWire(target: string): Promise<WireTap> {
  const exchanges: Exchange[] = [];
  let cut: number | undefined;

  const server = createServer((incoming, outgoing) => {
    const exchange: Exchange = { method: incoming.method ?? "", path: incoming.url ?? "", status: 0, body: "" };
    exchanges.push(exchange);
    const cutAfter = cut;
    cut = undefined;
    forward(target, incoming, outgoing, exchange, cutAfter);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    exchanges,
    cutNextAfter(records) {
      cut = records;
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

function forward(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  exchange: Exchange,
  cutAfter: number | undefined,
): void {
  const upstream = request(target + exchange.path, { method: exchange.method, headers: incoming.headers }, (reply) => {
    exchange.status = reply.statusCode ?? 0;
    outgoing.writeHead(exchange.status, reply.headers);
    reply.setEncoding("utf8");
    reply.on("data", (text: string) => {
      if (outgoing.destroyed) return;
      const kept = cutAfter === undefined ? text : firstRecords(text, cutAfter - recordsIn(exchange.body));
      exchange.body += kept;
      outgoing.write(kept, () => {
        if (cutAfter !== undefined && recordsIn(exchange.body) >= cutAfter) outgoing.destroy();
      });
    });
    reply.on("end", () => outgoing.end());
  });
  upstream.on("error", () => outgoing.destroy());
  outgoing.on("close", () => upstream.destroy());
  incoming.pipe(upstream);
}

function recordsIn(text: string): number {
  return text.split(RECORD_END).length - 1;
}

function firstRecords(text: string, count: number): string {
  if (recordsIn(text) <= count) return text;
  return text
    .split(RECORD_END)
    .slice(0, count)
    .map((record) => record + RECORD_END)
    .join("");
}
