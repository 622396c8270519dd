import { randomUUID } from "node:crypto";
import { WebSocket } from "ws";
import type { SubscriberCounts } from "./audience.ts";

// Many clients that watch the same thing, each over a socket of its own, by the protocol `graphql-transport-ws`. They read
// every message, as any client does. The arguments are the server's address and how many they are. A message from the bench is
// what they subscribe to, or a question for the counts, which begin anew with each subscription.

type Message = { type: "connection_ack" | "next" | "error" | "complete" | "ping" };

const [, , url = "", size = "0"] = process.argv;
const counts: SubscriberCounts = { ready: 0, begun: 0, delivered: 0, ended: 0, closed: 0 };

const subscribers = Array.from({ length: Number(size) }, () => {
  const subscriber = {
    socket: new WebSocket(url, "graphql-transport-ws", { perMessageDeflate: false }),
    isWaiting: true,
  };
  const { socket } = subscriber;
  socket.on("open", () => socket.send('{"type":"connection_init"}'));
  socket.on("close", () => {
    counts.closed += 1;
  });
  socket.on("message", (data) => {
    const { type }: Message = JSON.parse(String(data));
    if (type === "next") {
      counts.delivered += 1;
      if (subscriber.isWaiting) counts.begun += 1;
      subscriber.isWaiting = false;
    } else if (type === "complete") counts.ended += 1;
    else if (type === "connection_ack") counts.ready += 1;
    else if (type !== "ping") throw new Error(`A subscriber got ${data}.`);
  });
  return subscriber;
});

function subscribe(payload: object): void {
  Object.assign(counts, { begun: 0, delivered: 0, ended: 0 });
  for (const subscriber of subscribers) {
    subscriber.isWaiting = true;
    subscriber.socket.send(JSON.stringify({ id: randomUUID(), type: "subscribe", payload }));
  }
}

process.on("message", (message: { subscribe?: object }) => {
  if (message.subscribe !== undefined) subscribe(message.subscribe);
  process.send?.(counts);
});
process.on("disconnect", () => process.exit());
