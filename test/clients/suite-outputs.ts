import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../schema/core/json.ts";
import { redDot } from "../cases/red-dot.ts";
import { ofType, saidIn, textOf } from "./answers.ts";
import type { Stage } from "./suite.ts";

const model = "gemini-3.8-flash";

const recipe = {
  type: "object",
  properties: {
    title: { type: "string" },
    minutes: { type: "integer", minimum: 1, maximum: 300 },
    difficulty: { type: "string", enum: ["easy", "medium", "hard"] },
    ingredients: { type: "array", minItems: 2, items: { type: "string" } },
  },
  required: ["title", "minutes", "difficulty", "ingredients"],
  additionalProperties: false,
};

/** What goes in and comes out besides plain text. */
export function outputSuite(stage: Stage): void {
  describe("inputs and outputs", () => {
    test("an answer keeps to a JSON schema", async () => {
      const { client } = stage;
      const reply = await client.create({ model, input: "A recipe for soup, please.", ...client.asJson(recipe) });
      const validate = new Ajv().compile(recipe);
      const value: unknown = JSON.parse(textOf(client, reply));
      expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
    });

    test("a streamed answer keeps to a JSON schema too", async () => {
      const { client } = stage;
      const events = await client.stream({ model, input: "A recipe for soup, please.", ...client.asJson(recipe) });
      const value: unknown = JSON.parse(saidIn(client, client.fold(events)));
      expect(new Ajv().validate(recipe, value)).toBe(true);
    });

    test("an image goes in, is stored and remembered along the chain", async () => {
      const { client } = stage;
      const content: JsonObject[] = [
        { type: "text", text: "What is this?" },
        { type: "image", data: redDot, mime_type: "image/png" },
      ];
      const reply = await client.create({ model, input: content });
      expect(textOf(client, reply)).toContain("an image (image/png, 70 bytes)");
      const tokens = (reply.usage as { input_tokens_by_modality: object[] }).input_tokens_by_modality;
      expect(tokens).toContainEqual({ modality: "image", tokens: expect.any(Number) });
      const replay = await client.replay(String(reply.id));
      expect(saidIn(client, client.fold(replay))).toContain("70 bytes");
    });

    test("media by URI and one content instead of a list are understood", async () => {
      const uri = "https://example.com/video.mp4";
      const reply = await stage.client.create({ model, input: { type: "video", uri, mime_type: "video/mp4" } });
      expect(textOf(stage.client, reply)).toContain(uri);
    });

    test("an image comes out in the shape that was asked for, whole in the reply, the stream and the store", async () => {
      const { client } = stage;
      const params = { model, input: "Paint a tree.", ...client.asImage("16:9") };
      const reply = await client.create(params);
      const [image] = ofType(client.contents(client.produced(reply)), "image");
      expect(image?.mime_type).toBe("image/png");
      const bytes = Buffer.from(String(image?.data), "base64");
      expect(bytes.subarray(1, 4).toString("latin1")).toBe("PNG");
      expect(bytes.readUInt32BE(16) / bytes.readUInt32BE(20)).toBeCloseTo(16 / 9, 1);
      const read = await client.get(String(reply.id));
      expect(client.contents(client.produced(read))).toEqual(client.contents(client.produced(reply)));
      const streamed = client.contents(client.fold(await client.stream(params)));
      expect(streamed).toEqual(client.contents(client.produced(reply)));
    });

    test("sound comes out", async () => {
      const { client } = stage;
      const reply = await client.create({ model, input: "say exactly: hum", ...client.asAudio() });
      const [audio] = ofType(client.contents(client.produced(reply)), "audio");
      expect(audio).toMatchObject({ mime_type: expect.stringMatching(/^audio\//), data: expect.any(String) });
      expect(Buffer.from(String(audio?.data), "base64").length).toBeGreaterThan(1000);
    });

    test("thoughts come first, with a signature, and with summaries when they are asked for", async () => {
      const { client } = stage;
      const plain = client.produced(await client.create({ model, input: "count to 3" }));
      expect(plain[0]).toEqual({ type: "thought", signature: expect.any(String) });
      const generation_config = { thinking_level: "high", thinking_summaries: "auto" };
      const reply = await client.create({ model, input: "count to 3", generation_config });
      const [thought] = client.produced(reply);
      expect(thought).toMatchObject({
        type: "thought",
        signature: expect.any(String),
        summary: expect.arrayContaining([{ type: "text", text: expect.stringContaining("**") }]),
      });
      expect(reply.usage).toMatchObject({ total_thought_tokens: expect.any(Number) });
    });

    test("an answer that reaches its limit is incomplete, and can be gone on from", async () => {
      const { client } = stage;
      const generation_config = { max_output_tokens: 40, thinking_level: "minimal" };
      const reply = await client.create({ model, input: "write 200 words about rivers", generation_config });
      expect(reply.status).toBe("incomplete");
      expect(textOf(client, reply).length).toBeGreaterThan(10);
      const next = await client.create({ model, input: "say exactly: on", previous_interaction_id: reply.id ?? null });
      expect(next.status).toBe("completed");
    });

    test("an answer stops at a stop sequence", async () => {
      const generation_config = { stop_sequences: ["3"] };
      const reply = await stage.client.create({ model, input: "count to 5", generation_config });
      expect(reply.status).toBe("completed");
      expect(textOf(stage.client, reply).trim()).toBe("1, 2,");
    });

    test("a search leaves its steps, and citations on the text", async () => {
      const { client } = stage;
      const tools = [{ type: "google_search" }];
      const reply = await client.create({ model, input: "Search the web for news about rivers.", tools });
      const produced = client.produced(reply);
      const [call] = ofType(produced, "google_search_call");
      const [result] = ofType(produced, "google_search_result");
      expect(call?.arguments).toMatchObject({ queries: [expect.any(String)] });
      expect(result?.call_id).toBe(call?.id);
      const annotations = client.contents(produced).flatMap((content) => (content.annotations ?? []) as object[]);
      expect(annotations).toContainEqual(expect.objectContaining({ type: "url_citation", url: expect.any(String) }));
    });
  });
}
