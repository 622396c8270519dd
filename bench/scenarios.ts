import type { BenchRequest } from "./http-client.ts";

const path = "/v1beta/interactions";

/** Name of the upstream that the hub relays from. */
export const UPSTREAM = "bench";
const post = (body: object): BenchRequest => ({ method: "POST", path, body: JSON.stringify(body) });

/** An application's smallest create, and what it costs is nearly all overhead. */
export const plainCreate = post({ model: "gemini-2.5-flash", input: "Hello" });

/** The same as a stream. */
export const plainStream = post({ model: "gemini-2.5-flash", input: "Hello", stream: true });

/** Events around the words of an answer: the beginning, the thought, the shell, the end. */
const FRAME = 7;

const prose = (events: number) => `Write ${events - FRAME} words about rivers.`;

/** A stream of so many stored events. Without a pause it comes as fast as the hub can take it. */
export function streamOf(events: number, pauseMs = 0): BenchRequest {
  return post({ model: `simulator-slow-${pauseMs}`, input: prose(events), stream: true });
}

/** A run of so many stored events that nobody need read. */
export function backgroundOf(events: number, pauseMs: number): BenchRequest {
  return post({ model: `simulator-slow-${pauseMs}`, input: prose(events), background: true });
}

/** The same question, put to the hub or in the upstream's own words. The upstream takes the limit for a wish. */
export type RelayQuestion = { toHub: BenchRequest; toUpstream: BenchRequest };

/** An answer of so many words, each an event. A `pauseMs` comes between two of them. */
export function relayOf(words: number, { stream, pauseMs }: { stream: boolean; pauseMs?: number }): RelayQuestion {
  const model = pauseMs === undefined ? "m" : `paced-${pauseMs}`;
  const chat = {
    model,
    messages: [{ role: "user", content: "Hello" }],
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: words,
  };
  return {
    toHub: post({
      model: `${UPSTREAM}/${model}`,
      input: "Hello",
      generation_config: { max_output_tokens: words },
      ...(stream ? { stream } : {}),
    }),
    toUpstream: { method: "POST", path: "/v1/chat/completions", body: JSON.stringify(chat) },
  };
}

/** Everything that is stored of an interaction, then what comes, as a stream. */
export function replayOf(id: string): BenchRequest {
  return { method: "GET", path: `${path}/${id}?stream=true` };
}

/** What the bare server answers with the recording of that name, perhaps with a pause between chunks. */
export function bareRequest(name: string, like: BenchRequest, pauseMs?: number): BenchRequest {
  return { ...like, path: `/${name}${pauseMs === undefined ? "" : `?interval=${pauseMs}`}` };
}

/** The id of the interaction in an answer, whether JSON or a stream. */
export function idIn(answer: string): string {
  const id = /"id":"(v1_[\w-]+)"/.exec(answer)?.[1];
  if (id === undefined) throw new Error(`There is no id in the answer: ${answer.slice(0, 200)}`);
  return id;
}
