import { describe, expect, test } from "vitest";
import { createProgress } from "../../../../server/commands/terminal/progress.ts";

function terminal(isTerminal: boolean, env: { TERM?: string } = {}) {
  const seen = { text: "", time: 0 };
  const write = async (piece: string | Uint8Array) => {
    seen.text += Buffer.from(piece).toString();
  };
  return { seen, outside: { errors: { isTerminal, write }, now: () => seen.time, env } };
}

describe("progress", () => {
  test("is one line of a terminal, written anew at most ten times a second, and gone at the end", async () => {
    const { seen, outside } = terminal(true);
    const progress = createProgress(outside, false);
    for (seen.time = 1000; seen.time < 1250; seen.time += 10) progress.show(`at ${seen.time}`);
    await progress.end();
    const line = "\r\u{1B}[K";
    expect(seen.text).toBe(`${line}at 1000${line}at 1100${line}at 1200${line}`);
  });

  test("is not told elsewhere, nor to who wants it quiet or has a terminal that takes no orders, and a line that was never there is not taken away", async () => {
    for (const [isTerminal, quiet] of [
      [false, false],
      [true, true],
    ] as const) {
      const { seen, outside } = terminal(isTerminal);
      const progress = createProgress(outside, quiet);
      progress.show("half");
      await progress.end();
      expect(seen.text).toBe("");
    }
    const dumb = terminal(true, { TERM: "dumb" });
    const shown = createProgress(dumb.outside, false);
    shown.show("half");
    await shown.end();
    expect(dumb.seen.text).toBe("");
    const { seen, outside } = terminal(true);
    await createProgress(outside, false).end();
    expect(seen.text).toBe("");
  });
});
