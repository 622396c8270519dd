import { setTimeout as wait } from "node:timers/promises";
import { createClient } from "../http-client.ts";
import type { Measurement } from "../measurement.ts";
import { plainCreate } from "../scenarios.ts";
import { summarise } from "../summary.ts";
import type { Workspace } from "../workspace.ts";
import { type Program, startProgram } from "./served-process.ts";

/** Milliseconds after its first answer in which a server comes to rest. */
const REST = 1500;

type Start = { listening: number; answered: number; memory: number };

/** From the start of a process on an empty data folder to its first answered create, in turn, and its memory at rest. */
export async function measureProgramStart(
  workspace: Workspace,
  programs: Readonly<Record<string, Program>>,
  rounds: number,
): Promise<Measurement[]> {
  const starts = new Map<string, Start[]>(Object.keys(programs).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, program] of Object.entries(programs)) starts.get(name)?.push(await start(workspace, program));
  }
  const over = (name: string, member: keyof Start) => summarise((starts.get(name) ?? []).map((start) => start[member]));
  const rows = (label: string, member: keyof Start, unit: "ms" | "MB", target: number | undefined): Measurement[] =>
    Object.keys(programs).map((name) => ({
      name: `${label}, ${name}`,
      unit,
      hub: over(name, member),
      ...(target === undefined || name !== "binary" ? {} : { target: { atMost: target } }),
    }));
  return [
    ...rows("start to listening", "listening", "ms", undefined),
    ...rows("start to first answer", "answered", "ms", 300),
    ...rows("idle memory", "memory", "MB", 90),
  ];
}

async function start(workspace: Workspace, program: Program): Promise<Start> {
  const begun = performance.now();
  const server = await startProgram(workspace, program);
  const listening = performance.now() - begun;
  const client = createClient(server.url, 1);
  await client.send(plainCreate, () => {});
  const answered = performance.now() - begun;
  await wait(REST);
  const { memory } = server.look();
  client.close();
  await server.stop();
  return { listening, answered, memory: memory / 2 ** 20 };
}
