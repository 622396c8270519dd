import { setTimeout as wait } from "node:timers/promises";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import { CommandFailure } from "../command-failure.ts";
import { ConnectionLost, noHub } from "./client-failure.ts";
import type { HubClient } from "./hub-client.ts";

/** How often a lost connection is tried again, and the longest pause between two attempts in milliseconds. */
const ATTEMPTS = 10;
const LONGEST_PAUSE = 5_000;

/** An event as REST streams it. */
export type WireEvent = JsonObject & { event_type: string };

/** What is followed: an interaction that is asked for now, or one that is there, from behind an event. */
export type Followed =
  | { kind: "create"; body: JsonObject }
  | { kind: "existing"; id: string; after: string | undefined };

/** Told each time that a connection was lost and will be tried again. */
export type Lost = (attempt: number) => void;

export type FollowOptions = {
  lost: Lost;
  /** Those by which another command finds the same hub; a space before each. */
  flags: string;
  /** The longest pause between two attempts, in milliseconds. */
  longestPause?: number;
};

/**
 * The events of an interaction to its end. A connection that is lost is made again, and goes on behind the last event that
 * came, for as long as the hub can be reached again soon; an interaction that nobody knows by an id yet is not asked for twice.
 */
export async function* followInteraction(
  client: HubClient,
  followed: Followed,
  { lost, flags, longestPause = LONGEST_PAUSE }: FollowOptions,
): AsyncGenerator<WireEvent, void, void> {
  let id = followed.kind === "existing" ? followed.id : undefined;
  let after = followed.kind === "existing" ? followed.after : undefined;
  let attempt = 0;
  for (;;) {
    try {
      for await (const event of eventsOf(client, followed, id, after)) {
        if (event === "done") return;
        attempt = 0;
        id ??= idOf(event);
        after = textAt(event.event_id) ?? after;
        yield event;
      }
      throw new ConnectionLost("the stream ended before the interaction did");
    } catch (error) {
      if (!(error instanceof ConnectionLost) || id === undefined) throw error;
      attempt += 1;
      if (attempt > ATTEMPTS) throw given(error, id, after, flags);
      lost(attempt);
      await wait(Math.min(longestPause, 100 * 2 ** attempt));
    }
  }
}

async function* eventsOf(
  client: HubClient,
  followed: Followed,
  id: string | undefined,
  after: string | undefined,
): AsyncGenerator<WireEvent | "done", void, void> {
  const stream =
    followed.kind === "create" && id === undefined
      ? client.stream("POST", "/v1beta/interactions", followed.body)
      : client.stream("GET", pathOf(id ?? "", after));
  for await (const records of stream) {
    for (const { event, data } of records) {
      if (event === "done") yield "done";
      else {
        const value = eventIn(data);
        if (value === undefined) throw noHub(client.url);
        yield value;
      }
    }
  }
}

function eventIn(data: string): WireEvent | undefined {
  try {
    const value = JSON.parse(data) as JsonValue;
    return isJsonObject(value) && typeof value.event_type === "string" ? (value as WireEvent) : undefined;
  } catch {
    return undefined;
  }
}

function pathOf(id: string, after: string | undefined): string {
  const query = new URLSearchParams({ stream: "true", ...(after === undefined ? {} : { last_event_id: after }) });
  return `/v1beta/interactions/${encodeURIComponent(id)}?${query}`;
}

/** The id of the interaction that an event is of, if it tells. */
export function idOf({ interaction, interaction_id: id }: WireEvent): string | undefined {
  return textAt(id) ?? (isJsonObject(interaction) ? textAt(interaction.id) : undefined);
}

function textAt(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function given(error: ConnectionLost, id: string, after: string | undefined, flags: string): CommandFailure {
  const from = after === undefined ? "" : ` --after ${after}`;
  const advice = `go on later with interactions-hub tail ${id}${from}${flags}`;
  return new CommandFailure(`${error.message}; ${advice}`, { cause: error });
}
