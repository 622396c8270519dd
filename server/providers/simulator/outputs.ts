import type { Content, MediaContent } from "../../../schema/core/content.ts";
import { formatPath } from "../../../schema/core/format-path.ts";
import type { ResponseFormat } from "../../../schema/core/settings.ts";
import { cluesOf } from "./clues.ts";
import type { Conversation } from "./conversation.ts";
import { generateValue } from "./generate-value.ts";
import { encodeJpeg } from "./jpeg.ts";
import type { DefaultOutput } from "./models.ts";
import { joinPassages, type Passage } from "./passage.ts";
import { paint } from "./picture.ts";
import { encodePng } from "./png.ts";
import type { Random } from "./random.ts";
import { compileSchema } from "./schema-validator.ts";
import { encodeWav, hum } from "./sound.ts";

const DEFAULT_SAMPLE_RATE = 24_000;

/** The formats of an answer where the request names none. */
export function defaultFormats(output: DefaultOutput): ResponseFormat[] {
  switch (output) {
    case "text":
      return [{ type: "text" }];
    case "image":
      return [{ type: "text" }, { type: "image" }];
    case "audio":
      return [{ type: "audio", mime_type: "audio/l16" }];
    default:
      return output satisfies never;
  }
}

/** The answer in each of the formats: the words, JSON by a schema, an image, or a sound as long as the words. */
export async function contentsFor(
  formats: readonly ResponseFormat[],
  spoken: readonly Passage[],
  conversation: Conversation,
  random: Random,
): Promise<Content[]> {
  const contents: Content[] = [];
  for (const [index, format] of formats.entries()) {
    switch (format.type) {
      case "text":
        contents.push(await textFor(format, `${formatPath(formats, index)}.schema`, spoken, conversation, random));
        break;
      case "image":
        contents.push(await imageFor(format, random));
        break;
      case "audio":
        contents.push(audioFor(format, spoken.map((passage) => passage.text).join(""), random));
        break;
      case "video":
        break;
      default:
        format satisfies never;
    }
  }
  return contents;
}

async function textFor(
  format: Extract<ResponseFormat, { type: "text" }>,
  field: string,
  spoken: readonly Passage[],
  conversation: Conversation,
  random: Random,
): Promise<Content> {
  if (format.schema !== undefined) {
    const schema = await compileSchema(format.schema, field);
    return { type: "text", text: JSON.stringify(generateValue(schema, cluesOf(conversation), random, field)) };
  }
  const content = joinPassages(spoken);
  return format.mime_type === "application/json"
    ? { type: "text", text: JSON.stringify({ answer: content.text }) }
    : content;
}

async function imageFor(format: Extract<ResponseFormat, { type: "image" }>, random: Random): Promise<MediaContent> {
  const picture = paint(random, format.aspect_ratio, format.image_size);
  const jpeg = format.mime_type === "image/jpeg";
  const bytes = jpeg ? encodeJpeg(picture) : await encodePng(picture);
  return { type: "image", mime_type: jpeg ? "image/jpeg" : "image/png", data: bytes.toString("base64") };
}

function audioFor(format: Extract<ResponseFormat, { type: "audio" }>, text: string, random: Random): MediaContent {
  const sample_rate = format.sample_rate ?? DEFAULT_SAMPLE_RATE;
  const samples = hum(text, sample_rate, random);
  const raw = format.mime_type === "audio/l16";
  const data = (raw ? samples : encodeWav(samples, sample_rate)).toString("base64");
  return { type: "audio", mime_type: raw ? "audio/l16" : "audio/wav", data, sample_rate, channels: 1 };
}
