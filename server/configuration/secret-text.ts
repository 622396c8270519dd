import { quietKind, type ValueKind } from "./value-kind.ts";

/** What is printed in a secret's place. */
export const mask = "********";

/** Whether a text is what is printed in the place of a secret, and so was copied from there. */
export function isMask(text: string): boolean {
  return /^\*+$/.test(text);
}

/** A key. No message repeats it, and it is printed as a mask. */
export function secretText(): ValueKind<string> {
  return quietKind<string>(
    "key",
    (value) => {
      if (typeof value !== "string") return { wrong: "expected text in one of key, key_file or key_env" };
      if (isMask(value)) return { wrong: "this is a mask, not a key" };
      if (!/^[\x21-\x7e]+$/.test(value))
        return { wrong: "expected a key of printable ASCII characters without spaces" };
      return { value };
    },
    () => mask,
  );
}
