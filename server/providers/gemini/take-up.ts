import type { ProviderEvent } from "../../../schema/core/event.ts";
import type { ModelCall } from "../../../schema/provider.ts";
import type { InteractionOptions } from "./interaction.ts";
import { toRequest } from "./request.ts";
import { AnswerReader } from "./response.ts";
import { resume } from "./resume.ts";
import { tellToStop } from "./tell-to-stop.ts";

/**
 * The answer of a background interaction that somebody else asked for, from its beginning to its end: by its stream, or else
 * by asking for the whole until it has ended.
 */
export async function* takeUpInteraction(
  call: ModelCall,
  id: string,
  signal: AbortSignal,
  options: InteractionOptions,
): AsyncGenerator<ProviderEvent, void, void> {
  const { name: upstream } = options.settings;
  // Whether Google went on from an interaction before or was told the whole chain is not known any more.
  const inputs = [false, true].map((isAnchored) => toRequest(call, upstream, { isAnchored }).input);
  const reader = new AnswerReader({ upstream, inputs, isEager: true }, id);
  try {
    yield* resume({ ...options, reader, isBackground: true, signal });
  } finally {
    if (signal.aborted && !reader.finished) await tellToStop(id, options);
  }
}
