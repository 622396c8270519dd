import { parseArgs } from "node:util";
import { buildScripts } from "./bundle.ts";
import { describeMachine } from "./machine.ts";
import { measureFirstEvent } from "./measure-first-event.ts";
import { measureFunctions } from "./measure-functions.ts";
import { ENDLESS_EVENTS, measureOpenStreams } from "./measure-open-streams.ts";
import { measureRelay } from "./measure-relay.ts";
import { measureReplay, REPLAY_EVENTS } from "./measure-replay.ts";
import { measureStart } from "./measure-start.ts";
import { measureStreams } from "./measure-streams.ts";
import { measureUnary } from "./measure-unary.ts";
import type { Measurement } from "./measurement.ts";
import { printTable } from "./print-table.ts";
import { openRelayStage } from "./relay-stage.ts";
import { openStage } from "./stage.ts";
import { openWorkspace } from "./workspace.ts";

// What the hub costs: alone beside a bare node:http server that answers the same bytes in the same chunks, and before an
// upstream beside a plain node:http pipe to it. `npm run bench` takes a few minutes, `npm run bench -- --quick` about one
// and is rougher. `--only relay` (or start, load, open, functions; several may be given) takes only those measures.

const { quick, only } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: [] as string[] },
  },
}).values;
const workspace = openWorkspace();

console.log(`${describeMachine(new Date())}${quick ? ", quick" : ""}

Each server has a process of its own; this process sends the load over connections that stay open. The hub is the bundle
unless a line says sources, on a new database file, with its default settings but for a simulator that does not wait and
room for more runs. CPU is user and system time of all of the server's threads, after a warm-up. Figures are medians of
rounds that alternate with the other servers'; memory is resident memory; cost is the hub's figure over theirs. Called
directly, the figure is that of the client, which is this process.
`);

const scripts = await buildScripts();
const measurements: Measurement[] = [];
const parts: Record<string, () => Promise<void>> = {
  start: () => measure("start and idle memory", () => measureStart(workspace, scripts, quick)),
  load: () =>
    onStage(openStage(workspace, scripts, REPLAY_EVENTS), async (stage) => {
      await measure("unary creates", () => measureUnary(stage, quick));
      await measure("streams", () => measureStreams(stage, quick));
      await measure("first event", () => measureFirstEvent(stage, quick));
      await measure("replay", () => measureReplay(stage, quick));
    }),
  // In fresh processes: what the load left behind would hide what the streams need.
  open: () =>
    onStage(openStage(workspace, scripts, ENDLESS_EVENTS), (stage) =>
      measure("open streams", () => measureOpenStreams(stage)),
    ),
  relay: () =>
    onStage(openRelayStage(workspace, scripts), (stage) => measure("relay", () => measureRelay(stage, quick))),
  functions: () => measure("functions", () => measureFunctions(quick)),
};
const chosen = only.length === 0 ? Object.keys(parts) : only;
for (const part of chosen) {
  const run = parts[part];
  if (run === undefined) throw new Error(`There is no part '${part}', only ${Object.keys(parts).join(", ")}.`);
  await run();
}
for (const table of [measurements.filter(isAlone), measurements.filter((one) => !isAlone(one))]) {
  if (table.length === 0) continue;
  console.log("");
  printTable(table);
}
process.exit(0);

/** Says what is going on to whoever waits, and keeps the figures for the table. */
async function measure(name: string, run: () => Measurement[] | Promise<Measurement[]>): Promise<void> {
  console.error(`measuring ${name} …`);
  measurements.push(...(await run()));
}

async function onStage<S extends { close(): Promise<void> }>(
  opening: Promise<S>,
  use: (stage: S) => Promise<void>,
): Promise<void> {
  const stage = await opening;
  try {
    await use(stage);
  } finally {
    await stage.close();
  }
}

/** What is relayed is compared with other things, and gets a table of its own. */
function isAlone({ pipe }: Measurement): boolean {
  return pipe === undefined;
}
