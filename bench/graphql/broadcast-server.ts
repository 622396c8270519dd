import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { type WebSocket, WebSocketServer } from "ws";

// The least that any server in Node must do for many sockets: it writes the same bytes to each of them, at the same pace. The
// arguments are a file with messages, the last of which ends the subscription, and the pause between two in milliseconds. A POST
// begins.

const file = process.argv[2] ?? "";
const pause = Number(process.argv[3]);
const messages: Buffer[] = JSON.parse(readFileSync(file, "utf8")).map((text: string) => Buffer.from(text));
const watching = new Set<WebSocket>();

const server = createServer((_request, response) => {
  response.end();
  void broadcast();
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on("connection", (socket) => {
  socket.on("message", (data) => {
    if (String(data).includes('"connection_init"')) socket.send('{"type":"connection_ack"}');
    else watching.add(socket);
  });
});

async function broadcast(): Promise<void> {
  const audience = [...watching];
  watching.clear();
  for (const message of messages) {
    for (const socket of audience) socket.send(message, { binary: false });
    await wait(pause);
  }
}

server.listen(0, "127.0.0.1", () => {
  console.log(`listens on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
