import type { Archive } from "../../../schema/archive.ts";
import type { MediaContent } from "../../../schema/core/content.ts";

/** The bytes of media in base64, wherever the hub has them; `null` for what is only known by its URI. */
export async function readMedia(archive: Archive, { data, blob }: MediaContent): Promise<string | null> {
  if (data !== undefined) return data;
  const media = blob === undefined ? undefined : await archive.media(blob);
  if (media === undefined) return null;
  return Buffer.from(await media.read(0, media.size)).toString("base64");
}
