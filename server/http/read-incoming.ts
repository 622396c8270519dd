import type { IncomingMessage } from "node:http";
import { HubError } from "../../schema/core/error.ts";
import { refuseCompressed, tooLarge } from "./guards/read-body.ts";

/**
 * The whole body of a request as Node has it, without a `Request` between: that costs more than a small query. It stops
 * reading, and rejects, as soon as the body is larger than `limit` bytes.
 */
export function readIncoming(incoming: IncomingMessage, limit: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    refuseCompressed(incoming.headers["content-encoding"]);
    if (Number(incoming.headers["content-length"] ?? 0) > limit) throw tooLarge(limit);
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (act: () => void) => {
      incoming.off("data", take).off("end", end).off("close", broken).off("error", broken);
      act();
    };
    const take = (chunk: Buffer) => {
      length += chunk.byteLength;
      if (length <= limit) chunks.push(chunk);
      else settle(() => reject(tooLarge(limit)));
    };
    const end = () =>
      settle(() => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, length)));
    const broken = (cause?: Error) =>
      settle(() =>
        reject(new HubError("cancelled", "The request body broke off.", cause === undefined ? {} : { cause })),
      );
    incoming.on("data", take).on("end", end).on("close", broken).on("error", broken);
  });
}
