import { type AuditFail, type AuditResult, auditServer } from "graphql-http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningHub } from "../../../server/configuration/running-hub.ts";
import { startTestHub } from "../../cases/start-test-hub.ts";

let hub: RunningHub;
let results: AuditResult[];
beforeAll(async () => {
  hub = await startTestHub();
  results = await auditServer({ url: `${hub.url}/graphql` });
});
afterAll(() => hub.close());

/** What failed, with what each audit names. */
function failed(demand: "MUST" | "SHOULD" | "MAY"): string[] {
  return results
    .filter((result): result is AuditFail => result.status !== "ok" && result.name.startsWith(demand))
    .map(({ id, name, reason }) => `${id} ${name}: ${reason}`);
}

describe("the audits of GraphQL over HTTP", () => {
  test("look at everything", () => {
    expect(results.length).toBeGreaterThan(50);
    expect(new Set(results.map(({ name }) => name.split(" ")[0]))).toEqual(new Set(["MUST", "SHOULD", "MAY"]));
  });

  test("find all that a server must do", () => {
    expect(failed("MUST")).toEqual([]);
  });

  test("find all that a server should do", () => {
    expect(failed("SHOULD")).toEqual([]);
  });
});
