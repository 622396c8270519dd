import type { Content } from "../../../schema/core/content.ts";
import type { Step } from "../../../schema/core/step.ts";
import type { ModelCall } from "../../../schema/provider.ts";
import { type Conversation, heard, readConversation, textOf } from "./conversation.ts";
import { search, searchTopic, type ToolRun } from "./hosted-tools.ts";
import { contentsFor } from "./outputs.ts";
import { joinPassages, type Passage, type Source } from "./passage.ts";
import type { Plan } from "./plan.ts";
import { workshopFor } from "./plan-answer.ts";
import { sentence } from "./prose.ts";
import { createRandom, type Random } from "./random.ts";
import { seedOf } from "./seed.ts";
import { thought } from "./thinking.ts";

const PLAN_TITLE = "# Research plan";
const TOKENS_PER_THOUGHT = 60;

const aspects = ["Background", "Present state", "Outlook"] as const;
const moreAspects = [...aspects, "Open questions", "Voices of critics"] as const;

/**
 * An agent run in the manner of Deep Research: thoughts and searches in turn, then a report whose statements cite their
 * sources. With `collaborative_planning` the first answer is only a plan, and the next one carries it out.
 */
export async function planResearch(call: ModelCall, provider: string): Promise<Plan> {
  const config = call.settings.agent_config;
  const random = createRandom(seedOf(call));
  const conversation = readConversation(call);
  const planned = hasPlan(conversation);
  const topic = searchTopic(planned ? heard(firstRequest(conversation)) : heard(conversation.latest)) || "this";
  const parts = /\bmax\b/.test(call.agent ?? "") ? moreAspects : aspects;
  const summaries = config?.thinking_summaries === "auto";
  const consider = (title: string, text: string): Step =>
    thought(summaries ? [`**${title}**\n\n${text}\n`] : [], provider, random);
  const steps: Step[] = [
    consider(
      "Planning the research",
      `The question is “${topic}”. I split it into ${parts.length} parts and search for each.`,
    ),
  ];

  if (config?.collaborative_planning === true && !planned) {
    const lines = parts.map((part, index) => `${index + 1}. ${part}: search for “${topic} ${part.toLowerCase()}”`);
    const text = `${PLAN_TITLE}\n\n${lines.join("\n")}\n\nShall I go on like this?`;
    steps.push({ type: "model_output", content: [{ type: "text", text }] });
    return { steps, thoughtTokens: TOKENS_PER_THOUGHT, searches: 0, cut: false };
  }

  const run: ToolRun = { steps, passages: [], searches: 0 };
  const workshop = workshopFor(conversation, random, provider);
  const found: Source[][] = [];
  for (const part of parts) {
    found.push(search(topic, [`${topic} ${part.toLowerCase()}`], run, workshop));
    steps.push(consider(part, `The sources on this part agree in the main; I note what each adds on ${topic}.`));
  }
  const content: Content[] = [joinPassages(report(topic, parts, found, random))];
  if (config?.visualization === "auto") {
    content.push(...(await contentsFor([{ type: "image", aspect_ratio: "16:9" }], [], conversation, random)));
  }
  steps.push({ type: "model_output", content });
  const thoughtTokens = steps.filter((step) => step.type === "thought").length * TOKENS_PER_THOUGHT;
  return { steps, thoughtTokens, searches: run.searches, cut: false };
}

function report(
  topic: string,
  parts: readonly string[],
  found: readonly (readonly Source[])[],
  random: Random,
): Passage[] {
  const passages: Passage[] = [
    {
      text: `# Report: ${topic}\n\nThis report was made by a simulator: its form is that of real research, its content is not.\n`,
    },
  ];
  for (const [index, part] of parts.entries()) {
    passages.push({ text: `\n## ${part}\n\n` });
    for (const source of found[index] ?? []) passages.push({ text: `${sentence(topic, random)} `, source });
    passages.push({ text: "\n" });
  }
  const sources = found.flat().map((source, index) => `${index + 1}. [${source.title}](${source.url})`);
  passages.push({ text: `\n## Sources\n\n${sources.join("\n")}\n` });
  return passages;
}

function hasPlan(conversation: Conversation): boolean {
  return conversation.steps.some((step) => step.type === "model_output" && textOf(step.content).startsWith(PLAN_TITLE));
}

function firstRequest(conversation: Conversation): string {
  const step = conversation.steps.find((each) => each.type === "user_input");
  return step?.type === "user_input" ? textOf(step.content) : conversation.latest;
}
