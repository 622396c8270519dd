import { createHash } from "node:crypto";
import { z } from "zod";
import { mask, secretText } from "./secret-text.ts";
import { optionalSetting, requiredSetting, setting } from "./setting.ts";
import { path, text, yesOrNo } from "./value-kind.ts";

/** A key that clients may send. Only its SHA-256 is kept, so no log, dump or message can show the key itself. */
export type ApiKey = { name: string; digest: Uint8Array; read_only: boolean };

export function digestOf(key: string): Uint8Array {
  return createHash("sha256").update(key).digest();
}

/** One entry, strict; no message repeats the key. `key` is there whichever of the three members it comes from. */
export const ApiKeyEntry = z
  .strictObject(
    {
      name: requiredSetting(
        text("name", "a name of at most 64 letters, digits, '.', '_' or '-'", /^[\w.-]{1,64}$/),
        "",
        "What the key is called.",
      ),
      key: requiredSetting(secretText(), "", "The key itself."),
      key_env: optionalSetting(text("name", "the name of a variable", /./), "", "Variable that holds the key instead."),
      key_file: optionalSetting(path("file"), "", "File that holds the key instead."),
      read_only: setting(
        yesOrNo(),
        false,
        "Whether the key may only look: it creates, cancels, labels and deletes nothing.",
      ),
    },
    { error: (issue) => (issue.code === "invalid_type" ? "expected an entry with name and key" : undefined) },
  )
  .transform(({ name, key, read_only }): ApiKey => ({ name, digest: digestOf(key), read_only }));

/** A key in the form of a configuration file. */
export function writeApiKey({ name, read_only }: ApiKey): { name: string; key: string; read_only?: true } {
  return { name, key: mask, ...(read_only ? { read_only } : {}) };
}
