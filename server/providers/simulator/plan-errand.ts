import type { Step } from "../../../schema/core/step.ts";
import type { ModelCall } from "../../../schema/provider.ts";
import { sumIn } from "./arithmetic.ts";
import { readConversation } from "./conversation.ts";
import { chooseCalls } from "./function-calls.ts";
import { runCode, runHostedTools } from "./hosted-tools.ts";
import { cutTo } from "./limit-plan.ts";
import { joinPassages } from "./passage.ts";
import { readPersona, speakAs } from "./persona.ts";
import type { Plan } from "./plan.ts";
import { workshopFor } from "./plan-answer.ts";
import { createRandom } from "./random.ts";
import { replyTo } from "./reply.ts";
import { answerFromResults } from "./result-answer.ts";
import { seedOf } from "./seed.ts";
import { thought } from "./thinking.ts";

const TOKENS_PER_THOUGHT = 30;

/** An agent run in the manner of Antigravity: it thinks, runs a piece of code, thinks about what it printed, and answers. */
export async function planErrand(call: ModelCall, provider: string): Promise<Plan> {
  const random = createRandom(seedOf(call));
  const conversation = readConversation(call);
  const { tools = [], system_instruction: instruction, agent_config: config } = call.settings;
  const steps: Step[] = [
    thought(
      ["**Reading the errand**\n\nI look at what is to be done and what there is to do it with.\n"],
      provider,
      random,
    ),
  ];
  const calls = await chooseCalls(conversation, tools, undefined, random);
  if (calls.length > 0) {
    return limited(
      { steps: [...steps, ...calls], thoughtTokens: TOKENS_PER_THOUGHT, searches: 0, cut: false },
      config?.max_total_tokens,
    );
  }
  const workshop = workshopFor(conversation, random, provider);
  const run = runHostedTools(
    conversation,
    tools.filter((tool) => tool.type !== "code_execution"),
    workshop,
  );
  if (conversation.speaks) runCode(conversation.latest, run, workshop);
  steps.push(
    ...run.steps,
    thought(["**Checking the outcome**\n\nThe tools are done; I put together what they gave.\n"], provider, random),
  );
  const persona = readPersona(instruction);
  const passages =
    conversation.results.length > 0 ? [{ text: `${answerFromResults(conversation)} ` }, ...run.passages] : run.passages;
  // The code's own passage already tells a sum.
  const answersMore = conversation.speaks && sumIn(conversation.latest) === undefined;
  const reply = replyTo(conversation, persona, random);
  const spoken = speakAs(persona, answersMore ? [...passages, { text: ` ${reply.text}` }] : passages, false);
  steps.push({ type: "model_output", content: [joinPassages(spoken)] });
  return limited(
    { steps, thoughtTokens: 2 * TOKENS_PER_THOUGHT, searches: run.searches, cut: false },
    config?.max_total_tokens,
  );
}

/** `max_total_tokens` comes as a number or, being an int64, as text. */
function limited(plan: Plan, most: unknown): Plan {
  return most === undefined ? plan : cutTo(plan, Number(most));
}
