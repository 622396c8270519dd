import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildScripts } from "../bench/bundle.ts";
import { create, send } from "./cases/http-client.ts";
import { type ServerProcess, startProcess } from "./cases/start-process.ts";

// What is loaded late is told from the rest only in a bundle: there a CommonJS package has other names than under Node.

let folder: string;
let script: string;
let server: ServerProcess | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hub-bundle-"));
  ({ bundle: script } = await buildScripts(`.bundle-of-${process.pid}`));
  writeFileSync(join(folder, "hub.yaml"), "aliases: { mine: simulator }\n");
  server = await startProcess(folder, ["--config", join(folder, "hub.yaml")], {}, script);
});
afterAll(async () => {
  await server?.stop("SIGTERM");
  for (const made of [folder, dirname(dirname(script))]) rmSync(made, { recursive: true, force: true });
});

const at = (): string => server?.url ?? "";

describe("the hub in one bundle", () => {
  it("reads its configuration file", async () => {
    const { status, body } = await create(at(), { model: "mine", input: "Hello" });
    expect({ status, body }).toMatchObject({ status: 200, body: { status: "completed", model: "mine" } });
  });

  it("prints its configuration", () => {
    const printed = execFileSync(process.execPath, [script, "config", "--data", folder], { encoding: "utf8" });
    expect(printed).toMatch(/^# Effective settings.*\n(?:.*\n)*port: \d+\n/);
  });

  it("answers by a JSON schema", async () => {
    const schema = { type: "object", properties: { city: { enum: ["Porto"] } }, required: ["city"] };
    const response_format = { type: "text", mime_type: "application/json", schema };
    const { body } = await create(at(), { model: "simulator", input: "Where to?", response_format });
    expect(body).toMatchObject({ status: "completed" });
    expect(JSON.stringify(body)).toContain("Porto");
  });

  it("answers over GraphQL", async () => {
    const { status, body } = await send(`${at()}/graphql`, "POST", { query: "{ models { id } }" });
    expect({ status, body }).toMatchObject({ status: 200, body: { data: { models: expect.any(Array) } } });
  });
});
