import { describe, expect, it } from "vitest";
import type { Step } from "../../../../schema/core/step.ts";
import type { WirePart } from "../../../../server/providers/generate-content/wire.ts";
import { saying } from "../../../cases/provider.ts";
import { composedChunks, readAnswer } from "../../../cases/read-answer.ts";
import {
  answerStep,
  calledPart,
  callStep,
  modelParts,
  resultStep,
  signatureOf,
  toldContents,
} from "../../../cases/told-contents.ts";

describe("what this upstream made itself", () => {
  /** What the upstream said in a composed answer, and how the next turn gives it back. */
  function givenBack(name: string): { parts: WirePart[]; said: WirePart[] } {
    const chunks = composedChunks(name);
    const { output } = readAnswer(chunks);
    const answers = output.flatMap((step) => (step.type === "tool_call" ? [resultStep(step.call_id)] : []));
    const history = [saying("Go"), ...output];
    const { contents, degradations } = toldContents({
      history,
      history_by: history.map(() => "gemini"),
      input: output.some((step) => step.type === "tool_call" && step.tool === "function") ? answers : [saying("More")],
    });
    expect(degradations).toEqual([]);
    const said = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []);
    return { parts: contents[1]?.parts ?? [], said };
  }

  /** The parts of a stream as one content: its text is in pieces, and an empty piece without a signature says nothing. */
  function joined(parts: readonly WirePart[]): WirePart[] {
    const whole: WirePart[] = [];
    for (const part of parts) {
      if (part.text === "" && part.thoughtSignature === undefined) continue;
      const last = whole.at(-1);
      const isPlain = part.thought === undefined && part.thoughtSignature === undefined;
      if (last?.text && last.thought === undefined && part.text && isPlain) last.text += part.text;
      else whole.push({ ...part });
    }
    return whole;
  }

  it.each(["text", "thoughts", "function-call", "code-execution", "google-search-parts", "file-search-parts", "image"])(
    "goes back part by part, each signature on the part that it came on: %s",
    (name) => {
      const { parts, said } = givenBack(name);
      // A call without arguments has them written out.
      const plain = joined(said).map((part) =>
        part.toolCall === undefined ? part : { ...part, toolCall: { args: {}, ...part.toolCall } },
      );
      expect(parts).toEqual(plain);
    },
  );

  it.each(["google-search-metadata", "url-context", "file-search-metadata"])(
    "is not told twice where only its metadata told of a tool: %s",
    (name) => {
      const { parts, said } = givenBack(name);
      expect(parts).toEqual(joined(said));
    },
  );

  it("gets the signature of a thought back on the call after it, where it was Google's Interactions API that told it", () => {
    const thought: Step = {
      type: "thought",
      summary: [{ type: "text", text: "Look it up." }],
      signature: signatureOf("c2ln", "gemini"),
    };
    const { contents } = toldContents({
      history: [saying("Go"), thought, callStep("a"), callStep("b")],
      input: [resultStep("a"), resultStep("b")],
    });
    expect(contents[1]).toEqual(
      modelParts(
        { text: "Look it up.", thought: true },
        { functionCall: calledPart("a"), thoughtSignature: "c2ln" },
        { functionCall: calledPart("b") },
      ),
    );
  });

  it("keeps the signature of a thought on the thought where no call follows", () => {
    const thought: Step = {
      type: "thought",
      summary: [{ type: "text", text: "Hm." }],
      signature: signatureOf("c2ln", "gemini"),
    };
    expect(toldContents({ history: [saying("Go"), thought, answerStep("Yes")] }).contents[1]).toEqual(
      modelParts({ text: "Hm.", thought: true, thoughtSignature: "c2ln" }, { text: "Yes" }),
    );
  });

  it("is text for a model that speaks of no tools", () => {
    const { contents, degradations } = toldContents({
      model: "gemini-2.5-flash",
      history: [
        saying("Go"),
        {
          type: "tool_call",
          tool: "url_context",
          call_id: "u",
          arguments: { urls: ["https://a.example"] },
          signature: signatureOf("c2ln", "gemini"),
        },
      ],
    });
    expect(contents[1]).toEqual(modelParts({ text: expect.stringContaining("https://a.example") }));
    expect(degradations).toEqual([
      { field: "history[1]", message: expect.stringContaining("'url_context' of another model as text") },
    ]);
  });

  it("has the pages that it read under the names that it gave them", () => {
    const page = { tool: "url_context", call_id: "u" } as const;
    const own = { signature: signatureOf("c2ln", "gemini") };
    const { contents } = toldContents({
      history: [
        saying("Go"),
        { ...page, ...own, type: "tool_call", arguments: { urls: ["https://a.example"] } },
        {
          ...page,
          ...own,
          type: "tool_result",
          result: { type: "json", json: [{ url: "https://a.example", status: "success" }] },
        },
      ],
    });
    expect(contents[1]?.parts.map((part) => part.toolCall ?? part.toolResponse)).toEqual([
      { toolType: "URL_CONTEXT", id: "u", args: { urls: ["https://a.example"] } },
      {
        toolType: "URL_CONTEXT",
        id: "u",
        response: {
          urls_metadata: [{ retrieved_url: "https://a.example", url_retrieval_status: "URL_RETRIEVAL_STATUS_SUCCESS" }],
        },
      },
    ]);
  });
});
