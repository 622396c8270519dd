import type { Content } from "../../../schema/core/content.ts";
import type { Step } from "../../../schema/core/step.ts";
import type { ModelCall } from "../../../schema/provider.ts";

/** So many characters of a medium's data are looked at; scanning megabytes of base64 would cost more than the answer. */
const SAMPLE_LENGTH = 64;

/**
 * The number that everything in an answer follows from: who is asked, what was said, the instruction, and the settings by
 * which a real model would vary its words (`seed`, `temperature`, `top_p`, the penalties, the voices).
 */
export function seedOf(call: ModelCall): number {
  const { generation_config: generation, system_instruction: instruction } = call.settings;
  let hash = mix(0x811c9dc5, call.model ?? call.agent ?? "");
  hash = mix(hash, `${generation?.seed ?? ""}/${generation?.temperature ?? ""}/${generation?.top_p ?? ""}`);
  const { presence_penalty: presence, frequency_penalty: frequency, speech_config: speech } = generation ?? {};
  if (presence !== undefined) hash = mix(hash, `presence ${presence}`);
  if (frequency !== undefined) hash = mix(hash, `frequency ${frequency}`);
  if (speech !== undefined) hash = mix(hash, JSON.stringify(speech));
  if (instruction !== undefined) hash = mix(hash, instruction);
  for (const step of call.history) hash = mixStep(hash, step);
  for (const step of call.input) hash = mixStep(hash, step);
  return hash;
}

function mixStep(hash: number, step: Step): number {
  switch (step.type) {
    case "user_input":
    case "model_output":
      return step.content.reduce(mixContent, mix(hash, step.type));
    case "thought":
      return mix(hash, step.signature?.value ?? "thought");
    case "tool_call":
      return mix(hash, `${step.call_id} ${step.name ?? step.tool}`);
    case "tool_result": {
      const named = mix(hash, `${step.call_id} ${step.is_error === true}`);
      switch (step.result?.type) {
        case undefined:
          return named;
        case "text":
          return mix(named, step.result.text);
        case "json":
          return mix(named, JSON.stringify(step.result.json));
        case "content":
          return step.result.content.reduce(mixContent, named);
        default:
          return step.result satisfies never;
      }
    }
    default:
      return step satisfies never;
  }
}

function mixContent(hash: number, content: Content): number {
  if (content.type === "text") return mix(hash, content.text);
  if (content.type === "other") return mix(hash, JSON.stringify(content.raw));
  const data = content.data ?? "";
  const middle = data.length >> 1;
  const sample = `${data.slice(0, SAMPLE_LENGTH)}${data.slice(middle, middle + SAMPLE_LENGTH)}${data.slice(-SAMPLE_LENGTH)}`;
  return mix(hash, `${content.type} ${content.mime_type ?? ""} ${content.uri ?? ""} ${data.length} ${sample}`);
}

/** FNV-1a over UTF-16 units, with the length mixed in so that joined texts differ. */
function mix(hash: number, text: string): number {
  let mixed = hash ^ text.length;
  for (let index = 0; index < text.length; index += 1) mixed = Math.imul(mixed ^ text.charCodeAt(index), 0x01000193);
  return Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
}
