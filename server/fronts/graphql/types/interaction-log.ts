import { builder } from "../builder.ts";
import { costing } from "../cost-note.ts";
import { pageOfLog } from "../page-of-log.ts";
import { connectionType } from "./connection.ts";
import { type EventSource, LoggedEvent } from "./event.ts";
import { Interaction } from "./interaction.ts";
import { pageArguments } from "./page-arguments.ts";

const LoggedEventConnection = connectionType<EventSource>("LoggedEvent", "A page of a log.", LoggedEvent);

builder.objectField(Interaction, "events", (t) =>
  t.field({
    type: LoggedEventConnection,
    description: "Its log. A page may be shorter than asked for, where the events are large.",
    args: pageArguments(t),
    extensions: costing({ own: 2, items: "page" }),
    resolve: ({ id }, args, { loaders }) => pageOfLog(id, args, loaders),
  }),
);
