import type { JsonObject } from "../../schema/core/json.ts";
import type { Dialect } from "./client.ts";

/** The text of an answer: of a reply, or of a `get`. */
export function textOf(dialect: Dialect, resource: JsonObject): string {
  return saidIn(dialect, dialect.produced(resource));
}

/** The text among outputs or steps. */
export function saidIn(dialect: Dialect, produced: readonly JsonObject[]): string {
  const texts = dialect.contents(produced).filter((content) => content.type === "text");
  return texts.map((content) => content.text).join("");
}

/** Outputs or steps of one type; both revisions name thoughts, calls and results alike. */
export function ofType(produced: readonly JsonObject[], type: string): JsonObject[] {
  return produced.filter((item) => item.type === type);
}

/** The state that a stream leaves its reader in, and the usage that it told last. */
export function outcomeOf(events: readonly JsonObject[]): { status: unknown; usage: unknown } {
  const states = events.map((event) => (event.interaction ?? event) as JsonObject);
  return {
    status: states.findLast((state) => state.status !== undefined)?.status,
    usage: states.findLast((state) => state.usage !== undefined)?.usage,
  };
}

/** The id of the interaction that a stream is about. */
export function idOf(events: readonly JsonObject[]): string {
  return String((events[0]?.interaction as JsonObject | undefined)?.id);
}
