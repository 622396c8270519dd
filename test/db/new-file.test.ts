import { lstatSync, mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { beginFile } from "../../db/new-file.ts";

function place() {
  const folder = mkdtempSync(join(tmpdir(), "hub-new-file-"));
  return { folder, target: join(folder, "made") };
}

describe("a file that is begun", () => {
  test("has its name once it is kept, and is for its owner alone", () => {
    const { folder, target } = place();
    const begun = beginFile(target);
    writeFileSync(begun.partial, "whole");
    expect(readdirSync(folder)).not.toContain("made");
    begun.keep();
    expect(readdirSync(folder)).toEqual(["made"]);
    expect(readFileSync(target, "utf8")).toBe("whole");
    // Windows knows no such modes.
    if (process.platform !== "win32") expect(statSync(target).mode & 0o777).toBe(0o600);
  });

  test("is discarded with whatever SQLite kept beside it", () => {
    const { folder, target } = place();
    const begun = beginFile(target);
    writeFileSync(`${begun.partial}-journal`, "");
    begun.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is refused while its name is taken, or while another writes it or was broken off", () => {
    const { target } = place();
    const begun = beginFile(target);
    expect(() => beginFile(target)).toThrow(
      `${begun.partial} exists: another command is writing it, or one was broken off. Remove it, and try again.`,
    );
    begun.keep();
    expect(() => beginFile(target)).toThrow(`${target} exists already; name a file that does not.`);
  });

  // Windows lets only some users make links.
  test.runIf(process.platform !== "win32")("replaces no link either, whose file does not exist", () => {
    const { folder, target } = place();
    symlinkSync(join(folder, "nowhere"), target);
    const begun = beginFile(target);
    expect(() => begun.keep()).toThrow(`${target} was made by another program meanwhile.`);
    expect(lstatSync(target).isSymbolicLink()).toBe(true);
  });

  test("that finds no room says so", () => {
    const { target } = place();
    const full = Object.assign(new Error("full"), { code: "ENOSPC" });
    expect(beginFile(target).explain(full)).toMatchObject({
      code: "storage_full",
      message: `There is no room for ${target}.`,
      cause: full,
    });
  });
});
