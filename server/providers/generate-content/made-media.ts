import { Buffer } from "node:buffer";
import type { Content, MediaContent, MediaType } from "../../../schema/core/content.ts";
import type { WireBlob, WirePart } from "./wire.ts";

/** Media that a model made, or a file of them; `undefined` for a part that holds none. */
export function madeMedia({ inlineData, fileData }: WirePart): Content | undefined {
  if (inlineData !== undefined) return { ...described(inlineData.mimeType), data: inlineData.data ?? "" };
  if (fileData !== undefined) return { ...described(fileData.mimeType), uri: fileData.fileUri ?? "" };
  return undefined;
}

/** Whether these are raw samples, of which an answer comes in many pieces that are one sound. */
export function isSound({ mimeType = "" }: WireBlob): boolean {
  return /^audio\/(?:l\d+|pcm)\b/i.test(mimeType);
}

/** The pieces of a sound as one. */
export function wholeSound(pieces: readonly WireBlob[]): Content {
  const data = Buffer.concat(pieces.map((piece) => Buffer.from(piece.data ?? "", "base64"))).toString("base64");
  return { ...described(pieces[0]?.mimeType), data };
}

/** What a media type says (`audio/L16;codec=pcm;rate=24000`), in the members that contents have for it. */
function described(mimeType = "application/octet-stream"): MediaContent {
  const [mime_type = "", ...parameters] = mimeType.toLowerCase().split(/\s*;\s*/);
  const media: MediaContent = { type: kindOf(mime_type), mime_type };
  if (media.type !== "audio") return media;
  const number = (name: string): number =>
    Number(parameters.find((each) => each.startsWith(`${name}=`))?.split("=")[1]);
  const [rate, channels] = [number("rate"), number("channels")];
  if (Number.isSafeInteger(rate)) media.sample_rate = rate;
  if (Number.isSafeInteger(channels)) media.channels = channels;
  return media;
}

function kindOf(mimeType: string): MediaType {
  const [kind] = mimeType.split("/");
  return kind === "image" || kind === "audio" || kind === "video" ? kind : "document";
}
