import type { OpenAI } from "openai";
import { type Content, isMedia, type MediaContent } from "../../../schema/core/content.ts";
import { isGoogleOnly } from "../media-uri.ts";
import { dataUrl, documentName, documentText, imageDetail, imageUrl } from "../openai/media-parts.ts";
import { readableStep } from "../readable-step.ts";

/** What can stand in a message of the user's and in a function's result. */
export type InputPart =
  | OpenAI.Responses.ResponseInputText
  | OpenAI.Responses.ResponseInputImage
  | OpenAI.Responses.ResponseInputFile;

/** A content as the model gets to see it, and what was lost of it, for people. */
export type TranslatedPart = { part: InputPart; loss?: string };

/** What the API has no words for is named as text, so that the model knows that something was there. */
export function inputPart(content: Content): TranslatedPart {
  if (content.type === "text") return { part: textPart(content.text) };
  if (!isMedia(content)) return { part: named(content), loss: "A content of an unknown type was given as text." };
  if (content.uri !== undefined && isGoogleOnly(content.uri))
    return { part: named(content), loss: "What only Google's services can read was only named." };
  switch (content.type) {
    case "image":
      return imagePart(content);
    case "document":
      return { part: documentPart(content) };
    case "audio":
    case "video":
      return { part: named(content), loss: `The Responses API takes no ${content.type}, so it was only named.` };
    default:
      return content satisfies never;
  }
}

function imagePart(media: MediaContent): TranslatedPart {
  const { detail = "auto", isExact } = imageDetail(media);
  const part: InputPart = { type: "input_image", image_url: imageUrl(media), detail };
  return isExact ? { part } : { part, loss: `The resolution of the image was given as '${detail}'.` };
}

function documentPart(media: MediaContent): InputPart {
  if (media.uri !== undefined) return { type: "input_file", file_url: media.uri };
  const text = documentText(media);
  return text === undefined
    ? { type: "input_file", filename: documentName(media), file_data: dataUrl(media) }
    : textPart(text);
}

function named(content: Content): InputPart {
  return textPart(readableStep({ type: "user_input", content: [content] }));
}

function textPart(text: string): InputPart {
  return { type: "input_text", text };
}
