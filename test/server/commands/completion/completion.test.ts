import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commandLine } from "../../../cases/command-line.ts";

async function scriptFor(shell: string): Promise<string> {
  const { seen, run } = commandLine();
  expect(await run("completion", shell)).toBe(0);
  return seen.out;
}

function has(shell: string): boolean {
  try {
    execFileSync(shell, ["-c", "true"]);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!has("bash"))("completion in bash", () => {
  test.each([
    [["cha"], ["chains"]],
    [
      ["chains", ""],
      ["list", "show", "delete", "export", "import"],
    ],
    [["chains", "export", "--on"], ["--only"]],
    [["chains", "export", "--only", ""], ["ancestors"]],
    [
      ["chains", "import", "--ids", ""],
      ["keep", "new"],
    ],
    [["--db", "chains", "ta"], ["tail"]],
    [["ask", "--mod"], ["--model"]],
    [["tail", "--mod"], []],
    [["--lo"], ["--log-level"]],
    [
      ["completion", ""],
      ["bash", "zsh", "fish"],
    ],
    [["ask", "--model", ""], []],
    [["help", "do"], ["doctor"]],
    [["backup", "fi"], ["file.txt"]],
    [["ask", "--file", "fi"], ["file.txt"]],
  ])("%j offers %j", async (words, offered) => {
    const folder = mkdtempSync(join(tmpdir(), "hub-completion-"));
    writeFileSync(join(folder, "file.txt"), "");
    const script = `${await scriptFor("bash")}
      COMP_WORDS=(interactions-hub "$@"); COMP_CWORD=$#; _interactions_hub; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const out = execFileSync("bash", ["--norc", "-c", script, "bash", ...words], { cwd: folder, encoding: "utf8" });
    expect(out.split("\n").filter((line) => line !== "")).toEqual(offered);
  });
});

describe.skipIf(!has("fish"))("completion in fish", () => {
  test.each([
    ["interactions-hub cha", ["chains"]],
    ["interactions-hub chains export --on", ["--only"]],
    ["interactions-hub chains import --ids ", ["keep", "new"]],
  ])("%j offers %j", async (line, offered) => {
    const script = `${await scriptFor("fish")}\ncomplete -C '${line}'`;
    const out = execFileSync("fish", ["--no-config", "-c", script], { encoding: "utf8" });
    expect(
      out
        .split("\n")
        .filter((one) => one !== "")
        .map((one) => one.split("\t")[0]),
    ).toEqual(offered);
  });
});

describe.skipIf(!has("zsh"))("completion in zsh", () => {
  test("is a script that zsh takes", async () => {
    const script = `autoload -U compinit; compinit -D\n${await scriptFor("zsh")}\nwhence -w _interactions-hub`;
    const out = execFileSync("zsh", ["-f", "-c", script], { encoding: "utf8" });
    expect(out).toBe("_interactions-hub: function\n");
  });
});

test.each(["bash", "zsh", "fish"])("the script for %s has every command and the flags of settings", async (shell) => {
  const script = await scriptFor(shell);
  for (const word of ["serve", "chains", "export", "doctor", "completion", "limits-body-bytes", "ancestors"]) {
    expect(script).toContain(word);
  }
  expect(script).not.toContain("--api-keys");
});
