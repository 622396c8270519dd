import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { chatAnswer } from "./chat-answer.ts";

// An OpenAI-compatible server with answers that cost it next to nothing. The request says how many words it wants by its
// limit of tokens; a model of the name `paced-5` sends the first word at once and every other one 5 ms after the last.

type ChatRequest = { model: string; max_tokens?: number; max_completion_tokens?: number };

/** Bytes that an answer without pauses hands to its socket at once. */
const PIECE = 16_384;
/** Records before the first pause: the role, and the first word. */
const BEGINNING = 2;

const answers = new Map<number, { records: string[]; pieces: Buffer[] }>();
const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body: Buffer[] = [];
  for await (const chunk of request) body.push(chunk);
  if (request.url === "/v1/models") {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(
      JSON.stringify({ object: "list", data: [{ id: "m", object: "model", created: 0, owned_by: "bench" }] }),
    );
    return;
  }
  if (request.url !== "/v1/chat/completions") {
    response.writeHead(404).end();
    return;
  }
  const { model, max_tokens, max_completion_tokens }: ChatRequest = JSON.parse(Buffer.concat(body).toString());
  const { records, pieces } = answerOf(max_completion_tokens ?? max_tokens ?? 1);
  const [, pause] = model.split("paced-");
  response.writeHead(200, { "content-type": "text/event-stream" });
  if (pause !== undefined) await writePaced(response, records, Number(pause));
  else for (const piece of pieces) if (!response.write(piece)) await once(response, "drain");
  response.end();
}

async function writePaced(response: ServerResponse, records: readonly string[], pause: number): Promise<void> {
  response.write(records.slice(0, BEGINNING).join(""));
  for (const record of records.slice(BEGINNING)) {
    await wait(pause);
    response.write(record);
  }
}

function answerOf(words: number) {
  const known = answers.get(words);
  if (known !== undefined) return known;
  const records = chatAnswer(words);
  const bytes = Buffer.from(records.join(""));
  const count = Math.ceil(bytes.length / PIECE);
  const pieces = Array.from({ length: count }, (_, place) => bytes.subarray(place * PIECE, (place + 1) * PIECE));
  const made = { records, pieces };
  answers.set(words, made);
  return made;
}

server.listen(0, "127.0.0.1", () => {
  console.log(`listens on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
