import { describe, expect, it } from "vitest";
import type { Settings } from "../../../schema/core/settings.ts";
import type { Step } from "../../../schema/core/step.ts";
import { createSimulator } from "../../../server/providers/simulator/provider.ts";
import { callOf, eventsOf, foldOf, saying } from "../../cases/provider.ts";
import { quick, textIn } from "../../cases/quick-simulator.ts";

describe("the simulator's agents", () => {
  const research = (settings: Settings, history: Step[] = [], text = "Überblick über 潮汐 🌊") =>
    eventsOf(quick, { agent: "deep-research-preview-04-2026", history, input: [saying(text)], settings }).then(foldOf);

  it("cite their sources by byte offsets", async () => {
    const { output, usage } = await research({});
    const content = output.at(-1)?.type === "model_output" ? output.at(-1) : undefined;
    const [text] = content?.type === "model_output" ? content.content : [];
    if (text?.type !== "text") throw new Error("no report");
    expect(text.annotations?.length).toBeGreaterThan(5);
    for (const { type, start_index, end_index, url } of text.annotations ?? []) {
      const cited = Buffer.from(text.text).subarray(start_index, end_index).toString("utf8");
      expect([type, cited.endsWith("."), cited.trim()]).toEqual(["url_citation", true, cited]);
      expect(text.text).toContain(String(url));
    }
    expect(usage?.grounding_tool_count).toEqual([{ type: "google_search", count: 3 }]);
    expect(output.some((step) => step.type === "thought" && step.summary !== undefined)).toBe(false);
  });

  it("tell their thoughts on demand, draw on demand, and plan first on demand", async () => {
    const { output } = await research({
      agent_config: { type: "deep-research", thinking_summaries: "auto", visualization: "auto" },
    });
    expect(output.filter((step) => step.type === "thought").every((step) => step.summary?.length === 1)).toBe(true);
    expect(output.at(-1)).toMatchObject({ content: [{ type: "text" }, { type: "image" }] });

    const settings: Settings = { agent_config: { type: "deep-research", collaborative_planning: true } };
    const planned = await research(settings);
    expect(textIn(planned.output)).toContain("# Research plan");
    const done = await research(settings, [saying("The history of tides"), ...planned.output], "Go on");
    expect(textIn(done.output)).toContain("# Report: The history of tides");
  });

  it("take several seconds at the pace that is set, step by step", async () => {
    const waits: number[] = [];
    const sim = createSimulator({
      name: "sim",
      standsIn: true,
      pace: { token_interval_ms: 8, agent_step_ms: 700 },
      sleep: async (milliseconds) => void waits.push(milliseconds),
    });
    await eventsOf(sim, {
      agent: "deep-research-preview-04-2026",
      history: [],
      input: [saying("Tides")],
      settings: {},
    });
    expect(waits.filter((pause) => pause === 700).length).toBe(10);
    waits.length = 0;
    await eventsOf(sim, callOf("simulator-slow", "hello"));
    expect(new Set(waits)).toEqual(new Set([100]));
  });

  it("end early when their tokens are used up", async () => {
    const settings: Settings = { agent_config: { type: "antigravity", max_total_tokens: "40" } };
    const events = await eventsOf(quick, {
      agent: "antigravity-preview-05-2026",
      history: [],
      input: [saying("hi")],
      settings,
    });
    expect(foldOf(events).status).toBe("incomplete");
  });
});
