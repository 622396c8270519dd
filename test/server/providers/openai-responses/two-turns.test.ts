import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Interaction } from "../../../../schema/core/interaction.ts";
import type { Settings } from "../../../../schema/core/settings.ts";
import type { Step } from "../../../../schema/core/step.ts";
import type { Provider } from "../../../../schema/provider.ts";
import { type FakeVendor, startFakeVendor } from "../../../cases/fake-openai-responses.ts";
import { eventsOf, foldOf, saying } from "../../../cases/provider.ts";
import { connect } from "./connect.ts";

let vendor: FakeVendor;
let provider: Provider;
/** What the chain said so far, as the hub keeps it. */
let chain: Step[];

beforeEach(async () => {
  vendor = await startFakeVendor();
  provider = connect(vendor.url);
  chain = [];
});

afterEach(() => vendor.close());

const tools: Settings["tools"] = [
  { type: "function", name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
  { type: "function", name: "get_time" },
  { type: "google_search" },
  { type: "code_execution" },
];

async function turn(...input: Step[]): Promise<Interaction> {
  const call = { model: "m", history: chain, input, settings: { tools } };
  const folded = foldOf(await eventsOf(provider, call));
  chain = [...chain, ...input, ...folded.output];
  return folded;
}

function resultFor(interaction: Interaction, text: string): Step[] {
  return interaction.output.flatMap((step): Step[] =>
    step.type === "tool_call" && step.tool === "function"
      ? [{ type: "tool_result", tool: "function", call_id: step.call_id, result: { type: "text", text } }]
      : [],
  );
}

describe("a chain at a vendor that insists on its own items", () => {
  it("goes through the round trip of a tool", async () => {
    const first = await turn(saying("Use get_weather."));
    expect(first).toMatchObject({
      status: "requires_action",
      output: [{ type: "thought" }, { type: "tool_call", name: "get_weather", arguments: { city: "Porto" } }],
    });
    const second = await turn(...resultFor(first, "Sunny"));
    expect(second).toMatchObject({
      status: "completed",
      output: [{ type: "thought" }, { content: [{ text: "I was told: Sunny" }] }],
    });
    expect(second.degraded).toBeUndefined();
    const third = await turn(saying("And now?"));
    expect(third).toMatchObject({ status: "completed" });
    expect(third.degraded).toBeUndefined();
  });

  it("goes on after calls in parallel and after what the vendor's own tools did", async () => {
    const first = await turn(saying("Use web_search and code_interpreter."));
    expect(first.output.map((step) => ("tool" in step ? step.tool : step.type))).toEqual([
      "thought",
      "google_search",
      "google_search",
      "code_execution",
      "code_execution",
      "model_output",
    ]);
    const second = await turn(saying("Use get_weather and get_time."));
    expect(second.output.filter((step) => step.type === "tool_call")).toHaveLength(2);
    const third = await turn(...resultFor(second, "Noon"));
    expect(third).toMatchObject({ output: [{}, { content: [{ text: "I was told: Noon; Noon" }] }] });
    expect([first, second, third].flatMap(({ degraded = [] }) => degraded)).toEqual([]);
  });

  it("goes on where a call was never answered", async () => {
    await turn(saying("Use get_weather."));
    const second = await turn(saying("Never mind."));
    expect(second.status).toBe("completed");
    expect(second.degraded).toMatchObject([{ field: "history[2]" }]);
  });

  it("goes on at another vendor, which gets none of the first one's secrets", async () => {
    const first = await turn(saying("Use web_search."));
    const other = await startFakeVendor();
    provider = connect(other.url, { name: "other" });
    const second = await turn(...resultFor(first, "?"), saying("And you?"));
    expect(second.status).toBe("completed");
    expect(second.degraded?.map(({ field }) => field)).toEqual(["history[1]", "history[2]", "history[3]"]);
    expect(other.requests[0]?.body).not.toContain("encrypted-");
    await other.close();
  });

  it("goes on when the chain comes back to the vendor", async () => {
    await turn(saying("Use web_search."));
    const other = await startFakeVendor();
    provider = connect(other.url, { name: "other" });
    await turn(saying("And you?"));
    await other.close();
    provider = connect(vendor.url);
    const third = await turn(saying("And you again?"));
    expect(third.status).toBe("completed");
    // Only what the other one thought cannot be told.
    expect(third.degraded?.map(({ field }) => field)).toEqual(["history[6]"]);
    expect(vendor.requests.at(-1)?.body).toContain('"encrypted_content":"encrypted-1"');
  });

  it("goes on where the vendor can no longer read what it thought", async () => {
    await turn(saying("Hello."));
    await vendor.close();
    vendor = await startFakeVendor();
    provider = connect(vendor.url);
    const second = await turn(saying("Still there?"));
    expect(second.status).toBe("completed");
    expect(second.degraded).toMatchObject([{ field: "history" }]);
  });

  it.each([
    ["cut" as const, "upstream_error"],
    ["failed" as const, "upstream_error"],
    ["rate limit" as const, "rate_limit_exceeded"],
    ["hang" as const, "deadline_exceeded"],
  ])("fails at a fault and goes on after it: %s", async (fault, code) => {
    await turn(saying("Hello."));
    vendor.faults.push(fault);
    // Only what never answers needs a short time: on a busy machine the others may take long.
    if (fault === "hang") provider = connect(vendor.url, { first_event_timeout: 300 });
    await expect(turn(saying("Use get_weather."))).rejects.toMatchObject({ name: "HubError", code });
    provider = connect(vendor.url);
    expect(await turn(saying("Once more."))).toMatchObject({ status: "completed" });
  });
});
