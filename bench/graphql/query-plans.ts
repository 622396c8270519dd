import {
  chainOfHeads,
  chainOfTexts,
  pageOfTurns,
  posted,
  search,
  usageByDay,
  usageByDayAndModel,
} from "./documents.ts";
import type { StoreFacts } from "./fill-store.ts";
import type { LatencyPlan } from "./measure-latency.ts";
import { searchedWords } from "./searched-words.ts";
import { createSeededRandom } from "./seeded-random.ts";

/** Pages that are read one after the other before a look at another part of the store. */
const PAGES_IN_A_ROW = 10;

type Order = { by: "created" | "updated"; direction: "descending" };
const newestFirst: Order = { by: "created", direction: "descending" };
const latestFirst: Order = { by: "updated", direction: "descending" };

/** The queries that a tool asks of a large store, by what they are about. */
export function queryPlans(facts: StoreFacts) {
  return { pages: pagePlans(facts), chain: chainPlans(facts), search: searchPlans(facts), usage: usagePlans };
}

function pagePlans(facts: StoreFacts): LatencyPlan[] {
  const docs = { labels: [{ key: "team", value: "docs" }] };
  const atMost = { p99: 20 };
  return [
    { name: "page of 50 with turns, newest first", request: pages(facts, newestFirst), count: 200, atMost },
    { name: "page of 50 with turns, latest change first", request: pages(facts, latestFirst), count: 100, atMost },
    { name: "page of 50 with turns, of one label", request: pages(facts, newestFirst, docs), count: 100, atMost },
  ];
}

function chainPlans({ longestChainTip: id }: StoreFacts): LatencyPlan[] {
  return [
    { name: "chain of 1,000", request: () => posted(chainOfHeads, { id }), count: 40, atMost: { median: 30 } },
    { name: "chain of 1,000 with texts", request: () => posted(chainOfTexts, { id }), count: 20 },
  ];
}

/** Searches of every kind; each text of a kind in turn. */
function searchPlans({ from, to }: StoreFacts): LatencyPlan[] {
  const { rare, common, veryCommon, pairs, phrases, beginnings } = searchedWords;
  const kinds = {
    "a rare word": rare,
    "a common word": common,
    "a word of most steps": veryCommon,
    "two words": pairs,
    "a phrase": phrases,
    "the beginning of a word": beginnings,
  };
  const firstMonth = { createdFrom: dateTime(from), createdBefore: dateTime(from + (to - from) / 12) };
  const eachOf = (texts: readonly string[], filter?: object) => (place: number) =>
    posted(search, { text: texts[place % texts.length], filter });
  return [
    ...Object.entries(kinds).map(([kind, texts]) => ({
      name: `ranked search: ${kind}`,
      request: eachOf(texts),
      count: 100,
      atMost: { p99: 50 },
    })),
    {
      name: "ranked search: a common word, in the oldest month",
      request: eachOf(common, firstMonth),
      count: 20,
    },
  ];
}

const usagePlans: LatencyPlan[] = [
  { name: "usage by day", request: () => posted(usageByDay), count: 40, atMost: { median: 200 } },
  {
    name: "usage by day, of one model",
    request: () => posted(usageByDay, { filter: { model: ["gemini-3-pro"] } }),
    count: 40,
    atMost: { median: 200 },
  },
  { name: "usage by day and model", request: () => posted(usageByDayAndModel), count: 40 },
];

/** Pages by keyset: some in a row, from places all over the store. */
function pages({ from, to }: StoreFacts, order: Order, filter: object = {}): LatencyPlan["request"] {
  const random = createSeededRandom(1);
  const bound = order.by === "created" ? "createdBefore" : "updatedBefore";
  let before = "";
  return (place, lastAnswer) => {
    const after = place % PAGES_IN_A_ROW === 0 ? undefined : cursorIn(lastAnswer);
    if (after === undefined) before = dateTime(from + random.next() * (to - from));
    return posted(pageOfTurns, { after, order, filter: { ...filter, [bound]: before } });
  };
}

function cursorIn(answer: string | undefined): string | undefined {
  return /"endCursor":"([^"]+)"/.exec(answer ?? "")?.[1];
}

function dateTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
