import type { JsonObject } from "../../schema/core/json.ts";
import type { Dialect } from "./client.ts";
import { weather } from "./suite-functions.ts";

/** A request and the state that it ends in: together they make every kind of event. */
export type Scenario = { name: string; status: string; params: (dialect: Dialect) => JsonObject };

const model = "gemini-3.8-flash";
const clock = { type: "function", name: "get_time", parameters: { type: "object", properties: {} } };

function ask(input: string, others: JsonObject = {}): Scenario["params"] {
  return () => ({ model, input, ...others });
}

export const scenarios: readonly Scenario[] = [
  { name: "a short text", status: "completed", params: ask("count to 5") },
  { name: "a text in several scripts", status: "completed", params: ask("say exactly: naïve 日本語 👩‍🚀 done") },
  {
    name: "thoughts with summaries",
    status: "completed",
    params: ask("write 60 words about rivers", {
      generation_config: { thinking_level: "high", thinking_summaries: "auto" },
    }),
  },
  {
    name: "a function call",
    status: "requires_action",
    params: ask("What is the weather in Paris?", { tools: [weather] }),
  },
  {
    name: "parallel function calls",
    status: "requires_action",
    params: ask("What is the weather in Paris, Rome and Oslo?", { tools: [weather] }),
  },
  {
    name: "a function call without arguments",
    status: "requires_action",
    params: ask("Call get_time.", { tools: [clock], generation_config: { tool_choice: "any" } }),
  },
  {
    name: "a search with citations",
    status: "completed",
    params: ask("Search the web for news about rivers.", { tools: [{ type: "google_search" }] }),
  },
  {
    name: "code that is run",
    status: "completed",
    params: ask("Run code to compute 6 * 7.", { tools: [{ type: "code_execution" }] }),
  },
  {
    name: "a page that is read",
    status: "completed",
    params: ask("Summarize https://example.com/rivers.", { tools: [{ type: "url_context" }] }),
  },
  {
    name: "JSON by a schema",
    status: "completed",
    params: (dialect) => ({
      model,
      input: "A town, please.",
      ...dialect.asJson({ type: "object", properties: { town: { type: "string" } }, required: ["town"] }),
    }),
  },
  {
    name: "an image",
    status: "completed",
    params: (dialect) => ({ model, input: "Paint a tree.", ...dialect.asImage("1:1") }),
  },
  {
    name: "a text and an image",
    status: "completed",
    params: () => ({ model: "gemini-2.5-flash-image", input: "Paint a tree." }),
  },
  {
    name: "sound",
    status: "completed",
    params: (dialect) => ({ model, input: "say exactly: hum", ...dialect.asAudio() }),
  },
  {
    name: "a text that reached its limit",
    status: "incomplete",
    params: ask("write 200 words about rivers", { generation_config: { max_output_tokens: 40 } }),
  },
  {
    name: "a limit reached while thinking",
    status: "incomplete",
    params: ask("write 200 words about rivers", { generation_config: { max_output_tokens: 1 } }),
  },
  {
    name: "a source that was cut off",
    status: "failed",
    params: () => ({ model: "simulator-fault-cut-7", input: "count to 50" }),
  },
  {
    name: "a source that failed while it thought",
    status: "failed",
    params: () => ({ model: "simulator-fault-fail-2", input: "count to 50" }),
  },
  {
    name: "a research",
    status: "completed",
    params: () => ({
      agent: "deep-research-preview-04-2026",
      input: "The history of rivers",
      background: true,
      agent_config: { type: "deep-research", thinking_summaries: "auto", visualization: "auto" },
    }),
  },
  {
    name: "an errand",
    status: "completed",
    params: () => ({ agent: "antigravity-preview-05-2026", input: "Compute 6 * 7." }),
  },
];
