import { describe, expect, it } from "vitest";
import type { Content } from "../../../../schema/core/content.ts";
import { localTarget, messagesFor, openaiTarget, smallImage } from "../../../cases/chat-messages.ts";

describe("media of the user", () => {
  const show = (content: Content, where = localTarget) =>
    messagesFor([], [{ type: "user_input", content: [content] }], where);

  it.each<[string, Content, object]>([
    ["an image by data", smallImage, { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } }],
    [
      "an image at a URI, in a resolution",
      { type: "image", uri: "https://images.example/1.png", resolution: "low" },
      { type: "image_url", image_url: { url: "https://images.example/1.png", detail: "low" } },
    ],
    [
      "sound",
      { type: "audio", mime_type: "audio/mpeg", data: "SUQz" },
      { type: "input_audio", input_audio: { data: "SUQz", format: "mp3" } },
    ],
    [
      "sound of unknown type",
      { type: "audio", data: "UklGRiQAAABXQVZF" },
      { type: "input_audio", input_audio: { data: "UklGRiQAAABXQVZF", format: "wav" } },
    ],
    [
      "sound that only some servers take",
      { type: "audio", mime_type: "audio/x-flac", data: "ZkxhQw==" },
      { type: "input_audio", input_audio: { data: "ZkxhQw==", format: "flac" } },
    ],
    [
      "a document",
      { type: "document", mime_type: "application/pdf", data: "JVBERi0=" },
      { type: "file", file: { filename: "document.pdf", file_data: "data:application/pdf;base64,JVBERi0=" } },
    ],
  ])("is said: %s", (_, content, part) => {
    expect(show(content)).toEqual({ messages: [{ role: "user", content: [part] }], degradations: [] });
  });

  it("is said as text where it is a text document", () => {
    const csv: Content = {
      type: "document",
      mime_type: "text/csv; charset=utf-8",
      data: Buffer.from("a,ü\n").toString("base64"),
    };
    expect(show(csv)).toEqual({ messages: [{ role: "user", content: "a,ü\n" }], degradations: [] });
  });

  it("tells of a resolution without a counterpart", () => {
    const { degradations } = show({ ...smallImage, resolution: "medium" } as Content);
    expect(degradations).toEqual([
      { field: "input[0].content[0].resolution", message: expect.stringContaining("medium") },
    ]);
  });

  it("is only named, and told, where OpenAI does not take what was fetched", () => {
    const { messages, degradations } = show({ type: "audio", mime_type: "audio/flac", data: "ZkxhQw==" }, openaiTarget);
    expect(JSON.stringify(messages)).not.toContain("ZkxhQw==");
    expect(degradations).toEqual([{ field: "input[0].content[0]", message: expect.stringContaining("audio/flac") }]);
  });
});
