import { dataOf } from "../../cases/graphql-client.ts";
import { create } from "../../cases/http-client.ts";
import { type StoredEventsData, storedEventsQuery, type ToldEvent } from "./documents.ts";

/** Every stored event of an interaction, as a query tells it. */
export async function storedEvents(url: string, id: string): Promise<ToldEvent[]> {
  const { interaction } = await dataOf<StoredEventsData>(url, storedEventsQuery, { id });
  if (interaction === null || interaction.events.pageInfo.hasNextPage) throw new Error("That is not the whole log.");
  return interaction.events.nodes;
}

/** Begins an interaction that runs in the background, over REST; gives its id. */
export async function beginCount(url: string, to: number, headers: Record<string, string> = {}): Promise<string> {
  const { body } = await create(url, { model: "simulator", input: `count to ${to}`, background: true }, headers);
  return String(body.id);
}

/** Whatever is open at a hub. */
export async function loadOf(url: string): Promise<unknown> {
  const { load } = (await (await fetch(`${url}/healthz`)).json()) as { load: unknown };
  return load;
}

/** What a hub tells of its load when everything was let go. */
export const nothingOpen = { runs: 0, waiting: 0, sockets: 0, subscribers: 0, channels: 0 };
