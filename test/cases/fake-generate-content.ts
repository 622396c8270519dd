import type { JsonObject } from "../../schema/core/json.ts";
import type { WireChunk, WireContent, WirePart } from "../../server/providers/generate-content/wire.ts";
import { jsonBySchema } from "./json-by-schema.ts";
import type { RecordedRequest } from "./recorded-request.ts";
import { jsonResponse, type ReplayServer, startReplayServer, streamResponse } from "./replay-server.ts";

type Asked = {
  contents: WireContent[];
  tools?: { functionDeclarations?: { name: string }[] }[];
  generationConfig?: { responseJsonSchema?: JsonObject };
};

export type FakeGenerateContent = ReplayServer & {
  /** Milliseconds between two chunks of the answers from now on. */
  pace: number;
};

/**
 * A Gemini that remembers which signatures it gave, and refuses what the real one refuses from generation 3 on: a call
 * without a signature or with one that is not its own, and a call whose answer does not come right after it. It calls every
 * function that it is offered, all at once and with signatures where the real one puts them, and then says what came of it.
 */
export async function startFakeGenerateContent(): Promise<FakeGenerateContent> {
  const issued = new Set<string>(["skip_thought_signature_validator"]);
  let count = 0;

  function sign(): string {
    count += 1;
    const signature = Buffer.from(`signature ${count}`).toString("base64");
    issued.add(signature);
    return signature;
  }

  function answer({ contents, tools = [], generationConfig: config = {} }: Asked): WireChunk[] {
    const results = (contents.at(-1)?.parts ?? []).flatMap(({ functionResponse }) => functionResponse ?? []);
    const functions = tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations);
    const parts: WirePart[] =
      results.length > 0 || functions.length === 0
        ? [...inPieces(saidOf(contents, results, config.responseJsonSchema)), { text: "", thoughtSignature: sign() }]
        : functions.map(({ name }, index) => ({
            functionCall: { id: `${name}-${count}`, name, args: { about: name } },
            ...(index === 0 ? { thoughtSignature: sign() } : {}),
          }));
    return [
      ...parts.map((part) => ({ candidates: [{ content: { parts: [part] } }] })),
      { candidates: [{ content: { parts: [{ text: "" }] }, finishReason: "STOP" }] },
    ];
  }

  const server = await startReplayServer(({ json }: RecordedRequest) => {
    const asked = json as Asked;
    const complaint = complaintAbout(asked.contents, issued);
    if (complaint !== undefined)
      return { response: jsonResponse(400, { error: { code: 400, message: complaint, status: "INVALID_ARGUMENT" } }) };
    const records = answer(asked).map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`);
    return { response: streamResponse(records.join("")), split: "records", delayBetweenPieces: fake.pace };
  });
  const fake: FakeGenerateContent = { ...server, pace: 0 };
  return fake;
}

function inPieces(text: string): WirePart[] {
  return [...text.matchAll(/[\s\S]{1,9}/gu)].map(([piece]) => ({ text: piece }));
}

function saidOf(
  contents: readonly WireContent[],
  results: readonly { name: string; response: object }[],
  schema: JsonObject | undefined,
): string {
  if (results.length > 0) return results.map(({ name, response }) => `${name}: ${JSON.stringify(response)}`).join("\n");
  if (schema !== undefined) return jsonBySchema(schema);
  return `I have heard ${contents.filter(({ role }) => role === "user").length} times from you.`;
}

function complaintAbout(contents: readonly WireContent[], issued: ReadonlySet<string>): string | undefined {
  for (const [index, { role, parts }] of contents.entries()) {
    if (role === contents[index - 1]?.role) return "Please ensure that the roles alternate.";
    for (const { thoughtSignature } of parts)
      if (thoughtSignature !== undefined && !issued.has(thoughtSignature)) return "Thought signature is not valid";
    const calls = parts.filter((part) => part.functionCall !== undefined);
    if (calls.length > 0 && calls[0]?.thoughtSignature === undefined)
      return "Function call is missing a thought_signature in functionCall parts.";
    const answers = (contents[index + 1]?.parts ?? []).filter((part) => part.functionResponse !== undefined);
    if (calls.length !== answers.length && calls.length > 0)
      return "Please ensure that the number of function response parts is equal to the number of function call parts.";
  }
  return undefined;
}
