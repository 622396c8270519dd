import { parseArgs } from "node:util";
import { buildScripts } from "./bundle.ts";
import { describeMachine } from "./machine.ts";
import { measureFirstEvent } from "./measure-first-event.ts";
import { measureFunctions } from "./measure-functions.ts";
import { measureOpenStreams } from "./measure-open-streams.ts";
import { measureReplay } from "./measure-replay.ts";
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
room for more runs. CPU is user and system time of all of the server's threads after a warm-up. Figures are medians of
rounds that alternate with the bare server's. Both servers' memory is resident memory.
`);

const scripts = await buildScripts();
const measurements: Measurement[] = [
  ...(await measureStart(workspace, scripts, quick)),
  ...(await onStage(async (stage) => [
    ...(await measureUnary(stage, quick)),
    ...(await measureStreams(stage, quick)),
    ...(await measureFirstEvent(stage, quick)),
    ...(await measureReplay(stage, quick)),
  ])),
  // In fresh processes: what the load left behind would hide what the streams need.
  ...(await onStage(measureOpenStreams)),
  ...measureFunctions(quick),
];
printTable(measurements);
process.exit(0);

async function onStage(measure: (stage: Stage) => Promise<Measurement[]>): Promise<Measurement[]> {
  const stage = await openStage(workspace, scripts);
  try {
    return await measure(stage);
  } finally {
    await stage.close();
  }
}
