import type { ServerResponse } from "node:http";
import type { GraphQLError } from "graphql";
import type { Reader, Seat } from "./live/channel.ts";
import type { Granted } from "./live/subscriptions.ts";
import { createStallWatch } from "./stall-watch.ts";

/** How a subscription's payloads stand in a reply that does not end. */
type Framing = {
  headers: Record<string, string>;
  begin: string;
  payload(text: string): string;
  alive: string;
  end: string;
};

/** GraphQL over server-sent events, one connection for each subscription. */
const eventStream: Framing = {
  headers: { "content-type": "text/event-stream; charset=utf-8" },
  // Some browsers say that a stream is open only when something has come.
  begin: ":\n\n",
  payload: (text) => `event: next\ndata: ${text}\n\n`,
  alive: ":\n\n",
  end: "event: complete\ndata:\n\n",
};

/** Apollo's protocol for subscriptions in parts. */
const multipart: Framing = {
  headers: { "content-type": 'multipart/mixed; boundary="graphql"; subscriptionSpec=1.0' },
  begin: "--graphql",
  payload: (text) => `\r\ncontent-type: application/json\r\n\r\n{"payload":${text}}\r\n--graphql`,
  alive: "\r\ncontent-type: application/json\r\n\r\n{}\r\n--graphql",
  end: "--\r\n",
};

const framings = { "text/event-stream": eventStream, "multipart/mixed": multipart } as const;

export type StreamOptions = {
  outgoing: ServerResponse;
  headers: Record<string, string>;
  form: keyof typeof framings;
  heartbeat: number;
  stallTimeout: number;
  gone: AbortSignal;
  explain(error: unknown): GraphQLError;
};

/** Writes a subscription as a reply that ends with it. A client that takes nothing for too long is cut off. */
export function writeSubscription(granted: Granted, options: StreamOptions): void {
  const { outgoing, gone } = options;
  const framing = framings[options.form];
  begin(options, framing);
  let seat: Seat | undefined;
  const stall = createStallWatch(
    () => outgoing.writableLength,
    options.stallTimeout,
    () => outgoing.destroy(),
  );
  let silent = true;

  const alive = setInterval(() => {
    if (silent && !outgoing.writableNeedDrain) outgoing.write(framing.alive);
    silent = true;
  }, options.heartbeat);

  const drained = () => {
    stall.stop();
    seat?.resume();
  };

  function finish(text: string): void {
    release();
    outgoing.end(text);
  }

  function release(): void {
    clearInterval(alive);
    stall.stop();
    gone.removeEventListener("abort", leave);
    outgoing.off("drain", drained);
  }

  function leave(): void {
    release();
    seat?.leave();
  }

  const reader: Reader = {
    take(payloads) {
      silent = false;
      let text = "";
      for (const payload of payloads) text += framing.payload(payload.text);
      if (outgoing.write(text)) return true;
      stall.begin();
      return false;
    },
    end: () => finish(framing.end),
    fail: (error) => finish(framing.payload(errorText([options.explain(error)])) + framing.end),
  };

  outgoing.on("drain", drained);
  gone.addEventListener("abort", leave, { once: true });
  seat = granted.join(reader);
  // It may have gone while it was let in.
  if (gone.aborted) leave();
}

/** Writes why a subscription was not granted, in the form in which it would have come. */
export function writeStreamErrors(errors: readonly GraphQLError[], options: StreamOptions): void {
  const framing = framings[options.form];
  begin(options, framing);
  options.outgoing.end(framing.payload(errorText(errors)) + framing.end);
}

function begin({ outgoing, headers }: StreamOptions, framing: Framing): void {
  outgoing.writeHead(200, {
    ...framing.headers,
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
    ...headers,
  });
  outgoing.write(framing.begin);
}

function errorText(errors: readonly GraphQLError[]): string {
  return JSON.stringify({ errors });
}
