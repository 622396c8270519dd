import { chatText, FIRST_WORD } from "./chat-answer.ts";
import { type BenchRequest, readText } from "./http-client.ts";
import { waitOf } from "./measure-first-event.ts";
import { rateOf } from "./measure-streams.ts";
import { AT_ONCE, costOf } from "./measure-unary.ts";
import type { Measurement } from "./measurement.ts";
import type { RelayStage } from "./relay-stage.ts";
import { type RelayQuestion, relayOf } from "./scenarios.ts";
import { type Contestant, PACED_EVENTS, STREAM_EVENTS } from "./stage.ts";
import { type Summary, summarise } from "./summary.ts";

/** Words of an answer that the client gets whole: as many as the simulator has for the create that is measured alone. */
const UNARY_WORDS = 8;
const PACED_AT_ONCE = 200;
const PAUSE_MS = 20;
/** An answer of which only the first word matters; the rest comes too late to be in its way. */
const FIRST_WORDS = 4;
const FIRST_PAUSE_MS = 2;

const ways = ["hub", "pipe", "direct"] as const;
type Way = (typeof ways)[number];

/** What it costs to reach an upstream through the hub, beside a pipe that keeps nothing and beside no detour at all. */
export async function measureRelay(stage: RelayStage, quick: boolean): Promise<Measurement[]> {
  return [
    await measureUnary(stage, quick),
    ...(await measureStreams(stage, quick)),
    ...(await measureFirstWord(stage, quick)),
  ];
}

async function measureUnary(stage: RelayStage, quick: boolean): Promise<Measurement> {
  const [rounds, warmUp, count] = quick ? [3, 4000, 1000] : [9, 15_000, 2000];
  const question = relayOf(UNARY_WORDS, { stream: false });
  await checkAnswers(stage, question, UNARY_WORDS);
  const costs = await alternate(stage, question, { rounds, warmUp, count, measure: costOf });
  return {
    name: `stored and relayed unary create, CPU (${AT_ONCE} at once)`,
    unit: "µs",
    ...summaries(costs),
    target: { atMost: 300 },
  };
}

async function measureStreams(stage: RelayStage, quick: boolean): Promise<Measurement[]> {
  const [rounds, streams] = quick ? [3, 32] : [5, 80];
  const long = relayOf(STREAM_EVENTS, { stream: true });
  const paced = relayOf(PACED_EVENTS, { stream: true, pauseMs: PAUSE_MS });
  await checkAnswers(stage, long, STREAM_EVENTS);
  await checkAnswers(stage, paced, PACED_EVENTS);
  const longRates = await alternate(stage, long, {
    ...{ rounds, warmUp: streams, count: streams },
    measure: (contestant, request, count) => rateOf(contestant, request, count, AT_ONCE),
  });
  const pacedRates = await alternate(stage, paced, {
    ...{ rounds, warmUp: PACED_AT_ONCE, count: PACED_AT_ONCE },
    measure: (contestant, request, count) => rateOf(contestant, request, count, PACED_AT_ONCE),
  });
  return [
    {
      name: `stored and relayed events per second and core (${AT_ONCE} streams)`,
      unit: "/s",
      ...summaries(longRates),
      target: { atLeast: 30_000 },
    },
    {
      name: `the same, ${PACED_AT_ONCE} streams paced at ${1000 / PAUSE_MS} events/s`,
      unit: "/s",
      ...summaries(pacedRates),
    },
  ];
}

/** How long a client waits for the first word, which the upstream says at once, and how much of that is the detour. */
async function measureFirstWord(stage: RelayStage, quick: boolean): Promise<Measurement[]> {
  const [rounds, warmUp, count] = quick ? [3, 200, 100] : [7, 1000, 200];
  const question = relayOf(FIRST_WORDS, { stream: true, pauseMs: FIRST_PAUSE_MS });
  await checkAnswers(stage, question, FIRST_WORDS);
  const isThere = (piece: Buffer) => piece.includes(FIRST_WORD);
  const waits = await alternate(stage, question, {
    ...{ rounds, warmUp, count },
    measure: (contestant, request, times) => waitOf(contestant, request, times, isThere),
  });
  const added = (way: Way) => summarise(waits[way].map((wait, round) => wait - (waits.direct[round] ?? Number.NaN)));
  return [
    { name: "time to the first word of a relayed stream", unit: "ms", ...summaries(waits) },
    {
      name: "of that, added to what the upstream takes",
      unit: "ms",
      hub: added("hub"),
      pipe: added("pipe"),
      target: { atMost: 2 },
    },
  ];
}

type Plan = {
  rounds: number;
  warmUp: number;
  count: number;
  measure(contestant: Contestant, request: BenchRequest, count: number): Promise<number>;
};

/** Every way in turn, so that what else the machine does in the meantime is borne by all. */
async function alternate(stage: RelayStage, question: RelayQuestion, plan: Plan): Promise<Record<Way, number[]>> {
  const measured: Record<Way, number[]> = { hub: [], pipe: [], direct: [] };
  for (const way of ways) await plan.measure(stage[way], requestOf(question, way), plan.warmUp);
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const way of ways) {
      measured[way].push(await plan.measure(stage[way], requestOf(question, way), plan.count));
    }
  }
  return measured;
}

/** A figure would say nothing if the answers were not the same. */
async function checkAnswers(stage: RelayStage, question: RelayQuestion, words: number): Promise<void> {
  for (const way of ways) {
    const answer = await readText(stage[way].client, requestOf(question, way));
    const texts = [...answer.matchAll(/"(?:text|content)":"([^"]*)"/g)].map(([, text]) => text);
    if (!texts.join("").includes(chatText(words))) throw new Error(`${way} did not answer as the upstream does.`);
  }
}

function requestOf({ toHub, toUpstream }: RelayQuestion, way: Way): BenchRequest {
  return way === "hub" ? toHub : toUpstream;
}

function summaries(measured: Record<Way, readonly number[]>): Record<Way, Summary> {
  return { hub: summarise(measured.hub), pipe: summarise(measured.pipe), direct: summarise(measured.direct) };
}
