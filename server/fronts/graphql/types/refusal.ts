import { HubError } from "../../../../schema/core/error.ts";
import { errorWireCode, type WireErrorCode } from "../../../../schema/interactions/encode-error.ts";
import { builder, type TypeOf } from "../builder.ts";
import type { GraphqlContext } from "../context.ts";
import { wordEnum } from "../word-enum.ts";

/** An error that is told as a result. It is no `Error` itself: one that a field gives would be thrown. */
export type RefusalSource = { refused: HubError };

const ErrorCode = wordEnum<WireErrorCode>("ErrorCode", "Why something was not done: the codes of REST.", {
  invalid_request: "The request is wrong in itself.",
  failed_precondition: "Something else would have to be so first.",
  authentication: "There is no valid key.",
  permission_denied: "The key may not do this.",
  not_found: "There is no such thing.",
  model_not_found: "No upstream has such a model or agent.",
  rate_limit_exceeded: "Too much at once; it may work shortly.",
  quota_exceeded: "A quota is used up, for hours perhaps.",
  cancelled: "Somebody has stopped it.",
  interrupted: "The server was stopped while it ran.",
  service_unavailable: "An upstream, or the server, cannot just now.",
  deadline_exceeded: "It took too long.",
  api_error: "Something failed that is not the caller's fault.",
});

export const Refusal = builder.objectRef<RefusalSource>("Refusal");
Refusal.implement({
  description: "Why something was not done.",
  fields: (t) => ({
    code: t.field({
      type: ErrorCode,
      description: "The cause.",
      resolve: ({ refused }) => errorWireCode(refused.code) as WireErrorCode,
    }),
    message: t.string({ description: "A sentence for people.", resolve: ({ refused }) => refused.message }),
    field: t.string({
      nullable: true,
      description: "The member at fault, under the name that REST has for it: `generation_config.temperature`.",
      resolve: ({ refused }) => refused.field,
    }),
    retryAfter: t.float({
      nullable: true,
      description: "After how many seconds it may work.",
      resolve: ({ refused }) => refused.retryAfter,
    }),
  }),
});

/** The union of what a mutation may give: what came of it, or why nothing did. */
export function resultType<Success extends object>(name: string, success: TypeOf<Success>) {
  return builder.unionType(`${name}Result`, {
    description: "What came of it, or why nothing did.",
    types: [success, Refusal],
    resolveType: (value) => ("refused" in value ? Refusal : success),
  });
}

/** Does something that changes things, unless the caller may look only; tells an error that is no bug as a result. */
export async function refusable<Success>(
  { caller }: GraphqlContext,
  work: () => Promise<Success>,
): Promise<Success | RefusalSource> {
  try {
    if (caller.readOnly) throw new HubError("permission_denied", "This API key may only read.");
    return await work();
  } catch (error) {
    if (error instanceof HubError) return { refused: error };
    throw error;
  }
}
