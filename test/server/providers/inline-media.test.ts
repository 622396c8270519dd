import { describe, expect, it } from "vitest";
import type { Content } from "../../../schema/core/content.ts";
import { HubError } from "../../../schema/core/error.ts";
import type { Step } from "../../../schema/core/step.ts";
import type { ModelCall } from "../../../schema/provider.ts";
import { withMediaInline } from "../../../server/providers/inline-media.ts";

const PICTURE = "https://media.example/1.png";
const at = (uri: string, more: object = {}): Content => ({ type: "image", uri, ...more });
const showing = (...content: Content[]): Step => ({ type: "user_input", content });
const call = (history: Step[], input: Step[]): ModelCall => ({ model: "m", history, input, settings: {} });

/** Inlines what it is told to, and tells what was fetched. */
async function inline(asked: ModelCall, needs: (media: { type: string }) => boolean = () => true) {
  const fetched: string[] = [];
  const result = await withMediaInline(asked, {
    needs,
    signal: new AbortController().signal,
    async fetchMedia(uri) {
      fetched.push(uri);
      if (uri !== PICTURE) throw new HubError("invalid_request", "It is not there.");
      return { data: "iVBORw0KGgo=", mime_type: "image/png" };
    },
  });
  return { ...result, fetched };
}

describe("media at addresses", () => {
  it("come as bytes, each address asked once, with the type that the request says", async () => {
    const result: Step = {
      type: "tool_result",
      tool: "function",
      call_id: "a",
      result: { type: "content", content: [at(PICTURE)] },
    };
    const done = await inline(
      call([showing(at(PICTURE))], [showing(at(PICTURE, { mime_type: "image/webp", resolution: "low" })), result]),
    );
    const data = "iVBORw0KGgo=";
    expect(done.fetched).toEqual([PICTURE]);
    expect(done.degradations).toEqual([]);
    expect(done.call.history).toEqual([showing({ type: "image", mime_type: "image/png", data })]);
    expect(done.call.input).toEqual([
      showing({ type: "image", mime_type: "image/webp", resolution: "low", data }),
      { ...result, result: { type: "content", content: [{ type: "image", mime_type: "image/png", data }] } },
    ]);
  });

  it("stay where the upstream needs no bytes, or only Google could fetch them", async () => {
    const asked = call([], [showing(at(PICTURE), at("gs://bucket/1.png"))]);
    const kept = await inline(asked, () => false);
    expect(kept.call).toBe(asked);
    const google = await inline(call([], [showing(at("gs://bucket/1.png"))]));
    expect(google.fetched).toEqual([]);
  });

  it("that are gone fail a request that shows them, at their path", async () => {
    const gone = call([], [showing({ type: "text", text: "See:" }, at("https://media.example/gone.png"))]);
    await expect(inline(gone)).rejects.toMatchObject({ code: "invalid_request", field: "input[0].content[1].uri" });
  });

  it("that are gone since are only named, which is told", async () => {
    const { call: done, degradations } = await inline(
      call([showing(at("https://media.example/gone.png"))], [showing(at(PICTURE))]),
    );
    expect(done.history[0]).toMatchObject({ content: [{ type: "text", text: expect.stringContaining("gone.png") }] });
    expect(degradations).toEqual([{ field: "history[0]", message: expect.stringContaining("gone.png") }]);
  });

  it("are told without what gives access to them", async () => {
    const signed = "https://me:word@media.example/gone.png?signature=secret";
    const { call: done, degradations } = await inline(call([showing(at(signed))], [showing(at(PICTURE))]));
    expect(JSON.stringify([done, degradations])).toContain("https://media.example/gone.png'");
    expect(JSON.stringify([done, degradations])).not.toMatch(/secret|word/);
  });

  it("are fetched a few at a time, and not without end", async () => {
    const running = { now: 0, most: 0, all: 0 };
    const pictures = Array.from({ length: 40 }, (_, number) => at(`https://media.example/${number}.png`));
    const inlining = withMediaInline(call([], [showing(...pictures)]), {
      needs: () => true,
      limit: 1_000,
      signal: new AbortController().signal,
      async fetchMedia() {
        running.all += 1;
        running.now += 1;
        running.most = Math.max(running.most, running.now);
        await new Promise((resolve) => setTimeout(resolve, 1));
        running.now -= 1;
        return { data: "A".repeat(100) };
      },
    });
    await expect(inlining).rejects.toMatchObject({ code: "request_too_large", field: "input[0].content[10].uri" });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(running.most).toBe(4);
    expect(running.all).toBeLessThan(16);
  });
});
