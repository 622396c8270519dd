import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Recording } from "./recording.ts";

// The least that any server in Node must do: read the request, answer what the hub once answered, in the same chunks.
// The argument is a file with recordings by name; the path of a request is the name, `interval` a pause between chunks.

const recordings: Record<string, Recording> = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [name = "", interval] = (request.url ?? "").slice(1).split("?interval=");
  const recording = recordings[name];
  const body: Buffer[] = [];
  for await (const chunk of request) body.push(chunk);
  if (request.method === "POST") JSON.parse(Buffer.concat(body).toString());
  if (recording === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, recording.headers);
  for (const chunk of recording.chunks) {
    if (interval !== undefined) await wait(Number(interval));
    if (!response.write(chunk, "latin1")) await once(response, "drain");
  }
  response.end();
}

server.listen(0, "127.0.0.1", () => {
  console.log(`listens on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
