import { followInteraction } from "./client/follow-interaction.ts";
import { withHub } from "./client/with-hub.ts";
import type { CommandContext } from "./command-context.ts";
import { givenFlags } from "./given-flags.ts";
import { lostNotice } from "./lost-notice.ts";
import { printFollowed } from "./transcript/print-followed.ts";

/** Follows an interaction to its end, whether it runs or has ended. */
export async function tail(
  context: CommandContext,
  { after }: { after?: string },
  [id = ""]: readonly string[],
): Promise<number> {
  return withHub(context, (client) => {
    const followed = { kind: "existing", id, after } as const;
    const events = followInteraction(client, followed, { lost: lostNotice(context), flags: givenFlags(context) });
    return printFollowed(context, events, context.outside.output);
  });
}
