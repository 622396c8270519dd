import type { JsonObject } from "../../schema/core/json.ts";
import { chunk, ending } from "../cases/chat-chunks.ts";
import { completed, created, streamOf as geminiStream, stepped } from "../cases/gemini-provider.ts";
import type { RecordedRequest } from "../cases/recorded-request.ts";
import {
  jsonResponse,
  type ReplayServer,
  type ReplyScript,
  startReplayServer,
  streamResponse,
} from "../cases/replay-server.ts";
import { answerEvents, type ComposedItem, streamOf as responsesStream } from "../cases/responses-events.ts";

/** What every vendor says if nothing goes wrong. */
export const wholeText = "one two three four five six seven eight nine ten";
const pieces = wholeText.match(/.{1,7}/g) ?? [];
/** One of them, with which it is not whole yet. */
const lastPiece = "ve six ";

/** A kind of upstream with the stream of an answer, of which faults take something away. */
export type FaultyVendor = {
  kind: string;
  model: string;
  entry: JsonObject;
  stream: string;
  /** A place in the stream at which a part of the text has been said, and not all of it. */
  part: number;
};

/** The hub's key for every one of them. */
export const key = "the-key-of-the-hub-42";

const vendors: readonly Omit<FaultyVendor, "part">[] = [
  {
    kind: "openai-chat",
    model: "vendor/m",
    entry: { kind: "openai-chat" },
    stream: recordsOf([...pieces.map((content) => chunk({ content })), ending("stop")]).concat("data: [DONE]\n\n"),
  },
  {
    kind: "openai-responses",
    model: "vendor/m",
    entry: { kind: "openai-responses" },
    stream: responsesStream(answerEvents({ output: [message(wholeText)] })),
  },
  {
    kind: "gemini",
    model: "vendor/gemini-3.8-flash",
    entry: { kind: "gemini" },
    stream: geminiStream([
      created,
      ...stepped({ type: "model_output" }, ...pieces.map((text) => ({ type: "text", text }))),
      completed,
    ]),
  },
  {
    kind: "gemini by generateContent",
    model: "vendor/gemini-3.8-flash",
    entry: { kind: "gemini", protocol: "generate-content" },
    stream: recordsOf([
      ...pieces.map((text) => ({ candidates: [{ content: { parts: [{ text }] } }] })),
      { candidates: [{ content: { parts: [{ text: "" }] }, finishReason: "STOP" }] },
    ]),
  },
];

/** Every kind of upstream; Gemini by both of its protocols. */
export const faultyVendors = vendors.map(
  (vendor): FaultyVendor => ({ ...vendor, part: vendor.stream.indexOf(lastPiece) }),
);

function recordsOf(chunks: readonly JsonObject[]): string {
  return chunks.map((each) => `data: ${JSON.stringify(each)}\n\n`).join("");
}

function message(text: string): ComposedItem {
  const content = [{ type: "output_text", text, annotations: [] }];
  return { type: "message", id: "msg_1", role: "assistant", status: "completed", content };
}

export type RunningFaultyVendor = Pick<ReplayServer, "requests" | "close"> & {
  vendor: FaultyVendor;
  entry: JsonObject;
  /** What happens to the next requests for an answer. */
  next: ReplyScript;
  /** Whether the hub has closed the connection of the latest request for an answer. */
  isLeft(): boolean;
  asked(): number;
};

/** Starts a server that answers as it is told to, and keeps nothing. */
export async function startFaultyVendor(vendor: FaultyVendor): Promise<RunningFaultyVendor> {
  const isQuestion = ({ method, path }: RecordedRequest): boolean => method === "POST" && !path.endsWith("/cancel");
  const server = await startReplayServer((request) =>
    isQuestion(request) ? running.next : refusal(404, "Nothing of that is kept here."),
  );
  const posts = () => server.requests.filter(isQuestion);
  const running: RunningFaultyVendor = {
    requests: server.requests,
    close: server.close,
    vendor,
    entry: { name: "vendor", base_url: server.url, key, ...vendor.entry },
    next: whole(vendor),
    isLeft: () => posts().at(-1)?.leftByClient() === true,
    asked: () => posts().length,
  };
  return running;
}

/** An answer in which nothing goes wrong. */
export function whole({ stream }: FaultyVendor): ReplyScript {
  return { response: streamResponse(stream) };
}

/** An answer that breaks off after a part of it, in the middle of a record. */
export function cut({ stream, part }: FaultyVendor): ReplyScript {
  return { response: streamResponse(stream), split: "records", cutAfter: part };
}

/** An answer that falls silent after a part of it. */
export function silent({ stream, part }: FaultyVendor): ReplyScript {
  const said = stream.slice(0, stream.lastIndexOf("\n\n", part) + 2);
  return { response: streamResponse(said), split: "records", hang: "at the end" };
}

/** An answer that takes its time. */
export function slow({ stream }: FaultyVendor): ReplyScript {
  return { response: streamResponse(stream), split: "records", delayBetweenPieces: 60 };
}

/** A refusal; the sentence is what vendors like to say. */
export function refusal(status: number, message: string, headers: Record<string, string> = {}): ReplyScript {
  return { response: jsonResponse(status, { error: { code: status, message } }, headers) };
}
