import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { getMimeType } from "hono/utils/mime";
import type { JsonObject, JsonValue } from "../../schema/core/json.ts";
import { CommandFailure } from "./command-failure.ts";
import { usageError } from "./parser/usage-error.ts";
import type { InputStream } from "./process.ts";

/** What is asked, as REST takes it: text, or a list of contents where files go along. */
export async function readQuestion(
  words: readonly string[],
  files: readonly string[],
  input: InputStream,
): Promise<JsonValue> {
  const parts = words.filter((word) => word !== "-");
  const isPiped = words.length === 0 && files.length === 0 && !input.isTerminal;
  const piped = words.includes("-") || isPiped ? await textOf(input) : "";
  const text = [parts.join(" "), piped].filter((part) => part !== "").join("\n\n");
  if (text === "" && files.length === 0) throw usageError("ask needs a question");
  if (files.length === 0) return text;
  const contents = await Promise.all(files.map(contentOf));
  return text === "" ? contents : [...contents, { type: "text", text }];
}

async function textOf(input: InputStream): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of input.pieces()) pieces.push(Buffer.from(piece));
  const text = utf8(Buffer.concat(pieces));
  if (text === undefined)
    throw new CommandFailure("what comes in on standard input is no text; send files with --file");
  return text;
}

async function contentOf(path: string): Promise<JsonObject> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new CommandFailure(`--file: cannot read ${path} (${cause instanceof Error ? cause.message : cause})`, {
      cause,
    });
  });
  const mimeType = getMimeType(path) ?? "";
  // What is text is sent as text, whatever its name may mean to others: .ts is a kind of video to some.
  const text = mimeType === "application/pdf" ? undefined : utf8(bytes);
  if (text !== undefined) return { type: "text", text: `${basename(path)}:\n\n${text}` };
  const [family = ""] = mimeType.split("/");
  const type = mimeType === "application/pdf" ? "document" : family;
  if (!["image", "audio", "video", "document"].includes(type)) {
    throw new CommandFailure(`--file: ${path} is neither text nor an image, audio, a video or a PDF by its name`);
  }
  return { type, mime_type: mimeType, data: bytes.toString("base64") };
}

/** The bytes as text, unless they are something else. */
function utf8(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
