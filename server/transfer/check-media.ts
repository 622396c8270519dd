import type { TransferSource } from "../../schema/transfer.ts";
import { RunningHash } from "./running-hash.ts";
import { wrong } from "./wrong-file.ts";

/** Reads a medium and throws a `HubError` unless its bytes are those that its hash is of. */
export async function checkMedia(source: TransferSource, sha256: string): Promise<void> {
  const { size, pieces } = await source.media(sha256);
  const hash = new RunningHash();
  let length = 0;
  for await (const piece of pieces()) {
    hash.add(piece);
    length += piece.length;
  }
  if (length !== size || hash.end() !== sha256)
    throw wrong(`media/${sha256} is damaged: its bytes have another SHA-256.`);
}
