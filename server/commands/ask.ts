import type { JsonObject } from "../../schema/core/json.ts";
import { chooseModel } from "./choose-model.ts";
import { ConnectionLost } from "./client/client-failure.ts";
import { followInteraction, idOf, type WireEvent } from "./client/follow-interaction.ts";
import type { HubClient } from "./client/hub-client.ts";
import { withHub } from "./client/with-hub.ts";
import type { CommandContext } from "./command-context.ts";
import { CommandFailure } from "./command-failure.ts";
import { exitCodes } from "./exit-codes.ts";
import { givenFlags } from "./given-flags.ts";
import { lostNotice } from "./lost-notice.ts";
import { mostToSend } from "./most-to-send.ts";
import { onStop } from "./on-stop.ts";
import { usageError } from "./parser/usage-error.ts";
import { readQuestion } from "./read-question.ts";
import { rememberFiles } from "./remember-files.ts";
import { printFollowed } from "./transcript/print-followed.ts";

export type AskFlags = { model?: string; agent?: string; previous?: string; file?: string[]; system?: string };

/** Asks, prints the answer as it comes, and says by which id to go on. Ctrl-C cancels the interaction and waits for its end. */
export async function ask(given: CommandContext, flags: AskFlags, words: readonly string[]): Promise<number> {
  if (flags.model !== undefined && flags.agent !== undefined)
    throw usageError("ask takes --model or --agent, not both");
  // The settings are read for what may be sent, and for the hub.
  const outside = { ...given.outside, readFile: rememberFiles(given.outside.readFile) };
  const context = { ...given, outside };
  const most = await mostToSend(context);
  const input = await readQuestion(words, flags.file ?? [], { input: outside.input, most });
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
    const followed = { kind: "create", body } as const;
    const events = run.watch(
      followInteraction(client, followed, { lost: lostNotice(context), flags: givenFlags(context) }),
    );
    let exitCode: number | undefined;
    try {
      exitCode = await printFollowed(context, events, outside.errors);
      return run.stopped() ?? exitCode;
    } catch (error) {
      const stopped = run.stopped();
      // What went wrong is here: nobody reads the answer any longer, or there is no room for it.
      if (stopped === undefined && !(error instanceof CommandFailure)) await run.giveUp();
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
        await outside.errors.write(`${id}${advice}\n`).catch(() => {});
      }
    }
  });
}

/** Cancels what is being asked when the process is told to stop; told twice, it ends at once. */
function cancelOnStop(client: HubClient, { outside, quiet }: CommandContext) {
  let id: string | undefined;
  let code: number | undefined;
  async function cancel(known: string, mayHaveEnded = false): Promise<void> {
    try {
      await client.ask("POST", `/v1beta/interactions/${encodeURIComponent(known)}/cancel`);
    } catch (error) {
      if (mayHaveEnded && !(error instanceof ConnectionLost)) return;
      const reason = error instanceof Error ? error.message : String(error);
      // It may have ended by itself meanwhile, which the events tell too.
      outside.errors.write(`\ninteractions-hub: it was not cancelled: ${reason}\n`).catch(() => {});
    }
  }
  onStop(outside, (exitCode) => {
    code = exitCode;
    if (!quiet) outside.errors.write("\ncancelling; once more ends at once\n").catch(() => {});
    // Before its first event nobody knows by which id; it may have begun all the same.
    if (id !== undefined) void cancel(id);
  });
  return {
    id: () => id,
    stopped: () => code,
    /** Cancels it without being told to, and resolves when the hub has heard of that, or cannot be reached. */
    giveUp: async () => {
      if (id !== undefined) await cancel(id, true);
    },
    async *watch(events: AsyncIterable<WireEvent>): AsyncGenerator<WireEvent, void, void> {
      for await (const event of events) {
        const known = idOf(event);
        if (id === undefined && known !== undefined && code !== undefined) void cancel(known);
        id ??= known;
        yield event;
      }
    },
  };
}
