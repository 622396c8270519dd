import type { Degradation } from "../../schema/core/degradation.ts";
import { HubError } from "../../schema/core/error.ts";
import type { ModelCall, Refusal } from "../../schema/provider.ts";
import type { Offer } from "./offered-tools.ts";

/** What is said of a member in the words of a call that the hub made, told in the words of the request. */
export type PathsOfRounds = {
  /** `before` is how many steps the history of the call held in which it was said. */
  degradation(degradation: Degradation, before: number): Degradation;
  refusal(refusal: Refusal): HubError;
  /** An error of the hub's with its field; any other as it is. */
  error(error: unknown, before: number): unknown;
};

/** A place in one of the lists whose order is another one here. */
const PLACE = /^(tools|history|input|generation_config\.tool_choice\.allowed_tools\.tools)\[(\d+)\](.*)$/;

/**
 * In the calls of a loop over tools the paths are other ones than in the request: a server stands there as its tools, and from
 * the second round on the history holds what this interaction was told and has said.
 */
export function pathsOfRounds(call: ModelCall, { places, served, settings }: Offer): PathsOfRounds {
  const said = call.history.length;
  const answered = said + call.input.length;

  function pathOf(field: string, before: number): string {
    const [, list, digits, rest = ""] = PLACE.exec(field) ?? [];
    const index = Number(digits);
    if (list === undefined) return field;
    if (list === "tools") return `tools[${places.tools[index] ?? index}]${isServed(index) ? "" : rest}`;
    if (list.startsWith("generation_config")) return `${list}[${places.allowed[index] ?? index}]${rest}`;
    const step = list === "input" ? before + index : index;
    return step >= said && step < answered ? `input[${step - said}]${rest}` : `history[${step}]${rest}`;
  }

  function isServed(index: number): boolean {
    const tool = settings.tools?.[index];
    return tool?.type === "function" && served.has(tool.name);
  }

  /** The request does not hold the tool that is at fault, so the message names it. */
  function messageOn(field: string, message: string): string {
    const [, digits] = /^tools\[(\d+)\]/.exec(field) ?? [];
    const tool = settings.tools?.[Number(digits)];
    const offered = tool?.type === "function" ? served.get(tool.name) : undefined;
    return offered === undefined
      ? message
      : `The tool '${offered.tool.name}' of the MCP server '${offered.server_name}': ${message}`;
  }

  return {
    degradation: ({ field, message }, before) => ({ field: pathOf(field, before), message: messageOn(field, message) }),
    refusal: ({ field, message }) =>
      new HubError("invalid_request", messageOn(field, message), { field: pathOf(field, said) }),
    error(error, before) {
      if (!(error instanceof HubError) || error.field === undefined) return error;
      const { code, message, field, retryAfter, cause } = error;
      return new HubError(code, messageOn(field, message), {
        field: pathOf(field, before),
        ...(retryAfter === undefined ? {} : { retryAfter }),
        cause,
      });
    },
  };
}
