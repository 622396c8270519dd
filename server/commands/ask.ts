import type { JsonObject } from "../../schema/core/json.ts";
import { chooseModel } from "./choose-model.ts";
import { followInteraction, idOf, type WireEvent } from "./client/follow-interaction.ts";
import type { HubClient } from "./client/hub-client.ts";
import { withHub } from "./client/with-hub.ts";
import type { CommandContext } from "./command-context.ts";
import { CommandFailure } from "./command-failure.ts";
import { exitCodes } from "./exit-codes.ts";
import { lostNotice } from "./lost-notice.ts";
import { onStop } from "./on-stop.ts";
import { usageError } from "./parser/usage-error.ts";
import { readQuestion } from "./read-question.ts";
import { printFollowed } from "./transcript/print-followed.ts";

export type AskFlags = { model?: string; agent?: string; previous?: string; file?: string[]; system?: string };

/** Asks, prints the answer as it comes, and says by which id to go on. Ctrl-C cancels the interaction and waits for its end. */
export async function ask(context: CommandContext, flags: AskFlags, words: readonly string[]): Promise<number> {
  if (flags.model !== undefined && flags.agent !== undefined)
    throw usageError("ask takes --model or --agent, not both");
  const input = await readQuestion(words, flags.file ?? [], context.outside.input);
  return withHub(context, async (client, configuration) => {
    const body: JsonObject = {
      ...(await chooseModel(client, flags, context, configuration)),
      input,
      stream: true,
      // Only what runs in the background can be cancelled.
      background: true,
      ...(flags.previous === undefined ? {} : { previous_interaction_id: flags.previous }),
      ...(flags.system === undefined ? {} : { system_instruction: flags.system }),
    };
    const run = cancelOnStop(client, context);
    const events = run.watch(followInteraction(client, { kind: "create", body }, lostNotice(context)));
    let exitCode: number | undefined;
    try {
      exitCode = await printFollowed(context, events, context.outside.errors);
      return run.stopped() ?? exitCode;
    } catch (error) {
      const stopped = run.stopped();
      // Whoever asked it to stop is told what went wrong, and that it was stopped.
      if (stopped === undefined) throw error;
      throw new CommandFailure(error instanceof Error ? error.message : String(error), {
        exitCode: stopped,
        cause: error,
      });
    } finally {
      const id = run.id();
      if (id !== undefined && !context.quiet && !context.json) {
        const advice = exitCode === exitCodes.done.code ? "  (go on with --previous)" : "";
        await context.outside.errors.write(`${id}${advice}\n`).catch(() => {});
      }
    }
  });
}

/** Cancels what is being asked when the process is told to stop; told twice, it ends at once. */
function cancelOnStop(client: HubClient, { outside, quiet }: CommandContext) {
  let id: string | undefined;
  let code: number | undefined;
  function cancel(known: string): void {
    client.ask("POST", `/v1beta/interactions/${encodeURIComponent(known)}/cancel`).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      // It may have ended by itself meanwhile, which the events tell too.
      outside.errors.write(`\ninteractions-hub: it was not cancelled: ${reason}\n`).catch(() => {});
    });
  }
  onStop(outside, (exitCode) => {
    code = exitCode;
    if (!quiet) outside.errors.write("\ncancelling; once more ends at once\n").catch(() => {});
    // Before its first event nobody knows by which id; it may have begun all the same.
    if (id !== undefined) cancel(id);
  });
  return {
    id: () => id,
    stopped: () => code,
    async *watch(events: AsyncIterable<WireEvent>): AsyncGenerator<WireEvent, void, void> {
      for await (const event of events) {
        const known = idOf(event);
        if (id === undefined && known !== undefined && code !== undefined) cancel(known);
        id ??= known;
        yield event;
      }
    },
  };
}
