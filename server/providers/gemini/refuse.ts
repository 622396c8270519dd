import type { ModelCall, Refusal } from "../../../schema/provider.ts";
import { geminiSupport } from "./support.ts";

/**
 * What cannot be honoured although Google could: it would tell a webhook of interactions under ids that no client of the hub
 * knows. Everything else is for Google itself to judge.
 */
export function refuseCall({ settings }: Omit<ModelCall, "history">, upstream: string): Refusal | undefined {
  if (settings.webhook_config === undefined) return undefined;
  const reason = geminiSupport.webhook_config.replace(/^refused: /, "");
  return { field: "webhook_config", message: `The upstream '${upstream}' cannot honour this: ${reason}.` };
}
