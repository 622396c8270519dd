import { openSync, readSync } from "node:fs";
import { createTransferTarget } from "../../../db/transfer/transfer-target.ts";
import { importChains } from "../../../server/transfer/import-chains.ts";
import { mediaBytes, openFile } from "./open-transfer.ts";

// Imports so many bytes of a file, says that it has, and waits for more for ever.
const [target = "", file = "", length = "0"] = process.argv.slice(2);

async function* chunks() {
  const bytes = Buffer.alloc(Number(length));
  readSync(openSync(file, "r"), bytes);
  yield bytes;
  process.stdout.write("there\n");
  await new Promise((resolve) => setTimeout(resolve, 3_600_000));
}

const options = { ids: "keep", existing: "refuse", random: (count: number) => new Uint8Array(count) } as const;
await importChains(chunks, createTransferTarget(openFile(target).storage, mediaBytes), options);
