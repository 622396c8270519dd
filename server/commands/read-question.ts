import { createReadStream, type Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { getMimeType } from "hono/utils/mime";
import type { JsonObject, JsonValue } from "../../schema/core/json.ts";
import { formatSize } from "../configuration/size.ts";
import { boundedBytes } from "./bounded-bytes.ts";
import { CommandFailure } from "./command-failure.ts";
import { usageError } from "./parser/usage-error.ts";
import type { InputStream } from "./process.ts";

/**
 * What is asked, as REST takes it: text, or a list of contents where files go along. No more is read than `most` bytes, which
 * is what a request may hold.
 */
export async function readQuestion(
  words: readonly string[],
  files: readonly string[],
  { input, most }: { input: InputStream; most: number },
): Promise<JsonValue> {
  const parts = words.filter((word) => word !== "-");
  const isPiped = words.length === 0 && files.length === 0 && !input.isTerminal;
  const piped = words.includes("-") || isPiped ? await textOf(input, most) : "";
  const text = [parts.join(" "), piped].filter((part) => part !== "").join("\n\n");
  if (text === "" && files.length === 0) throw usageError("ask needs a question");
  if (files.length === 0) return text;
  const contents: JsonObject[] = [];
  let left = most - Buffer.byteLength(text);
  for (const path of files) {
    const { content, bytes } = await contentOf(path, { left, most });
    contents.push(content);
    left -= bytes;
  }
  return text === "" ? contents : [...contents, { type: "text", text }];
}

async function textOf(input: InputStream, most: number): Promise<string> {
  const bytes = await boundedBytes(input.pieces(), most);
  if (bytes === undefined) throw tooMuch("what comes in on standard input", most);
  const text = utf8(bytes);
  if (text === undefined)
    throw new CommandFailure("what comes in on standard input is no text; send files with --file");
  return text;
}

type Room = { left: number; most: number };

/** A file as content, and the bytes that it takes of a request: those of media are sent as base64. */
async function contentOf(path: string, room: Room): Promise<{ content: JsonObject; bytes: number }> {
  const read = await bytesOf(path, room);
  const mimeType = getMimeType(path) ?? "";
  // What is text is sent as text, whatever its name may mean to others: .ts is a kind of video to some.
  const text = mimeType === "application/pdf" ? undefined : utf8(read);
  if (text !== undefined) {
    return { content: { type: "text", text: `${basename(path)}:\n\n${text}` }, bytes: read.length };
  }
  const [family = ""] = mimeType.split("/");
  const type = mimeType === "application/pdf" ? "document" : family;
  if (!["image", "audio", "video", "document"].includes(type)) {
    throw new CommandFailure(`--file: ${path} is neither text nor an image, audio, a video or a PDF by its name`);
  }
  const bytes = Math.ceil(read.length / 3) * 4;
  if (bytes > room.left) throw tooLarge(path, room);
  return { content: { type, mime_type: mimeType, data: read.toString("base64") }, bytes };
}

async function bytesOf(path: string, room: Room): Promise<Buffer> {
  try {
    const found = await stat(path);
    const kind = unreadableKind(found);
    if (kind !== undefined) throw new CommandFailure(`--file: ${path} is a ${kind}; name a file`);
    const read = found.size > room.left ? undefined : await boundedBytes(createReadStream(path), room.left);
    if (read !== undefined) return read;
  } catch (cause) {
    if (cause instanceof CommandFailure) throw cause;
    throw new CommandFailure(`--file: cannot read ${path} (${cause instanceof Error ? cause.message : cause})`, {
      cause,
    });
  }
  throw tooLarge(path, room);
}

/** A pipe is read as a file is: shells give one for what another command prints. */
function unreadableKind(found: Stats): string | undefined {
  if (found.isDirectory()) return "folder";
  return found.isFile() || found.isFIFO() ? undefined : "device";
}

function tooLarge(path: string, { left, most }: Room): CommandFailure {
  return tooMuch(left === most ? `--file: ${path}` : `--file: ${path}, with all else that is sent,`, most);
}

function tooMuch(what: string, most: number): CommandFailure {
  return new CommandFailure(`${what} is more than a request may hold (limits.body_bytes is ${formatSize(most)})`);
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
