import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { startChild } from "../child-server.ts";
import { type BenchRequest, readText } from "../http-client.ts";
import { costOf } from "../measure-unary.ts";
import type { Measurement } from "../measurement.ts";
import { type Contestant, contestant } from "../stage.ts";
import type { Workspace } from "../workspace.ts";
import { beside, type Rounds } from "./beside.ts";
import type { BuiltStore } from "./built-store.ts";
import { compared, posted } from "./documents.ts";
import type { GraphqlScripts } from "./scripts.ts";

/** Starts mercurius on a copy of the store: a file belongs to one server at a time. */
export async function startMercurius(
  workspace: Workspace,
  { mercuriusServer, reportUsage }: GraphqlScripts,
  { file }: BuiltStore,
): Promise<Contestant> {
  const copy = join(await workspace.folder("mercurius"), "store.db");
  await copyFile(file, copy);
  return contestant(await startChild(workspace, { reportUsage, script: [mercuriusServer, copy] }));
}

/** Processor time of the same queries beside mercurius; `factor` is how many times as much as mercurius' the hub may need. */
export async function measureCpu(
  hub: Contestant,
  mercurius: Contestant,
  { facts }: BuiltStore,
  quick: boolean,
): Promise<Measurement[]> {
  const [rounds, warmUp, count] = quick ? [3, 1500, 400] : [7, 4000, 1000];
  const queries = [
    { name: "list of 50 objects", request: posted(compared.list), factor: 1 },
    { name: "list of 50 objects with their turns", request: posted(compared.listWithTurns) },
    { name: "one field of one object", request: posted(compared.field, { id: facts.newest }), factor: 2.5 },
    { name: "one field that is nowhere stored", request: posted(compared.name), factor: 2.5 },
  ];
  const measured: Measurement[] = [];
  for (const { name, request, factor } of queries) {
    await checkAnswers(hub, mercurius, request);
    const costs: Rounds = { hub: [], other: [] };
    await costOf(hub, request, warmUp);
    await costOf(mercurius, request, warmUp);
    for (let round = 0; round < rounds; round += 1) {
      costs.hub.push(await costOf(hub, request, count));
      costs.other.push(await costOf(mercurius, request, count));
    }
    measured.push(beside(name, "mercurius", costs, (theirs) => factor && factor * theirs));
  }
  return measured;
}

/** A figure would say nothing if the answers were not the same. */
async function checkAnswers(hub: Contestant, mercurius: Contestant, request: BenchRequest): Promise<void> {
  const [ours, theirs] = await Promise.all([readText(hub.client, request), readText(mercurius.client, request)]);
  if (ours !== theirs) throw new Error(`Mercurius does not answer as the hub does: ${ours}\n${theirs}`);
}
