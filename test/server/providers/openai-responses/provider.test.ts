import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ProviderEvent } from "../../../../schema/core/event.ts";
import type { ModelCall } from "../../../../schema/provider.ts";
import { callOf, describeProvider, eventsOf, foldOf } from "../../../cases/provider.ts";
import { jsonResponse, type ReplayServer, startReplayServer } from "../../../cases/replay-server.ts";
import { responseObject } from "../../../cases/responses-events.ts";
import { connect } from "./connect.ts";
import { replaying } from "./replaying.ts";
import { callOfWeather, message, reasoning, recordedReply, replyOf } from "./samples.ts";

const bodyStart = (response: Buffer): number => response.indexOf("\r\n\r\n") + 4;

const calling = callOfWeather(1, "Porto");

const answers: Record<string, string | Buffer> = {
  "a recorded text": recordedReply("responses-text-stream"),
  "a recorded text without a stream": recordedReply("responses-text"),
  "a composed turn with a thought and a call": replyOf(reasoning, message("Wait 🎈"), calling),
};

const replay = replaying();

describe("at a server that answers as recorded", () => {
  let replayed: ReplayServer;
  beforeAll(async () => {
    replayed = await startReplayServer((request) => {
      const { model } = request.json as { model: string };
      const [pace = "", name = ""] = model.split("/");
      const response = answers[name] ?? jsonResponse(404, { error: { message: "no such answer" } });
      // In the midst of the answer, for seconds.
      return pace === "slow" ? { response, split: "records", delayBetweenPieces: 300 } : { response };
    });
  });
  afterAll(() => replayed.close());

  describeProvider("openai-responses", {
    create: (pace) => {
      const provider = connect(replayed.url);
      const paced = (call: ModelCall): ModelCall => ({ ...call, model: `${pace}/${call.model}` });
      return { ...provider, run: (call, signal) => provider.run(paced(call), signal) };
    },
    calls: new Map(
      Object.keys(answers)
        // An answer that comes at once has no midst.
        .filter((name) => !name.includes("without a stream"))
        .map((name) => [name, callOf(name, "Hello")]),
    ),
  });
});

describe("an answer", () => {
  it("is asked for as a stream that is stored nowhere, with the hub's key", async () => {
    const { url, requests } = await replay({ response: answers["a recorded text"] ?? "" });
    await eventsOf(connect(url, { headers: { "x-extra": "yes" } }), callOf("m", "Say hello"));
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: "POST",
      path: "/v1/responses",
      headers: { authorization: "Bearer test-key", "x-extra": "yes" },
      json: {
        model: "m",
        input: [{ type: "message", role: "user", content: [{ type: "input_text", text: "Say hello" }] }],
        include: ["reasoning.encrypted_content"],
        store: false,
        stream: true,
      },
    });
  });

  it("is read where it comes without a stream", async () => {
    const { url } = await replay({ response: recordedReply("responses-text") });
    const folded = foldOf(await eventsOf(connect(url), callOf("m", "Say hello")));
    expect(folded).toMatchObject({ status: "completed", usage: { total_tokens: 17 } });
  });

  it.each([
    ["with \\r\\n at the end of lines", { crlf: true }],
    ["a record at a time", { split: "records" as const }],
    ["in pieces of 7 bytes", { split: Array.from({ length: 900 }, (_, index) => index * 7) }],
    ["a byte at a time, inside characters too", { split: Array.from({ length: 6_000 }, (_, index) => index) }],
  ])("is read the same %s", async (_, script) => {
    const response = replyOf(message("Grüße 🎈 漢字"), calling);
    const { url } = await replay({ response }, { response, ...script });
    const provider = connect(url);
    const plain = foldOf(await eventsOf(provider, callOf("m", "Hello")));
    expect(foldOf(await eventsOf(provider, callOf("m", "Hello")))).toEqual(plain);
    expect(plain.output[0]).toMatchObject({ content: [{ text: "Grüße 🎈 漢字" }] });
  });

  it("never looks complete where it was cut, wherever that was", async () => {
    const response = recordedReply("responses-text-stream");
    const length = response.length - bodyStart(response);
    // The end is told by the last record, which is whole with the line feed of its blank line.
    const end = response.lastIndexOf("\n\n") + 2 - bodyStart(response);
    const { url } = await replay(...Array.from({ length: end }, (_, cutAfter) => ({ response, cutAfter })));
    const provider = connect(url);
    const text = "}} last options sob wind solve despite idx us board";
    for (let cut = 0; cut < end; cut += 1) {
      const events: ProviderEvent[] = [];
      let failure: unknown;
      try {
        for await (const event of provider.run(callOf("m", "Hello"), new AbortController().signal)) events.push(event);
      } catch (error) {
        failure = error;
      }
      expect(failure, `cut after ${cut} of ${length} bytes`).toMatchObject({ name: "HubError" });
      const { status, output } = foldOf(events);
      expect(status).toBe("in_progress");
      const said = output.flatMap((step) => (step.type === "model_output" ? step.content : []));
      expect(said.every((content) => content.type === "text" && text.startsWith(content.text))).toBe(true);
    }
  }, 120_000);
});

describe("a connection", () => {
  it("is used again for the next answer", async () => {
    const { url, requests } = await replay(
      { response: replyOf(message("One.")), split: "records" },
      { response: replyOf(message("Two.")), split: "records" },
    );
    const provider = connect(url);
    for (const text of ["One.", "Two."])
      expect(foldOf(await eventsOf(provider, callOf("m", "Hello"))).output).toMatchObject([{ content: [{ text }] }]);
    await wait(50);
    expect(requests.map((request) => request.leftByClient())).toEqual([false, false]);
  });

  it("that stays open after the last words does not hold up the answer", async () => {
    const { url } = await replay({ response: replyOf(message("Done.")), hang: "at the end" });
    const start = performance.now();
    expect(foldOf(await eventsOf(connect(url), callOf("m", "Hello")))).toMatchObject({ status: "completed" });
    expect(performance.now() - start).toBeLessThan(1_500);
  });
});

describe("media at a URI", () => {
  const call: ModelCall = {
    ...callOf("m", ""),
    input: [{ type: "user_input", content: [{ type: "image", uri: "https://media.example/cat.png" }] }],
  };

  it.each([
    [false, "https://media.example/cat.png"],
    [true, "data:image/png;base64,AAAA"],
  ])("are fetched by the hub: %s", async (inline_media, image_url) => {
    const { url, requests } = await replay({
      response: jsonResponse(200, responseObject({ output: [message("A cat.")] })),
    });
    const fetchMedia = async (): Promise<{ data: string; mime_type: string }> => ({
      data: "AAAA",
      mime_type: "image/png",
    });
    await eventsOf(connect(url, { inline_media }, { fetchMedia }), call);
    expect(requests[0]?.json).toMatchObject({ input: [{ content: [{ type: "input_image", image_url }] }] });
  });
});
