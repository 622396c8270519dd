import { randomUUID } from "node:crypto";
import { WebSocket } from "ws";
import type { SubscriberCounts } from "./audience.ts";

// Many clients that watch the same thing, each over a socket of its own, by the protocol `graphql-transport-ws`. The arguments
// are the server's address and how many they are. A message from the bench is what they subscribe to, or a question for the
// counts; they begin anew with each subscription.

const [, , url = "", count = "0"] = process.argv;
const counts: SubscriberCounts = { ready: 0, begun: 0, delivered: 0, ended: 0, closed: 0 };

const sockets = Array.from({ length: Number(count) }, () => {
  const socket = new WebSocket(url, "graphql-transport-ws", { perMessageDeflate: false });
  socket.on("open", () => socket.send('{"type":"connection_init"}'));
  socket.on("close", () => {
    counts.closed += 1;
  });
  return socket;
});

for (const socket of sockets) {
  socket.on("message", (data: Buffer) => {
    if (data.includes('"type":"next"')) counts.delivered += 1;
    else if (data.includes('"type":"complete"')) counts.ended += 1;
    else if (data.includes('"connection_ack"')) counts.ready += 1;
    else if (!data.includes('"type":"ping"')) throw new Error(`A subscriber got ${data}.`);
  });
}

function subscribe(payload: object): void {
  Object.assign(counts, { begun: 0, delivered: 0, ended: 0 });
  for (const socket of sockets) {
    socket.send(JSON.stringify({ id: randomUUID(), type: "subscribe", payload }));
    const seen = (data: Buffer) => {
      if (!data.includes('"type":"next"')) return;
      counts.begun += 1;
      socket.off("message", seen);
    };
    socket.on("message", seen);
  }
}

process.on("message", (message: { subscribe?: object }) => {
  if (message.subscribe !== undefined) subscribe(message.subscribe);
  process.send?.(counts);
});
process.on("disconnect", () => process.exit());
