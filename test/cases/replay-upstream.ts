import { readFileSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { createUpstreamFetch } from "../../server/outbound/upstream-fetch.ts";
import type { RecordedRequest } from "./recorded-request.ts";
import { type ReplayServer, type ReplyScript, startReplayServer } from "./replay-server.ts";

/** A recorded reply of llama.cpp: an event stream in chunks. */
export const recordedReply = readFileSync(
  new URL("../fixtures/openai-compatible/chat-text-stream.response.txt", import.meta.url),
);
export const recordedReplyBody = recordedReply.subarray(recordedReply.indexOf("\r\n\r\n") + 4).toString("utf8");

/** A replay server and the fetch for upstreams, until the test is over. */
export async function replayUpstream(
  replies: readonly ReplyScript[] | ((request: RecordedRequest, index: number) => ReplyScript),
): Promise<ReplayServer & { fetch: typeof globalThis.fetch }> {
  const server = await startReplayServer(replies);
  const { fetch, close } = createUpstreamFetch({ connectTimeout: 2_000 });
  onTestFinished(async () => {
    await close();
    await server.close();
  });
  return { ...server, fetch };
}

/** The body of an answer that must have one. */
export function bodyOf({ body }: Response): ReadableStream<Uint8Array> {
  if (body === null) throw new Error("an answer without a body");
  return body;
}

/** An answer, read whole, and a turn for the connection to become free again. */
export async function textOf(answer: Promise<Response>): Promise<string> {
  const text = await (await answer).text();
  await nextTurn();
  return text;
}
