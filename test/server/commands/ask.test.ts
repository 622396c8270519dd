import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommand } from "../../../server/commands/run-command.ts";
import { commandLine, jsonLines } from "../../cases/command-line.ts";
import { redDot } from "../../cases/red-dot.ts";
import { startTestHub } from "../../cases/start-test-hub.ts";

let hub: Awaited<ReturnType<typeof startTestHub>>;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.close());

const at = (input?: string) =>
  commandLine({ env: { INTERACTIONS_HUB_URL: hub.url }, ...(input === undefined ? {} : { input }) });

/** The id that a command says one can go on from. */
function idIn(text: string): string {
  return /^(v1_\S+)/m.exec(text)?.[1] ?? "";
}

async function stored(id: string): Promise<{ [name: string]: unknown }> {
  return (await fetch(`${hub.url}/v1beta/interactions/${id}?include_input=true`)).json() as never;
}

describe("ask", () => {
  test("prints the answer alone on standard output, and how to go on on standard error", async () => {
    const { seen, run } = at();
    expect(await run("ask", "My", "name", "is", "Ada")).toBe(0);
    expect(seen.out).toBe("Nice to meet you, Ada.\n");
    expect(seen.error).toMatch(
      /asking simulator; .*\n\(completed, \d+ tokens\)\nv1_\S+ {2}\(go on with --previous\)\n$/,
    );

    const second = at();
    expect(await second.run("ask", "-q", "--previous", idIn(seen.error), "What is my name?")).toBe(0);
    expect(second.seen.out).toContain("Ada");
    expect(second.seen.error).toBe("");
  });

  test("with --json prints the events of the wire, one a line", async () => {
    const { seen, run } = at();
    expect(await run("ask", "-q", "--json", "Hi")).toBe(0);
    const types = jsonLines(seen.out).map((event) => event.event_type);
    expect(types.at(0)).toBe("interaction.created");
    expect(types.at(-1)).toBe("interaction.completed");
  });

  test.each([
    [["ask", "-q"], "from a pipe", "from a pipe"],
    [["ask", "-q", "before", "-"], "after", "before\n\nafter"],
    [["ask", "-q", "alone"], "nobody reads this", "alone"],
  ])("%j with %j piped in asks %j", async (argv, input, asked) => {
    const { seen, run } = at(input);
    expect(await run(...argv, "--json")).toBe(0);
    const created = jsonLines(seen.out)[0] as { interaction: { id: string } };
    const { steps } = (await stored(created.interaction.id)) as { steps: { content: { text: string }[] }[] };
    expect(steps[0]?.content[0]?.text).toBe(asked);
  });

  test("sends files as what they are: text, whatever its name, and media", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hub-ask-"));
    writeFileSync(join(folder, "code.ts"), "const one = 1;\n");
    writeFileSync(join(folder, "dot.png"), Buffer.from(redDot, "base64"));
    const { seen, run } = at();
    const files = ["--file", join(folder, "code.ts"), "--file", join(folder, "dot.png")];
    expect(await run("ask", "What is this?", ...files)).toBe(0);
    const { steps } = (await stored(idIn(seen.error))) as { steps: { content: unknown[] }[] };
    expect(steps[0]?.content).toEqual([
      { type: "text", text: "code.ts:\n\nconst one = 1;\n" },
      { type: "image", mime_type: "image/png", data: redDot },
      { type: "text", text: "What is this?" },
    ]);

    writeFileSync(join(folder, "blob.xyz"), Buffer.from([0, 1, 2, 255]));
    const refused = at();
    expect(await refused.run("ask", "x", "--file", join(folder, "blob.xyz"))).toBe(1);
    expect(refused.seen.error).toContain("is neither text nor an image, audio, a video or a PDF");
    expect(await refused.run("ask", "x", "--file", join(folder, "absent"))).toBe(1);
    expect(refused.seen.error).toContain("cannot read");
  });

  test("what is more than a request may hold is not read to its end, and told with the limit", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hub-ask-"));
    const name = (file: string, bytes: number) => {
      const path = join(folder, file);
      writeFileSync(path, Buffer.alloc(bytes, "a"));
      return path;
    };
    const limit = ["--limits-body-bytes", "8KiB"];
    const told = "is more than a request may hold (limits.body_bytes is 8KiB)";
    const large = name("large.txt", 8193);
    const { seen, run } = at();
    expect(await run("ask", "x", "--file", large, ...limit)).toBe(1);
    expect(seen.error).toBe(`interactions-hub: --file: ${large}, with all else that is sent, ${told}\n`);

    const half = name("half.txt", 5000);
    const both = at();
    expect(await both.run("ask", "--file", half, "--file", half, ...limit)).toBe(1);
    expect(both.seen.error).toContain(`${half}, with all else that is sent, ${told}`);
    // In base64 it takes a third more.
    const media = at();
    expect(await media.run("ask", "--file", name("sheet.pdf", 7000), ...limit)).toBe(1);
    expect(media.seen.error).toContain(told);

    const endless = commandLine({ env: { INTERACTIONS_HUB_URL: hub.url } });
    async function* pieces() {
      for (;;) yield Buffer.alloc(1000, "a");
    }
    const outside = { ...endless.outside, input: { isTerminal: false, pieces } };
    expect(await runCommand(["ask", "-", ...limit], outside)).toBe(1);
    expect(endless.seen.error).toContain(`what comes in on standard input ${told}`);
  });

  test("files are read, and folders and devices are not", async () => {
    const { seen, run } = at();
    expect(await run("ask", "x", "--file", tmpdir())).toBe(1);
    expect(seen.error).toBe(`interactions-hub: --file: ${tmpdir()} is a folder; name a file\n`);
  });

  test.skipIf(process.platform === "win32")("a device without an end is refused, and a pipe is read", async () => {
    const { seen, run } = at();
    expect(await run("ask", "x", "--file", "/dev/zero")).toBe(1);
    expect(seen.error).toBe("interactions-hub: --file: /dev/zero is a device; name a file\n");
    const pipe = join(mkdtempSync(join(tmpdir(), "hub-ask-")), "pipe");
    execFileSync("mkfifo", [pipe]);
    const piping = at();
    const [code] = await Promise.all([piping.run("ask", "-q", "--file", pipe), writeFile(pipe, "from a pipe")]);
    expect(code).toBe(0);
  });

  test("a key that no key can be is told before anything is sent, and not repeated", async () => {
    const env = { INTERACTIONS_HUB_URL: hub.url, INTERACTIONS_HUB_KEY: "hush\nhush" };
    const { seen, run } = commandLine({ env });
    expect(await run("ask", "x")).toBe(1);
    expect(seen.error).toMatch(/^interactions-hub: INTERACTIONS_HUB_KEY holds characters that no key has/);
    expect(seen.error).not.toContain("hush");
  });

  test("nobody who reads the answer any longer cancels the interaction, and is no failure", async () => {
    const { seen, outside } = at();
    let written = 0;
    const write = async () => {
      written += 1;
      if (written > 1) throw Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
    };
    const argv = ["ask", "--model", "simulator-slow-200", "Tell me a long story about everything."];
    expect(await runCommand(argv, { ...outside, output: { isTerminal: false, write } })).toBe(0);
    expect(await stored(idIn(seen.error))).toMatchObject({ status: "cancelled" });
  });

  test("behind a path, every command finds the hub", async () => {
    for (const path of ["/some/prefix", "/v1beta", "/some/prefix/v1beta/"]) {
      const { seen, run } = commandLine();
      expect(await run("ask", "Hi", "--url", `${hub.url}${path}`)).toBe(0);
      expect(await run("chains", "show", idIn(seen.error), "--url", `${hub.url}${path}`)).toBe(0);
    }
  });

  test("an interaction that does not complete gives 4 and says why; so does tail; an unknown one gives 3", async () => {
    const { seen, run } = at();
    expect(await run("ask", "--model", "simulator-fault-fail-3", "Hi")).toBe(4);
    expect(seen.error).toContain("interactions-hub: The simulator fails after 3 events");
    expect(seen.error).not.toContain("--previous");
    const tail = at();
    expect(await tail.run("tail", idIn(seen.error))).toBe(4);
    expect(tail.seen.out).toContain("(failed)");
    expect(await tail.run("tail", "v1_absent")).toBe(3);
    expect(await tail.run("ask", "--model", "nobody-has-this", "Hi")).toBe(1);
    expect(tail.seen.error).toContain("nobody-has-this");
  });

  test("asked to stop, it cancels the interaction, waits for its end, and gives the signal's code", async () => {
    const { seen, run } = at();
    const code = run("ask", "--model", "simulator-slow-200", "Tell me a long story about everything.");
    await expect.poll(() => seen.out).not.toBe("");
    seen.stop(130);
    // The launcher's echo of the same key press.
    seen.stop(130);
    expect(await code).toBe(130);
    expect(seen.error).toContain("(cancelled)");
    expect(await stored(idIn(seen.error))).toMatchObject({ status: "cancelled" });
    expect(seen.exits).toEqual([]);
    seen.time += 1000;
    seen.stop(130);
    expect(seen.exits).toEqual([130]);
  });

  test("asked to stop before the first event, it cancels as soon as there is an id", async () => {
    const { seen, outside } = at();
    const stopped = { ...outside, onStopSignal: (listener: (exitCode: number) => void) => listener(143) };
    expect(await runCommand(["ask", "--model", "simulator-slow-200", "Tell me a long story."], stopped)).toBe(143);
    expect(await stored(idIn(seen.error))).toMatchObject({ status: "cancelled" });
  });

  test("nothing that a model says reaches a terminal as an order", async () => {
    const { seen, run } = commandLine({ env: { INTERACTIONS_HUB_URL: hub.url }, terminal: true });
    expect(await run("ask", "--model", "simulator", "echo \u{1B}]0;owned\u{7}\u{9B}31m")).toBe(0);
    expect(seen.out).toContain("␛]0;owned␇�31m");
    for (const order of ["\u{1B}]", "\u{7}", "\u{9B}"]) expect(seen.out).not.toContain(order);
  });

  test("colours follow the terminal, NO_COLOR and FORCE_COLOR", async () => {
    const colours = async (env: { [name: string]: string }, terminal: boolean) => {
      const { seen, run } = commandLine({ env: { INTERACTIONS_HUB_URL: hub.url, ...env }, terminal });
      await run("models");
      return seen.out.includes("\u{1B}[");
    };
    expect(await colours({}, true)).toBe(true);
    expect(await colours({}, false)).toBe(false);
    expect(await colours({ NO_COLOR: "1" }, true)).toBe(false);
    expect(await colours({ FORCE_COLOR: "1" }, false)).toBe(true);
    expect(await colours({ TERM: "dumb" }, true)).toBe(false);
  });
});

describe("models", () => {
  test("lists what can be asked, for people and as one document a line", async () => {
    const { seen, run } = at();
    expect(await run("models")).toBe(0);
    expect(seen.out).toMatch(/^NAME +UPSTREAM +KIND +CALLED\nsimulator +simulator +model +Simulator\n/);
    const json = at();
    expect(await json.run("models", "--json")).toBe(0);
    const lines = jsonLines(json.seen.out);
    expect(lines[0]).toMatchObject({ kind: "model", name: "simulator", provider: "simulator" });
    expect(new Set(lines.map(({ kind }) => kind))).toEqual(new Set(["model", "agent"]));
  });
});
