import { parseArgs } from "node:util";
import { buildScripts } from "./bundle.ts";
import { describeMachine } from "./machine.ts";
import { measureFirstEvent } from "./measure-first-event.ts";
import { measureFunctions } from "./measure-functions.ts";
import { ENDLESS_EVENTS, measureOpenStreams } from "./measure-open-streams.ts";
import { measureReplay, REPLAY_EVENTS } from "./measure-replay.ts";
import { measureStart } from "./measure-start.ts";
import { measureStreams } from "./measure-streams.ts";
import { measureUnary } from "./measure-unary.ts";
import type { Measurement } from "./measurement.ts";
import { printTable } from "./print-table.ts";
import { openStage, type Stage } from "./stage.ts";
import { openWorkspace } from "./workspace.ts";

// What the hub costs beside a bare node:http server that answers the same bytes in the same chunks.
// `npm run bench` takes a few minutes, `npm run bench -- --quick` less than one and is rougher.

const { quick } = parseArgs({ options: { quick: { type: "boolean", default: false } } }).values;
const workspace = openWorkspace();

console.log(`${describeMachine(new Date())}${quick ? ", quick" : ""}

Each server has a process of its own; this process sends the load over connections that stay open. The hub is the bundle
unless a line says sources, on a new database file, with its default settings but for a simulator that does not wait and
room for more runs. CPU is user and system time of all of the server's threads, after a warm-up. Figures are medians of
rounds that alternate with the bare server's; memory is resident memory; cost is the hub's figure over the bare server's.
`);

const scripts = await buildScripts();
const measurements: Measurement[] = [];

await measure("start and idle memory", () => measureStart(workspace, scripts, quick));
await onStage(REPLAY_EVENTS, async (stage) => {
  await measure("unary creates", () => measureUnary(stage, quick));
  await measure("streams", () => measureStreams(stage, quick));
  await measure("first event", () => measureFirstEvent(stage, quick));
  await measure("replay", () => measureReplay(stage, quick));
});
// In fresh processes: what the load left behind would hide what the streams need.
await onStage(ENDLESS_EVENTS, (stage) => measure("open streams", () => measureOpenStreams(stage)));
await measure("functions", () => measureFunctions(quick));
console.error("");
printTable(measurements);
process.exit(0);

/** Says what is going on to whoever waits, and keeps the figures for the table. */
async function measure(name: string, run: () => Measurement[] | Promise<Measurement[]>): Promise<void> {
  console.error(`measuring ${name} …`);
  measurements.push(...(await run()));
}

async function onStage(replayEvents: number, use: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = await openStage(workspace, scripts, replayEvents);
  try {
    await use(stage);
  } finally {
    await stage.close();
  }
}
