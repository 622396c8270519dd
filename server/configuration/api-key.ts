import { createHash } from "node:crypto";
import { z } from "zod";

/** What is printed in a secret's place. */
export const mask = "********";

/** A key that clients may send. Only its SHA-256 is kept, so no log, dump or message can show the key itself. */
export type ApiKey = { name: string; digest: Uint8Array };

export function digestOf(key: string): Uint8Array {
  return createHash("sha256").update(key).digest();
}

/** The members of an entry in the file, of which the last two are read and replaced by `key` before the schema sees it. */
export const keyMembers = ["name", "key", "key_file", "key_env"] as const;

/** One entry, strict; no message repeats the key. */
export const ApiKeyEntry = z
  .strictObject(
    {
      name: z.string("expected a name").regex(/^[\w.-]{1,64}$/, "expected at most 64 letters, digits, '.', '_' or '-'"),
      key: z
        .string("expected text in one of key, key_file or key_env")
        .regex(/^[\x21-\x7e]+$/, "expected a key of printable ASCII characters without spaces")
        .refine((key) => !/^\*+$/.test(key), "this is a mask, not a key"),
    },
    { error: (issue) => (issue.code === "invalid_type" ? "expected an entry with name and key" : undefined) },
  )
  .transform(({ name, key }): ApiKey => ({ name, digest: digestOf(key) }));
