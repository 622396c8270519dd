import type { OpenAI } from "openai";
import type { TextContent } from "../../../schema/core/content.ts";
import type { ModelOutput } from "../../../schema/core/step.ts";
import { wireAnnotation } from "../openai/citations.ts";
import { inputPart } from "./input-parts.ts";
import type { AssistantMessage, InputItem } from "./wire.ts";

/** What the model said as items, and what was lost of it, for people. */
export type AssistantItems = { items: InputItem[]; losses: string[] };

type SpokenText = OpenAI.Responses.ResponseOutputText;

/**
 * What the model said earlier. An assistant's message can only hold text, so what else it held is shown to the model as
 * from its user.
 */
export function assistantItems({ content, extra }: ModelOutput): AssistantItems {
  const items: InputItem[] = [];
  const losses = new Set<string>();
  let texts: SpokenText[] = [];
  const close = (): void => {
    if (texts.length > 0) items.push(messageOf(texts, extra?.phase));
    texts = [];
  };
  for (const one of content) {
    if (one.type === "text") {
      const text = textOf(one);
      if (text.annotations.length < (one.annotations ?? []).length)
        losses.add("Citations that the Responses API has no words for were left out.");
      if (text.text !== "") texts.push(text);
      continue;
    }
    const { part, loss } = inputPart(one);
    if (loss !== undefined) losses.add(loss);
    if (part.type === "input_text") {
      texts.push(textOf(part));
      continue;
    }
    close();
    losses.add(`What the model made (${one.type}) was shown to it as from its user.`);
    const note: OpenAI.Responses.ResponseInputText = {
      type: "input_text",
      text: "[This was part of the assistant's answer:]",
    };
    items.push({ type: "message", role: "user", content: [note, part] });
  }
  close();
  return { items, losses: [...losses] };
}

/** Words in the assistant's mouth. */
export function spoken(text: string): AssistantMessage {
  return messageOf([textOf({ text })]);
}

function messageOf(content: SpokenText[], phase?: unknown): AssistantMessage {
  const message: AssistantMessage = { type: "message", role: "assistant", status: "completed", content };
  if (phase === "commentary" || phase === "final_answer") message.phase = phase;
  return message;
}

function textOf({ text, annotations = [] }: Pick<TextContent, "text" | "annotations">): SpokenText {
  const cited = annotations.flatMap((annotation) => wireAnnotation(annotation, text) ?? []);
  return { type: "output_text", text, annotations: cited };
}
