import { statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildBinary, bundleApplication, hostTarget } from "../../build/build-binary.ts";
import { parseDuration } from "../../server/configuration/duration.ts";
import { buildScripts } from "../bundle.ts";
import { describeMachine } from "../machine.ts";
import { printTable } from "../print-table.ts";
import { summarise } from "../summary.ts";
import { openWorkspace } from "../workspace.ts";
import { measureProgramStart } from "./measure-program-start.ts";
import { startProgram } from "./served-process.ts";
import { watchGrowth } from "./watch-growth.ts";

// How the hub starts, as a single executable, as the bundle of the npm package and from its sources, in one run. With
// `-- --load 10m` it is loaded for as long instead, and fails if what it holds goes on growing. It reads /proc, and so runs
// on Linux only.

const { rounds, load } = parseArgs({
  options: { rounds: { type: "string", default: "15" }, load: { type: "string" } },
}).values;
const workspace = openWorkspace();
console.log(`${describeMachine(new Date())}

Each start is that of a process on an empty data folder with an empty environment; the programs take turns. The first answer
is that to a create, by a simulator that does not wait. Memory is resident memory at rest after that, in units of 2^20 bytes; the file's size is in units of 10^6.
`);

const binary = join(await workspace.folder("binary"), "interactions-hub");
await buildBinary(await bundleApplication(await workspace.folder("bundle")), hostTarget(), binary);

if (load === undefined) {
  const { bundle, sources } = await buildScripts();
  const programs = {
    binary: [binary],
    "npm bundle": [process.execPath, bundle],
    sources: [process.execPath, sources],
  } as const;
  const measurements = await measureProgramStart(workspace, programs, Number(rounds));
  const size = summarise([statSync(binary).size / 1e6]);
  printTable([...measurements, { name: "file size, binary", unit: "MB", hub: size, target: { atMost: 130 } }]);
  process.exit(0);
}
const length = parseDuration(load);
if (length === undefined) throw new Error("--load needs a time, such as 10m.");
const server = await startProgram(workspace, [binary], ["--limits-concurrent-runs", "2000"]);
const isSteady = await watchGrowth(server, length);
await server.stop();
console.log(isSteady ? "no growth" : "it GROWS");
process.exit(isSteady ? 0 : 1);
