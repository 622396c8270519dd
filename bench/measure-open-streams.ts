import { setTimeout as wait } from "node:timers/promises";
import { createEventCounter } from "./event-counter.ts";
import { type BenchRequest, readText } from "./http-client.ts";
import type { Measurement } from "./measurement.ts";
import { backgroundOf, bareRequest, idIn, plainCreate, replayOf, streamOf } from "./scenarios.ts";
import { openSilentReader, type SilentReader } from "./silent-reader.ts";
import { type Contestant, PACED_EVENTS, type Stage } from "./stage.ts";
import { summarise } from "./summary.ts";

/** Events of an answer that no buffer between two processes can hold. */
export const ENDLESS_EVENTS = 45_000;
/** Half of all readers read, and half of those follow a run that others follow too. */
const READING = 500;
const RUNS = READING / 2;
const ENDLESS = 100;
/** Slow enough that all have come before the first has read to its end. */
const PAUSE_MS = 100;
const SAMPLE_EVERY = 200;
const REST = 2000;

/**
 * Memory with 1,000 open streams. Half of them never read a byte: 100 replay an answer that no buffer can hold, 400 follow
 * 250 running interactions. The other half reads to the end: 250 follow the same interactions, 250 create their own.
 */
export async function measureOpenStreams(stage: Stage): Promise<Measurement[]> {
  const ids: string[] = [];
  for (let index = 0; index < RUNS; index += 1) {
    ids.push(idIn(await readText(stage.hub.client, backgroundOf(PACED_EVENTS, PAUSE_MS))));
  }
  const live = ids.map(replayOf);
  const create = streamOf(PACED_EVENTS, PAUSE_MS);
  const barePaced = bareRequest("paced", { method: "GET", path: "" }, PAUSE_MS);
  const hub = await watch(stage.hub, {
    silent: [...many(ENDLESS, stage.replay), ...live, ...live.slice(0, READING - ENDLESS - RUNS)],
    reading: [...live, ...many(RUNS, create)],
  });
  await readText(stage.hub.client, plainCreate);
  const bare = await watch(stage.bare, {
    silent: [...many(ENDLESS, bareRequest("replay", stage.replay)), ...many(READING - ENDLESS, barePaced)],
    reading: many(READING, barePaced),
  });
  const row = (name: string, unit: Measurement["unit"], member: keyof Watched): Measurement => ({
    name,
    unit,
    hub: summarise([hub[member]]),
    bare: summarise([bare[member]]),
  });
  return [
    row(`memory before ${2 * READING} open streams`, "MB", "before"),
    row(`memory with them, ${READING} of which never read`, "MB", "during"),
    row("memory after they have gone", "MB", "after"),
    row("most streams open at once", "", "open"),
    row(`readers that got their whole stream, of ${READING}`, "", "whole"),
    row("CPU for all of them", "s", "cpu"),
  ];
}

/** Memory in megabytes, processor time in seconds. */
type Watched = { before: number; during: number; after: number; open: number; whole: number; cpu: number };

async function watch(
  { server, client }: Contestant,
  requests: { silent: readonly BenchRequest[]; reading: readonly BenchRequest[] },
): Promise<Watched> {
  const start = await server.usage();
  const watched = { before: megabytes(start.memory), during: 0, after: 0, open: 0, whole: 0, cpu: 0 };
  let reading = 0;
  const silent: SilentReader[] = [];
  const readers = requests.reading.map(async (request) => {
    const counter = createEventCounter();
    let begun = false;
    await client.send(request, (chunk) => {
      if (!begun) reading += 1;
      begun = true;
      counter.take(chunk);
    });
    reading -= 1;
    if (counter.finished() && counter.count() >= PACED_EVENTS) watched.whole += 1;
  });
  const done = Promise.all(readers).then(() => true);
  await Promise.all(requests.silent.map(async (request) => silent.push(await openSilentReader(server.url, request))));
  do {
    watched.open = Math.max(watched.open, reading + silent.filter((reader) => reader.isOpen()).length);
    watched.during = Math.max(watched.during, megabytes((await server.usage()).memory));
  } while (!(await Promise.race([done, wait(SAMPLE_EVERY, false)])));
  for (const reader of silent) reader.leave();
  await wait(REST);
  const end = await server.usage();
  return { ...watched, after: megabytes(end.memory), cpu: (end.cpu - start.cpu) / 1e6 };
}

function many(count: number, request: BenchRequest): BenchRequest[] {
  return Array.from({ length: count }, () => request);
}

function megabytes(bytes: number): number {
  return bytes / 2 ** 20;
}
