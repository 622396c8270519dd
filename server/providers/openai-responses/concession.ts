import { APIError } from "openai";
import type { Degradation } from "../../../schema/core/degradation.ts";
import type { InputItem, RequestBody } from "./wire.ts";

/**
 * What an upstream may refuse a request for, and can do without: some models take no temperature, have no reasoning or none
 * that is as short as `minimal`; many servers do not know every value of `include`; encrypted reasoning can be read neither
 * by another account nor by some other models, and what its own tools did is then refused without it.
 */
export const omissions = [
  "include",
  "temperature",
  "top_p",
  "minimal",
  "reasoning.effort",
  "reasoning.summary",
  "reasoning",
  "thoughts",
  "tool items",
] as const;
export type Omission = (typeof omissions)[number];

/** A request with less in it, and what is told of that. */
export type Concession = { body: RequestBody; degradations: Degradation[] };

/** What an error asks to leave out; `undefined` where it is about something else. */
export function omissionFor(body: RequestBody, error: unknown): Omission | undefined {
  if (!(error instanceof APIError) || (error.status !== 400 && error.status !== 422)) return undefined;
  const complaint: Complaint = { param: error.param ?? "", text: `${error.code ?? ""} ${error.message}` };
  return omissions.find((omission) => has(body, omission) && isAbout(omission, complaint));
}

/** Whether it holds for every request to the model, and not only for this conversation. */
export function isOfModel(omission: Omission): boolean {
  return omission !== "thoughts" && omission !== "tool items";
}

/** The request without it; the same one, if it has none of it. */
export function concede(body: RequestBody, omission: Omission): Concession {
  if (!has(body, omission)) return { body, degradations: [] };
  switch (omission) {
    case "include": {
      const { include = [], ...rest } = body;
      const lost = (include ?? []).some((value) => value !== ENCRYPTED);
      return {
        body: rest,
        degradations: lost ? [told("tools", "The upstream does not tell what its tools found.")] : [],
      };
    }
    case "temperature":
    case "top_p": {
      const { [omission]: _value, ...rest } = body;
      return { body: rest, degradations: [leftOut(omission)] };
    }
    case "minimal": {
      const message = "The model has no level 'minimal', so it got 'low'.";
      return {
        body: withReasoning(body, { ...body.reasoning, effort: "low" }),
        degradations: [told("generation_config.thinking_level", message)],
      };
    }
    case "reasoning.effort": {
      const { effort: _effort, ...reasoning } = body.reasoning ?? {};
      return { body: withReasoning(body, reasoning), degradations: [leftOut("thinking_level")] };
    }
    case "reasoning.summary": {
      const { summary: _summary, ...reasoning } = body.reasoning ?? {};
      return { body: withReasoning(body, reasoning), degradations: [leftOut("thinking_summaries")] };
    }
    case "reasoning": {
      const { effort, summary } = body.reasoning ?? {};
      const members = [...(effort ? ["thinking_level"] : []), ...(summary ? ["thinking_summaries"] : [])];
      return { body: withReasoning(body, {}), degradations: members.map(leftOut) };
    }
    case "thoughts": {
      const input = body.input.filter((item) => item.type !== "reasoning");
      const message = "Earlier thoughts, which the upstream does not accept any more, were left out.";
      return { body: { ...body, input }, degradations: [told("history", message)] };
    }
    case "tool items": {
      const input = body.input.filter((item) => !isToolItem(item));
      const message = "What the upstream's own tools did, which it does not accept any more, was left out.";
      return { body: { ...body, input }, degradations: [told("history", message)] };
    }
    default:
      return omission satisfies never;
  }
}

const ENCRYPTED = "reasoning.encrypted_content";

type Complaint = { param: string; text: string };

function has(body: RequestBody, omission: Omission): boolean {
  switch (omission) {
    case "include":
      return body.include !== undefined;
    case "temperature":
    case "top_p":
      return body[omission] !== undefined;
    case "minimal":
      return body.reasoning?.effort === "minimal";
    case "reasoning.effort":
      return body.reasoning?.effort !== undefined;
    case "reasoning.summary":
      return body.reasoning?.summary !== undefined;
    case "reasoning":
      return body.reasoning !== undefined;
    case "thoughts":
      return body.input.some((item) => item.type === "reasoning");
    case "tool items":
      return body.input.some(isToolItem);
    default:
      return omission satisfies never;
  }
}

const plainItems: ReadonlySet<unknown> = new Set(["message", "reasoning", "function_call", "function_call_output"]);

/** Whether it is an item of one of the upstream's own tools. */
function isToolItem({ type }: InputItem): boolean {
  return !plainItems.has(type);
}

/** By the parameter that the error names; servers that name none write it into the message. */
function isAbout(omission: Omission, { param, text }: Complaint): boolean {
  switch (omission) {
    case "include":
      return /^include\b/.test(param) || (param === "" && /\binclude\b/.test(text));
    case "thoughts":
      return /encrypted.content|\brs_\w+|'reasoning'/i.test(text) && !/^include\b/.test(param);
    case "tool items":
      return /\bitem\b.*(?:not found|required 'reasoning')/i.test(text);
    default: {
      const member = omission === "minimal" ? "reasoning.effort" : omission;
      const isNamed = param === member || (param === "" && text.includes(omission));
      return isNamed && /support|unknown|unrecogni[sz]ed|not permitted|not allowed|verified/i.test(text);
    }
  }
}

function withReasoning(body: RequestBody, reasoning: NonNullable<RequestBody["reasoning"]>): RequestBody {
  const { reasoning: _reasoning, ...rest } = body;
  return Object.keys(reasoning).length === 0 ? rest : { ...rest, reasoning };
}

function leftOut(member: string): Degradation {
  return told(`generation_config.${member}`, `The upstream's model takes no '${member}'; it was left out.`);
}

function told(field: string, message: string): Degradation {
  return { field, message };
}
