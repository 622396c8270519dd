import { writeSync } from "node:fs";
import { createDriver } from "../../db/driver.ts";
import { openSqliteStore } from "../../db/sqlite-store.ts";
import { begunAs, imageOf, storeEnded } from "./store.ts";

// Stores interactions in the file that its argument names until it is killed, many at a time, and names each once it is stored.

const store = openSqliteStore({
  driver: createDriver(),
  file: process.argv[2] ?? "",
  mediaBytes: 1 << 20,
  lasting: true,
});

async function writeOn(writer: number): Promise<never> {
  for (let count = 0; ; count += 1) {
    const name = `${writer}-${count}`;
    const text = `${name} `.repeat(500);
    const content = [{ type: "text" as const, text }, imageOf(count % 256, 20_000 + count)];
    const { id } = await storeEnded(store, begunAs(name, { input: [{ type: "user_input", content }] }));
    writeSync(1, `${id}\n`);
  }
}

await Promise.all(Array.from({ length: 16 }, (_, writer) => writeOn(writer)));
