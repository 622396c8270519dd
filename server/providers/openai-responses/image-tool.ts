import type { OpenAI } from "openai";
import type { Degradation } from "../../../schema/core/degradation.ts";
import { formatPath } from "../../../schema/core/format-path.ts";
import type { ResponseFormat } from "../../../schema/core/settings.ts";
import { shortened } from "../../../schema/core/shortened.ts";

type ImageGeneration = OpenAI.Responses.Tool.ImageGeneration;
type ImageFormat = Extract<ResponseFormat, { type: "image" }>;

/** The types of image that can be asked for. */
export const imageTypes = ["image/png", "image/jpeg", "image/webp"] as const;

/** The three forms in which images are made, by the ratio that they have. */
const sizes = { "1:1": "1024x1024", "3:2": "1536x1024", "2:3": "1024x1536" } as const;

/** The tool that makes images, if the answer is to have one. What was changed is added to `degradations`. */
export function imageTool(
  formats: readonly ResponseFormat[],
  degradations: Degradation[],
): ImageGeneration | undefined {
  const index = formats.findIndex(({ type }) => type === "image");
  const format = formats[index];
  if (format?.type !== "image") return undefined;
  const path = formatPath(formats, index);
  const size = sizeOf(format, path, degradations);
  const output = outputFormatOf(format.mime_type);
  if (format.image_size !== undefined)
    degradations.push({ field: `${path}.image_size`, message: "The upstream makes images of one size only." });
  return {
    type: "image_generation",
    ...(size === undefined ? {} : { size }),
    ...(output === undefined ? {} : { output_format: output }),
  };
}

function outputFormatOf(mimeType: string | undefined): ImageGeneration["output_format"] {
  switch (imageTypes.find((type) => type === mimeType)) {
    case "image/png":
      return "png";
    case "image/jpeg":
      return "jpeg";
    case "image/webp":
      return "webp";
    case undefined:
      return undefined;
  }
}

function sizeOf({ aspect_ratio: ratio }: ImageFormat, path: string, degradations: Degradation[]): string | undefined {
  if (ratio === undefined) return undefined;
  const [, width = "1", height = "1"] = /^(\d+):(\d+)$/.exec(ratio) ?? [];
  const nearest = nearestTo(Number(width) / Number(height));
  if (nearest !== ratio)
    degradations.push({
      field: `${path}.aspect_ratio`,
      message: `The upstream makes no images of ${shortened(ratio)}; it was asked for ${nearest}.`,
    });
  return sizes[nearest];
}

function nearestTo(ratio: number): keyof typeof sizes {
  if (ratio > 1) return "3:2";
  return ratio < 1 ? "2:3" : "1:1";
}
