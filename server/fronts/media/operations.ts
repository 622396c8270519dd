import type { Archive } from "../../../schema/archive.ts";
import { HubError } from "../../../schema/core/error.ts";
import type { Operation } from "../../operation.ts";
import { mediaHeaders } from "./media-headers.ts";

/** Images, audio, videos and documents that are kept, by the SHA-256 of their bytes in hex. */
export function mediaOperations({ archive }: { archive: Pick<Archive, "media"> }): Operation[] {
  return [
    {
      method: "GET",
      path: "/media/:sha256",
      versioned: false,
      changes: false,
      async handle(request) {
        const sha256 = request.parameter("sha256");
        const media = /^[0-9a-f]{64}$/.test(sha256) ? await archive.media(sha256) : undefined;
        if (media === undefined) throw new HubError("not_found", "There is no media with this hash.");
        const { size, mime_type, read } = media;
        return { kind: "file", headers: mediaHeaders(sha256, mime_type), size, tag: sha256, read };
      },
    },
  ];
}
