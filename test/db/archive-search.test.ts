import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MOST_RANKED, MOST_WORDS, searchMarks } from "../../schema/archive.ts";
import { HubError } from "../../schema/core/error.ts";
import { foundIn, openArchive, storeSaid } from "./open-archive.ts";

let opened: ReturnType<typeof openArchive>;
beforeEach(() => {
  opened = openArchive();
});
afterEach(() => opened.store.close());

const newest = { by: "created", direction: "descending" } as const;
const marked = (text: string) => `${searchMarks.start}${text}${searchMarks.end}`;
const search = (text: string, limit = 50) => opened.archive.search({ text }, { limit });

describe("a text query", () => {
  test("finds words whatever their case and accents, phrases, beginnings, and what underscores join", async () => {
    const { store } = opened;
    const texts = {
      weather: "The Weather in Zürich is fine",
      tools: "I call get_weather for you",
      apart: "fine is what the wind and the weather are",
    };
    const ids = new Map<string, string>();
    for (const [name, answered] of Object.entries(texts))
      ids.set((await storeSaid(store, name, { answered })).id, name);
    const names = async (text: string) =>
      foundIn(await search(text))
        .map((id) => ids.get(id))
        .sort();
    expect(await names("weather")).toEqual(["apart", "tools", "weather"]);
    expect(await names("WEATHER fine")).toEqual(["apart", "weather"]);
    expect(await names("zurich")).toEqual(["weather"]);
    expect(await names('"is fine"')).toEqual(["weather"]);
    expect(await names('"fine is"')).toEqual(["apart"]);
    expect(await names("get_weather")).toEqual(["tools"]);
    expect(await names("wea*")).toEqual(["apart", "tools", "weather"]);
    expect(await names('"the wea"*')).toEqual(["apart", "weather"]);
    expect(await names("wea")).toEqual([]);
    expect(await names("fine weather tools")).toEqual([]);
  });

  test("finds the arguments of tools and their results", async () => {
    const { id } = await storeSaid(opened.store, "tools", {
      output: [
        { type: "tool_call", tool: "function", call_id: "c", name: "book", arguments: { city: "Lisbon" } },
        {
          type: "tool_result",
          tool: "google_search",
          call_id: "d",
          result: { type: "json", json: { title: "Porto" } },
        },
      ],
    });
    expect((await search("lisbon")).edges.map(({ node }) => [node.side, node.index])).toEqual([["output", 0]]);
    expect((await search("porto")).edges.map(({ node }) => [node.side, node.index])).toEqual([["output", 1]]);
    expect(foundIn(await search("book"))).toEqual([id]);
  });

  test("of whatever signs is answered or refused in our words, never by an error of the index", async () => {
    await storeSaid(opened.store, "a", { answered: 'NEAR AND "or" not * 🦊 tea' });
    const sign = fc.constantFrom(
      '"',
      "'",
      "*",
      "(",
      ")",
      "^",
      ":",
      "-",
      "+",
      "{",
      "}",
      ",",
      "\0",
      "🦊",
      "\ud800",
      "\ufdd0",
    );
    const word = fc.constantFrom("NEAR", "AND", "OR", "NOT", "text", "steps_text", "rowid", "tea", "te", " ", "\n");
    const hostile = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.array(fc.oneof(sign, word)).map((all) => all.join("")),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        try {
          await search(text);
          await opened.archive.list({ text }, newest, { limit: 5 });
        } catch (error) {
          expect(error).toBeInstanceOf(HubError);
          expect(text.length).toBeGreaterThan(MOST_WORDS);
        }
      }),
      { numRuns: 500 },
    );
    for (const text of [
      "NEAR",
      "and",
      "OR",
      "not*",
      "NEAR(and",
      '"tea',
      "tea OR",
      "-tea",
      "^tea",
      "(tea)",
      "near:and",
    ]) {
      expect([text, (await search(text)).edges.length]).toEqual([text, 1]);
    }
    for (const text of ["", " ", '""', "*", "()", "'--", "text:tea", "NEAR(tea"]) {
      expect([text, (await search(text)).edges.length]).toEqual([text, 0]);
    }
  });

  test("with too many words, or a star behind what too many words begin with, is refused", async () => {
    const many = Array.from({ length: MOST_WORDS + 1 }, (_, index) => `w${index}`).join(" ");
    await expect(search(many)).rejects.toMatchObject({ code: "invalid_request" });
    await storeSaid(opened.store, "a", { answered: Array.from({ length: 501 }, (_, index) => `w${index}`).join(" ") });
    await expect(search("w*")).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining('"w"'),
    });
    expect((await search("w50*")).edges).toHaveLength(1);
  });
});

describe("a snippet", () => {
  test("has marks around what matches, and no others, whatever a text has", async () => {
    const { start, end } = searchMarks;
    await storeSaid(opened.store, "a", { answered: `A${start}b${end} tea, \0${start}${start}and Teapots` });
    const [hit] = (await search("tea*")).edges;
    expect(hit?.node.snippet).toBe(`A b  ${marked("tea")},    and ${marked("Teapots")}`);
  });

  test("of a long text is the part with the most matches, cut between words", async () => {
    const filler = "lorem ipsum dolor sit amet ".repeat(40);
    await storeSaid(opened.store, "a", { answered: `${filler}tea ${filler}some tea and more tea here ${filler}` });
    const snippet = (await search("tea")).edges[0]?.node.snippet ?? "";
    expect(snippet).toContain(`some ${marked("tea")} and more ${marked("tea")} here`);
    expect(snippet).toMatch(/^….+…$/su);
    expect(snippet.length).toBeLessThan(260);
  });
});

describe("a search", () => {
  test("ranks first what says the words more often, and in fewer words", async () => {
    const { store } = opened;
    const filler = " and so on".repeat(20);
    const often = await storeSaid(store, "often", { answered: "tea, tea and more tea" });
    const once = await storeSaid(store, "once", { answered: "a cup of tea" });
    const long = await storeSaid(store, "long", { answered: `tea${filler}` });
    expect(foundIn(await search("tea"))).toEqual([often.id, once.id, long.id]);
  });

  test("weighs a rare word more than a common one", async () => {
    const { store } = opened;
    for (let index = 0; index < 30; index += 1) await storeSaid(store, `${index}`, { answered: "tea for two" });
    const common = await storeSaid(store, "common", { answered: "tea tea tea tea lamp stands here" });
    const rare = await storeSaid(store, "rare", { answered: "tea lamp lamp lamp lamp stands here" });
    expect(foundIn(await search("tea lamp"))).toEqual([rare.id, common.id]);
  });

  test("pages through one ranking while others store more, and says that not all matches are ranked", async () => {
    const { store, archive } = opened;
    const before = [];
    for (let index = 0; index < 9; index += 1) {
      before.push((await storeSaid(store, `${index}`, { answered: `tea ${"and ".repeat(index)}` })).id);
    }
    const seen: string[] = [];
    let after = undefined as readonly number[] | undefined;
    for (let index = 0; index < 3; index += 1) {
      const page = await archive.search({ text: "tea" }, { limit: 3, ...(after === undefined ? {} : { after }) });
      seen.push(...foundIn(page));
      after = page.edges.at(-1)?.key;
      expect(page.bounded).toBe(false);
      await storeSaid(store, `later-${index}`, { answered: "tea" });
    }
    expect(seen).toEqual(before);

    const texts = Array.from({ length: MOST_RANKED + 1 }, (_, index) =>
      storeSaid(store, `m${index}`, { answered: "lamp" }),
    );
    await Promise.all(texts);
    const page = await search("lamp", 1);
    expect(page).toMatchObject({ bounded: true, has_next: true });
    expect((await search("tea")).bounded).toBe(false);
  });

  test("finds nothing of what is gone, not even when its keys are given to others before they were indexed", async () => {
    const { store, storage } = opened;
    const kept = await storeSaid(store, "kept", { answered: "tea 1" });
    const known = await storeSaid(store, "known", { answered: "tea 2" });
    expect(foundIn(await search("tea"))).toHaveLength(2);
    const unseen = await storeSaid(store, "unseen", { answered: "tea 3" });
    for (const { id } of [unseen, known]) await store.remove(id);
    const other = await storeSaid(store, "other", { answered: "tea 4" });
    expect(foundIn(await search("tea")).sort()).toEqual([kept.id, other.id].sort());
    expect(await search('"tea 2"')).toMatchObject({ edges: [] });
    const { connection } = storage.database;
    connection.exec("insert into steps_text (steps_text, rank) values ('integrity-check', 1)");
  });

  test("within a filter ranks what the filter leaves, whether that is much or little", async () => {
    const { store, archive } = opened;
    const rare = await storeSaid(store, "rare", { answered: "tea" }, { settings: { labels: { team: "rare" } } });
    for (let index = 0; index < 5; index += 1) {
      await storeSaid(store, `${index}`, { answered: "tea" }, { settings: { labels: { team: "common" } } });
    }
    const within = async (value: string) =>
      foundIn(await archive.search({ text: "tea", filter: { labels: [{ key: "team", value }] } }, { limit: 50 }));
    expect(await within("rare")).toEqual([rare.id]);
    expect(await within("common")).toHaveLength(5);
    expect(await within("none")).toEqual([]);
  });
});
