import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandLine, jsonLines } from "../../cases/command-line.ts";
import { startTestHub } from "../../cases/start-test-hub.ts";

let hub: Awaited<ReturnType<typeof startTestHub>>;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.close());

const at = (more: Partial<Parameters<typeof commandLine>[0]> = {}) =>
  commandLine({ env: { INTERACTIONS_HUB_URL: hub.url }, ...more });

async function create(input: string, members: object = {}): Promise<string> {
  const response = await fetch(`${hub.url}/v1beta/interactions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "simulator", input, ...members }),
  });
  return ((await response.json()) as { id: string }).id;
}

async function listed(...flags: string[]): Promise<unknown[]> {
  const { seen, run } = at();
  expect(await run("chains", "list", "--json", ...flags)).toBe(0);
  return jsonLines(seen.out).map(({ id }) => id);
}

describe("chains list", () => {
  test("prints the newest first, as many as were asked for, page by page", async () => {
    const ids: string[] = [];
    for (let count = 0; count < 103; count += 1)
      ids.push(await create(`Number ${count}`, { labels: { batch: "pages" } }));
    expect(await listed("--label", "batch=pages", "--limit", "102")).toEqual(ids.slice(1).reverse());
    expect(await listed("--label", "batch")).toHaveLength(20);
    expect(await listed("--label", "batch=other")).toEqual([]);
  });

  test("filters by model, status, text and time, all of which must hold", async () => {
    const id = await create("A rhinoceros, please", { model: "gemini-2.5-flash" });
    expect(await listed("--text", "rhinoceros")).toEqual([id]);
    expect(await listed("--text", "rhinoceros", "--model", "gemini-2.5-flash", "--status", "completed")).toEqual([id]);
    expect(await listed("--text", "rhinoceros", "--status", "failed")).toEqual([]);
    expect(await listed("--text", "rhinoceros", "--since", "2020-01-01")).toEqual([id]);
    expect(await listed("--text", "rhinoceros", "--since", "2999-01-01")).toEqual([]);
  });

  test("for people it is a table with one line each, whatever was said", async () => {
    await create("several\nlines \u{1B}[31m and orders");
    const { seen, run } = at();
    expect(await run("chains", "list", "--limit", "1")).toBe(0);
    expect(seen.out.trimEnd().split("\n")).toHaveLength(2);
    expect(seen.out).toContain("several lines ␛[31m and orders");
  });
});

describe("chains show", () => {
  test("prints a transcript from the root on, and marks where others branch off", async () => {
    const root = await create("My name is Ada.");
    const other = await create("Another way", { previous_interaction_id: root });
    const tip = await create("What is my name?", { previous_interaction_id: root });
    const { seen, run } = at();
    expect(await run("chains", "show", tip)).toBe(0);
    expect(seen.out).toMatch(/^── v1_/);
    expect(seen.out).toContain("user\nMy name is Ada.\nmodel\nNice to meet you, Ada.\n");
    expect(seen.out).toContain(`other branches from the same place: ${other}`);
    expect(seen.out.indexOf("My name is Ada.")).toBeLessThan(seen.out.indexOf("What is my name?"));
    expect(seen.out).not.toContain("Another way");

    const json = at();
    expect(await json.run("chains", "show", root, "--json")).toBe(0);
    expect(jsonLines(json.seen.out)).toMatchObject([
      {
        id: root,
        chain: [{ interaction: { id: root, status: "completed" }, siblings: [], more_siblings: false }],
        next: [other, tip],
      },
    ]);
    expect(await json.run("chains", "show", "v1_absent")).toBe(3);
  });

  test("shows calls of tools with their arguments", async () => {
    const weather = {
      type: "function",
      name: "get_weather",
      parameters: { type: "object", properties: { city: { type: "string" } } },
    };
    const id = await create("What is the weather in Paris?", { tools: [weather] });
    const { seen, run } = at();
    expect(await run("chains", "show", id)).toBe(0);
    expect(seen.out).toContain("→ get_weather {");
  });
});

describe("chains delete", () => {
  test("forgets one interaction, or with --tree all that goes on from it, and says which", async () => {
    const root = await create("Root");
    const middle = await create("Middle", { previous_interaction_id: root });
    const tip = await create("Tip", { previous_interaction_id: middle });
    const { seen, run } = at();
    expect(await run("chains", "delete", "--tree", "--yes", middle)).toBe(0);
    expect(seen.out).toBe(`deleted ${tip}\ndeleted ${middle}\n`);
    expect(await run("chains", "show", tip)).toBe(3);
    expect(await run("chains", "delete", "--yes", "--json", root)).toBe(0);
    expect(seen.out).toContain(`{"id":"${root}","deleted":true}\n`);
    expect(await run("chains", "delete", "--yes", root)).toBe(3);
  });

  test("asks first, deletes nothing unless people agree, and refuses where nobody can be asked", async () => {
    const id = await create("Precious");
    await create("More", { previous_interaction_id: id });
    const doubting = at({ terminal: true, input: "\n" });
    expect(await doubting.run("chains", "delete", id)).toBe(1);
    expect(doubting.seen.error).toBe("Delete this interaction; 1 that go on from it stay, without it? [y/N] ");
    const piped = at({ input: "y\n" });
    expect(await piped.run("chains", "delete", id)).toBe(2);
    expect(piped.seen.error).toContain("say --yes");
    expect(await at().run("chains", "show", id)).toBe(0);
    const sure = at({ terminal: true, input: "y\n" });
    expect(await sure.run("chains", "delete", id)).toBe(0);
    expect(await at().run("chains", "show", id)).toBe(3);
  });
});
