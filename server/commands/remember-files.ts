import type { ReadFile } from "../configuration/configuration-file.ts";

/** Reads each file once: what a shell gives in place of a file of settings is a pipe, which cannot be read again. */
export function rememberFiles(readFile: ReadFile): ReadFile {
  const read = new Map<string, Promise<string>>();
  return (path) => {
    const text = read.get(path) ?? readFile(path);
    read.set(path, text);
    return text;
  };
}
