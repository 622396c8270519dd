/** The word with which every answer begins, so that whoever waits for the first one knows it. */
export const FIRST_WORD = "Rivers";

const words = [
  ..." carry the snow of far mountains to the sea and on their way they turn mills water".split(/(?= )/),
  ..." fields bear boats and give whoever lives beside them fish silt floods names and stories.".split(/(?= )/),
];

/** What every record of a stream says again, in the shape and length that llama.cpp's server gives it. */
const frame = {
  created: 1795176275,
  id: "chatcmpl-yBbtgitEZHsi4721tN0b5PYrzCFKqhLa",
  model: "m",
  system_fingerprint: "b1-de3ff81",
  object: "chat.completion.chunk",
};

/** The records of a streamed chat completion of so many words, each with its blank line. */
export function chatAnswer(length: number): string[] {
  const usage = { completion_tokens: length, prompt_tokens: 12, total_tokens: length + 12 };
  return [
    choiceRecord({ role: "assistant", content: null }, null),
    ...Array.from({ length }, (_, place) => choiceRecord({ content: wordAt(place) }, null)),
    choiceRecord({}, "stop"),
    record({ choices: [], ...frame, usage: { ...usage, prompt_tokens_details: { cached_tokens: 0 } } }),
    "data: [DONE]\n\n",
  ];
}

/** What these words are together. */
export function chatText(length: number): string {
  return Array.from({ length }, (_, place) => wordAt(place)).join("");
}

function wordAt(place: number): string {
  return place === 0 ? FIRST_WORD : (words[(place - 1) % words.length] ?? "");
}

function choiceRecord(delta: object, finish_reason: "stop" | null): string {
  return record({ choices: [{ finish_reason, index: 0, delta }], ...frame });
}

function record(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
