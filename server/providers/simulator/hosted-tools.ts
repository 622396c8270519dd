import type { Step } from "../../../schema/core/step.ts";
import type { Tool } from "../../../schema/core/tool.ts";
import { sumIn } from "./arithmetic.ts";
import { type Conversation, heard } from "./conversation.ts";
import { freshId } from "./function-calls.ts";
import type { Passage, Source } from "./passage.ts";
import { sentence } from "./prose.ts";
import { opaqueBase64, type Random } from "./random.ts";

/** What running the provider's own tools gave: their steps, and what there is to say about it. */
export type ToolRun = { steps: Step[]; passages: Passage[]; searches: number };

/** What a run of tools needs to make steps: chance, ids that are still free, and whose signatures it makes. */
export type Workshop = { random: Random; taken: Set<string>; provider: string };

const SEARCHING =
  /\b(?:search|google|look(?:ing)? up|latest|news|current(?:ly)?|today|recent|sources?|cite|who won|on the web|online)\b/i;
const CODING = /\b(?:run|execute|calculate|compute|code|python|script|program)\b/i;
const WEB_ADDRESS = /https?:\/\/[^\s"'<>)\]]+[^\s"'<>)\].,;:!?]/g;

/** Runs those of the offered tools that the user's words ask for. Nothing leaves the machine: what they find is made up. */
export function runHostedTools(conversation: Conversation, tools: readonly Tool[], workshop: Workshop): ToolRun {
  const run: ToolRun = { steps: [], passages: [], searches: 0 };
  if (!conversation.speaks) return run;
  const text = heard(conversation.latest);
  const offered = new Set(tools.map((tool) => tool.type));
  if (offered.has("url_context"))
    readAddresses([...new Set(text.match(WEB_ADDRESS) ?? [])].slice(0, 20), run, workshop);
  if (offered.has("google_search") && SEARCHING.test(text)) {
    const topic = searchTopic(text);
    const sources = search(topic, [topic], run, workshop);
    run.passages.push({ text: `Here is what a simulated search for “${topic}” found.` });
    for (const source of sources) run.passages.push({ text: ` ${sentence(topic, workshop.random)}`, source });
  }
  if (offered.has("code_execution") && (CODING.test(text) || sumIn(text) !== undefined)) runCode(text, run, workshop);
  return run;
}

/** One search: its call, its result, and sources to cite. */
export function search(topic: string, queries: readonly string[], run: ToolRun, workshop: Workshop): Source[] {
  const call_id = freshId(workshop.random, workshop.taken);
  const chips = queries.map(
    (query) => `<a class="chip" href="https://search.example/?q=${encodeURIComponent(query)}">${escaped(query)}</a>`,
  );
  run.steps.push(
    {
      type: "tool_call",
      tool: "google_search",
      call_id,
      arguments: { queries: [...queries] },
      signature: sign(workshop),
    },
    {
      type: "tool_result",
      tool: "google_search",
      call_id,
      result: { type: "json", json: [{ search_suggestions: `<div class="container">${chips.join("")}</div>` }] },
      is_error: false,
      signature: sign(workshop),
    },
  );
  run.searches += queries.length;
  return sourcesFor(topic, workshop.random);
}

/** What the user wants searched, without the words that ask for it. */
export function searchTopic(text: string): string {
  const asked =
    /\b(?:search|google|look up)\b(?:\s+(?:the\s+)?(?:web|internet|online|news))?(?:\s+(?:for|about))?\s+([^.?!\n]{2,160})/i.exec(
      text,
    )?.[1];
  return (asked ?? text)
    .replace(/\s+/g, " ")
    .replace(/[.?!\s]+$/, "")
    .slice(0, 160)
    .trim();
}

/** Runs a piece of Python that the words ask for: a sum, or a count of their characters. */
export function runCode(text: string, run: ToolRun, workshop: Workshop): void {
  const sum = sumIn(text);
  const literal = JSON.stringify(text.slice(0, 2_000));
  const code =
    sum === undefined
      ? `text = ${literal}\nprint(len(text))`
      : `print(${sum.expression.replaceAll("^", "**").replace(/^sqrt\((.*)\)$/, "($1) ** 0.5")})`;
  const printed = String(sum === undefined ? [...text.slice(0, 2_000)].length : sum.result);
  const call_id = freshId(workshop.random, workshop.taken);
  run.steps.push(
    {
      type: "tool_call",
      tool: "code_execution",
      call_id,
      arguments: { language: "python", code },
      signature: sign(workshop),
    },
    {
      type: "tool_result",
      tool: "code_execution",
      call_id,
      result: { type: "text", text: `${printed}\n` },
      is_error: false,
      signature: sign(workshop),
    },
  );
  run.passages.push({
    text:
      sum === undefined
        ? `I ran a piece of code that counts the characters of your request: ${printed}.`
        : `I ran the code and it printed ${printed}: ${sum.expression} = ${printed}.`,
  });
}

function readAddresses(urls: readonly string[], run: ToolRun, workshop: Workshop): void {
  if (urls.length === 0) return;
  const call_id = freshId(workshop.random, workshop.taken);
  run.steps.push(
    { type: "tool_call", tool: "url_context", call_id, arguments: { urls: [...urls] }, signature: sign(workshop) },
    {
      type: "tool_result",
      tool: "url_context",
      call_id,
      result: { type: "json", json: urls.map((url) => ({ url, status: "success" })) },
      is_error: false,
      signature: sign(workshop),
    },
  );
  for (const url of urls) {
    const { hostname } = URL.parse(url) ?? { hostname: url };
    run.passages.push({
      text: `The page ${url} was read in play only, for the simulator works offline. `,
      source: { url, title: hostname },
    });
  }
}

function sourcesFor(topic: string, random: Random): Source[] {
  const slug =
    topic
      .toLowerCase()
      .replace(/[^\p{L}\d]+/gu, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 60) || "page";
  return ["encyclopedia.example", "news.example", "journal.example"].map((host) => ({
    url: `https://${host}/${encodeURIComponent(slug)}-${random.token(4)}`,
    title: host,
  }));
}

function sign({ random, provider }: Workshop): { value: string; provider: string } {
  return { value: opaqueBase64(random, 24), provider };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
