import type { ResponseFormat } from "../../../schema/core/settings.ts";
import { shortened } from "../../../schema/core/shortened.ts";
import type { Refusal } from "../../../schema/provider.ts";
import { aspectRatios, imageSizes } from "./picture.ts";

const LOWEST_RATE = 8_000;
const HIGHEST_RATE = 48_000;

/** What the simulator cannot honour in one format of an answer, with the member at fault. */
export function refuseFormat(format: ResponseFormat, field: string): Refusal | undefined {
  const type = format.type === "video" ? undefined : format.mime_type;
  const cannot = (member: string, value: string, can: string): Refusal => ({
    field: `${field}.${member}`,
    message: `The simulator cannot make '${shortened(value)}'. It makes: ${can}.`,
  });
  switch (format.type) {
    case "text":
      if (type === undefined || type === "text/plain" || type === "application/json") {
        if (format.schema === undefined || type !== "text/plain") return undefined;
        return { field: `${field}.mime_type`, message: "A schema needs the mime_type 'application/json'." };
      }
      return cannot("mime_type", type, "text/plain, application/json");
    case "image":
      if (type !== undefined && type !== "image/png" && type !== "image/jpeg")
        return cannot("mime_type", type, "image/png, image/jpeg");
      if (format.aspect_ratio !== undefined && !aspectRatios.includes(format.aspect_ratio))
        return cannot("aspect_ratio", format.aspect_ratio, aspectRatios.join(", "));
      if (format.image_size !== undefined && !imageSizes.includes(format.image_size.toUpperCase()))
        return cannot("image_size", format.image_size, imageSizes.join(", "));
      return refuseDelivery(format.delivery, field);
    case "audio":
      if (type !== undefined && type !== "audio/wav" && type !== "audio/l16")
        return cannot("mime_type", type, "audio/wav, audio/l16");
      if (format.sample_rate !== undefined && (format.sample_rate < LOWEST_RATE || format.sample_rate > HIGHEST_RATE)) {
        return { field: `${field}.sample_rate`, message: `Must be from ${LOWEST_RATE} to ${HIGHEST_RATE} hertz.` };
      }
      // What it makes is not compressed, so its bit rate follows from its sample rate.
      if (format.bit_rate !== undefined)
        return { field: `${field}.bit_rate`, message: "Audio that is not compressed has no bit rate to choose." };
      return refuseDelivery(format.delivery, field);
    case "video":
      return { field, message: "The simulator makes no video." };
    default:
      return format satisfies never;
  }
}

function refuseDelivery(delivery: string | undefined, field: string): Refusal | undefined {
  if (delivery === undefined || delivery === "inline") return undefined;
  return { field: `${field}.delivery`, message: "The simulator delivers inline only." };
}
