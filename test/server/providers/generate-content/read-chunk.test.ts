import { describe, expect, it } from "vitest";
import { readChunk } from "../../../../server/providers/generate-content/read-chunk.ts";
import { AnswerReader } from "../../../../server/providers/generate-content/response.ts";
import { failureOf } from "../../../cases/failure-of.ts";
import { startGenerateContent } from "../../../cases/generate-content-provider.ts";
import { callOf } from "../../../cases/provider.ts";
import { streamResponse } from "../../../cases/replay-server.ts";

const read = (chunk: unknown) => readChunk(JSON.stringify(chunk), "gemini");
const partOf = (part: unknown) => ({ candidates: [{ content: { parts: [part] } }] });

describe("a record of an answer", () => {
  it("is as if what is null were not there, except in what is carried as it is", () => {
    const call = { name: "f", args: { x: null }, id: null };
    const chunk = {
      ...partOf({ functionCall: call, text: null, thoughtSignature: null, somethingNew: null }),
      promptFeedback: null,
      usageMetadata: { promptTokenCount: null, totalTokenCount: 3 },
    };
    expect(read(chunk)).toEqual({
      ...partOf({ functionCall: { name: "f", args: { x: null } }, somethingNew: null }),
      usageMetadata: { totalTokenCount: 3 },
    });
  });

  it("keeps the places of sources, and leaves out counts that are none", () => {
    const groundingMetadata = { groundingChunks: [null, { web: { uri: "u" } }], webSearchQueries: [null, "q"] };
    const usageMetadata = { promptTokenCount: "4", thoughtsTokenCount: -1, promptTokensDetails: [null] };
    expect(read({ candidates: [{ groundingMetadata }], usageMetadata })).toEqual({
      candidates: [{ groundingMetadata: { groundingChunks: [{}, { web: { uri: "u" } }], webSearchQueries: ["q"] } }],
      usageMetadata: { promptTokensDetails: [{}] },
    });
  });

  it.each([
    ["text", partOf({ text: 5 })],
    ["signature", partOf({ text: "Hi", thoughtSignature: {} })],
    ["part", partOf("Hi")],
    ["arguments", partOf({ functionCall: { name: "f", args: [] } })],
    ["reason", { candidates: [{ finishReason: 3 }] }],
    ["candidates", { candidates: {} }],
    ["record", "Hi"],
  ])("cannot be read with a %s that is something else", (_, chunk) => {
    expect(() => read(chunk)).toThrow("The upstream 'gemini' sent a record that cannot be read.");
  });

  it("is the upstream's fault where it cannot be read, and repeats nothing of it", async () => {
    for (const record of [JSON.stringify(partOf({ text: ["secret"] })), "secret {"]) {
      const { provider } = await startGenerateContent([{ response: streamResponse(`data: ${record}\n\n`) }]);
      const { error } = await failureOf(provider, callOf("gemini-3.8-flash", "Hi"));
      expect(error).toMatchObject({ code: "upstream_error" });
      expect(`${error.message} ${error.cause}`).not.toContain("secret");
    }
  });

  it("is no end of an answer where it names no reason", () => {
    const reader = new AnswerReader("gemini", []);
    reader.read(read({ candidates: [{ content: { parts: [{ text: "Hi" }] }, finishReason: null }] }));
    expect(() => reader.end()).toThrow("broke off");
  });
});
