import type { ProviderEvent } from "../../../schema/core/event.ts";
import type { Usage } from "../../../schema/core/usage.ts";

type Finish = Extract<ProviderEvent, { type: "finish" }>;

/** Why the upstream stopped, in its own words. */
export type Ending = { reason: string; message?: string };

/**
 * Reasons by which Google refuses to say (more), as the Interactions API names them. They are answers: asked again, the
 * model would say the same. Others mean that it made something unusable.
 */
const blocked: ReadonlyMap<string, string> = new Map([
  ["SAFETY", "safety"],
  ["RECITATION", "recitation"],
  ["LANGUAGE", "language"],
  ["BLOCKLIST", "blocklist"],
  ["PROHIBITED_CONTENT", "prohibited_content"],
  ["SPII", "spii"],
  ["IMAGE_SAFETY", "image_safety"],
  ["IMAGE_PROHIBITED_CONTENT", "image_prohibited_content"],
  ["IMAGE_RECITATION", "image_recitation"],
  ["IMAGE_OTHER", "image_other"],
  ["NO_IMAGE", "no_image"],
  ["MODEL_ARMOR", "content_blocked"],
  ["ESCALATION", "content_blocked"],
  ["PUP_LIMITED_DISABLED", "content_blocked"],
]);

/** The end of an answer. `isPending` says whether a function was called, which only the client can run. */
export function toFinish(ending: Ending, isPending: boolean, upstream: string, usage: Usage | undefined): Finish {
  const told = usage === undefined ? {} : { usage };
  const { reason, message } = ending;
  if (reason === "STOP") return { type: "finish", status: isPending ? "requires_action" : "completed", ...told };
  if (reason === "MAX_TOKENS") {
    const errors = [
      { code: "max_output_tokens", message: "The answer was cut because it reached the limit of its tokens." },
    ];
    return { type: "finish", status: "incomplete", ...told, errors };
  }
  const why = message === undefined || message === "" ? "" : `: ${message}`;
  const code = blocked.get(reason);
  const what =
    code === undefined
      ? `The upstream '${upstream}' made no answer that can be used (${reason})${why}`
      : `The upstream '${upstream}' stopped the answer (${reason})${why}`;
  return { type: "finish", status: "failed", ...told, errors: [{ code: code ?? "upstream_error", message: what }] };
}

/** The end where the request itself was blocked, before anything was answered. */
export function toBlocked({ reason, message }: Ending, upstream: string, usage: Usage | undefined): Finish {
  const why = message === undefined || message === "" ? "" : `: ${message}`;
  return {
    type: "finish",
    status: "failed",
    ...(usage === undefined ? {} : { usage }),
    errors: [
      {
        code: blocked.get(reason) ?? "content_blocked",
        message: `The upstream '${upstream}' blocked the request (${reason})${why}`,
      },
    ],
  };
}
