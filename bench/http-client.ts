import { Agent, type IncomingHttpHeaders, request as sendRequest } from "node:http";

/** A request as the bench sends it; `path` begins with a slash. */
export type BenchRequest = { method: "GET" | "POST"; path: string; body?: string };

/** Sends requests to one server over connections that stay open. */
export type Client = {
  /** Resolves with the reply's headers once its last byte is there; rejects unless it is a 200. */
  send(request: BenchRequest, take: (chunk: Buffer) => void): Promise<IncomingHttpHeaders>;
  close(): void;
};

export function createClient(url: string, connections: number): Client {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    send: ({ method, path, body }, take) =>
      new Promise((resolve, reject) => {
        const headers =
          body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
        const outgoing = sendRequest({ agent, hostname, port, method, path, headers }, (reply) => {
          reply.on("data", take);
          reply.once("error", reject);
          reply.once("end", () => {
            if (reply.statusCode === 200) resolve(reply.headers);
            else reject(new Error(`${method} ${path} was answered with ${reply.statusCode}.`));
          });
        });
        outgoing.once("error", reject);
        outgoing.end(body);
      }),
    close: () => agent.destroy(),
  };
}

/** The text of one reply. */
export async function readText(client: Client, request: BenchRequest): Promise<string> {
  const chunks: Buffer[] = [];
  await client.send(request, (chunk) => chunks.push(chunk));
  return Buffer.concat(chunks).toString();
}

/** Runs a task so many times, so many at once. */
export async function repeat(count: number, atOnce: number, task: () => Promise<unknown>): Promise<void> {
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await task();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
