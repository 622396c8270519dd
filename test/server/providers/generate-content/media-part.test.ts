import { describe, expect, it } from "vitest";
import type { MediaContent } from "../../../../schema/core/content.ts";
import { toldContents, userParts } from "../../../cases/told-contents.ts";

describe("media", () => {
  const shown = (content: MediaContent, name = "gemini-3.8-flash") =>
    toldContents({ input: [{ type: "user_input", content: [content] }], model: name });

  it("go as bytes or as an address, with their type", () => {
    expect(shown({ type: "image", mime_type: "image/webp", data: "AAAA" }).contents).toEqual([
      userParts({ inlineData: { mimeType: "image/webp", data: "AAAA" } }),
    ]);
    expect(shown({ type: "document", mime_type: "application/pdf", uri: "https://a.example/b.pdf" }).contents).toEqual([
      userParts({ fileData: { mimeType: "application/pdf", fileUri: "https://a.example/b.pdf" } }),
    ]);
    expect(shown({ type: "video", uri: "https://youtu.be/x" }).contents).toEqual([
      userParts({ fileData: { fileUri: "https://youtu.be/x" } }),
    ]);
    expect(
      shown({ type: "audio", mime_type: "audio/l16", data: "AAAA", sample_rate: 16_000, channels: 1 }).contents,
    ).toEqual([userParts({ inlineData: { mimeType: "audio/l16;rate=16000;channels=1", data: "AAAA" } })]);
    // The type that is missing is read from the bytes.
    expect(shown({ type: "image", data: "iVBORw0KGgoAAA" }).contents[0]?.parts[0]?.inlineData?.mimeType).toBe(
      "image/png",
    );
  });

  it("are read as closely as they say, by models that can", () => {
    const image: MediaContent = { type: "image", mime_type: "image/png", data: "AAAA", resolution: "ultra_high" };
    expect(shown(image).contents[0]?.parts[0]?.mediaResolution).toEqual({ level: "MEDIA_RESOLUTION_ULTRA_HIGH" });
    expect(shown(image).degradations).toEqual([]);
    const older = shown(image, "gemini-2.5-flash");
    expect(older.contents[0]?.parts[0]).not.toHaveProperty("mediaResolution");
    expect(older.degradations).toEqual([{ field: "input[0].content[0].resolution", message: expect.any(String) }]);
  });

  it("are films that are watched in part, or in the model's own way", () => {
    const film: MediaContent = { type: "video", mime_type: "video/mp4", uri: "gs://films/one" };
    expect(
      shown({ ...film, processing: { type: "static", start_offset: "1s", end_offset: "2.5s", fps: 2 } }).contents,
    ).toEqual([
      userParts({
        fileData: { mimeType: "video/mp4", fileUri: "gs://films/one" },
        mediaProcessing: "STATIC",
        videoMetadata: { startOffset: "1s", endOffset: "2.5s", fps: 2 },
      }),
    ]);
    const named = shown({ ...film, processing: "agentic", name: "One" });
    expect(named.contents[0]?.parts[0]?.mediaProcessing).toBe("AGENTIC");
    expect(named.degradations).toEqual([{ field: "input[0].content[0].name", message: expect.any(String) }]);
  });
});
