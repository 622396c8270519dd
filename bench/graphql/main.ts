import { parseArgs } from "node:util";
import { describeMachine } from "../machine.ts";
import { AT_ONCE } from "../measure-unary.ts";
import type { Measurement } from "../measurement.ts";
import { printTable } from "../print-table.ts";
import { type Contestant, contestant, startHubChild } from "../stage.ts";
import { openWorkspace } from "../workspace.ts";
import { builtStore } from "./built-store.ts";
import { measureCpu, startMercurius } from "./measure-cpu.ts";
import { measureFanOut } from "./measure-fan-out.ts";
import { measureLatency } from "./measure-latency.ts";
import { queryPlans } from "./query-plans.ts";
import { buildGraphqlScripts } from "./scripts.ts";

// What GraphQL costs on a store of a million interactions in 100,000 chains, over HTTP and WebSocket. The store is built
// first, and kept in the folder for temporary files for the next run. `npm run bench:graphql -- --quick` takes a store of a
// tenth and is rougher. `--only search` (or pages, chain, usage, cpu, fan-out; several may be given) takes only those.

const parts = ["pages", "chain", "search", "usage", "cpu", "fan-out"] as const;

const { quick, only } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: [...parts] as string[] },
  },
}).values;
const unknown = only.find((name) => !parts.some((part) => part === name));
if (unknown !== undefined) throw new Error(`There is no part '${unknown}', only ${parts.join(", ")}.`);

const LONGEST_CHAIN = 1000;
const interactions = quick ? 100_000 : 1_000_000;
const size = { interactions, chains: interactions / 10, longestChain: LONGEST_CHAIN };
const rounds = quick ? 3 : 5;

const workspace = openWorkspace();
const store = await builtStore(size, (line) => console.error(line));
const { took } = store;
const built = took && `built in ${took.seconds.toFixed(0)} s with ${took.cpuSeconds.toFixed(0)} s of CPU`;
const [inAll, inChains] = [size.interactions, size.chains].map((count) => count.toLocaleString("en"));

console.log(`${describeMachine(new Date())}${quick ? ", quick" : ""}

The store has ${inAll} interactions in ${inChains} chains, one of ${LONGEST_CHAIN}: ${built ?? "built before"}. Each server has
a process of its own. Times are from a request to the last byte of its answer, with one request at a time. CPU is user and
system time of all threads of the server: for one answer, while ${AT_ONCE} are asked for, or for one message. Mercurius answers
from a copy of the store through the same archive, without its JIT and without any guard. Figures are medians of rounds,
which alternate with the other servers'.
`);

const scripts = await buildGraphqlScripts();
const measurements: Measurement[] = [];

const plans = Object.entries(queryPlans(store.facts)).flatMap(([part, those]) => (only.includes(part) ? those : []));
if (plans.length > 0) {
  const hub = await startHub();
  for (const plan of plans) {
    console.error(`measuring ${plan.name} …`);
    measurements.push(...(await measureLatency(hub, plan, rounds)));
  }
  await leave(hub);
}
if (only.includes("cpu")) {
  console.error("measuring CPU beside mercurius …");
  // A fresh process, as mercurius' is: code that has run all of the queries above is not optimised for these.
  const hub = await startHub();
  const mercurius = await startMercurius(workspace, scripts, store);
  measurements.push(...(await measureCpu(hub, mercurius, store, quick)));
  await Promise.all([leave(hub), leave(mercurius)]);
}
if (only.includes("fan-out")) {
  console.error("measuring fan-out …");
  measurements.push(...(await measureFanOut(workspace, scripts, quick)));
}
printTable(measurements);
process.exit(0);

async function startHub(): Promise<Contestant> {
  return contestant(await startHubChild(workspace, scripts.bundle, scripts.reportUsage, { db: store.file }));
}

async function leave({ client, server }: Contestant): Promise<void> {
  client.close();
  await server.stop();
}
