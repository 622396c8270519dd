import type {
  InteractionFilter,
  InteractionHead,
  InteractionOrder,
  Key,
  Page,
  PageRequest,
} from "../../schema/archive.ts";
import type { ReadHeads } from "./read-heads.ts";
import type { Place, Selection, Walk, Wanted } from "./selection.ts";
import { boundedLimit, checkedKey, type Part, sortedPage } from "./sorted-page.ts";

type By = InteractionOrder["by"];

/** A page of the interactions for which a filter holds. */
export async function listInteractions(
  { selection, heads }: { selection: Selection; heads: ReadHeads },
  filter: InteractionFilter,
  order: InteractionOrder,
  page: PageRequest,
): Promise<Page<InteractionHead>> {
  for (const key of [page.after, page.before]) if (key !== undefined) checkedKey(key, order.by === "created" ? 1 : 2);
  const wanted = selection.prepare(filter);
  const few = await selection.few(wanted);
  const { items, ...around } =
    few === undefined ? await walkedPage(selection, wanted, order, page) : pageOfFew(few, order, page);
  const byKey = heads.byKeys(items.map(({ key }) => key));
  const edges = items.flatMap((place) => {
    const node = byKey.get(place.key);
    return node === undefined ? [] : [{ key: keyOf(place, order.by), node }];
  });
  return { edges, ...around };
}

function pageOfFew(few: Place[], { by, direction }: InteractionOrder, page: PageRequest): Part<Place> {
  const sign = direction === "ascending" ? 1 : -1;
  few.sort((one, other) => sign * compare(one, other, by));
  return sortedPage(few, page, (place, key) => sign * compare(place, placeOf(key), by));
}

/** Goes from where the page begins until it is full; then looks whether there is something on its other sides. */
async function walkedPage(
  selection: Selection,
  wanted: Wanted,
  { by, direction }: InteractionOrder,
  { limit, after, before, backward = false }: PageRequest,
): Promise<Part<Place>> {
  const ascending = (direction === "ascending") !== backward;
  const start = backward ? before : after;
  const stop = backward ? after : before;
  const end = stop && placeOf(stop);
  const isBefore = (place: Place, other: Place) => (ascending ? 1 : -1) * compare(place, other, by) < 0;
  const walk = (ahead: boolean, rest: Pick<Walk, "from" | "isIncluded">) =>
    selection.walk(wanted, { by, direction: ascending === ahead ? "ascending" : "descending", ...rest });
  const isAnything = async (ahead: boolean, key: Key) => {
    for await (const places of walk(ahead, { from: placeOf(key), isIncluded: true }))
      if (places.length > 0) return true;
    return false;
  };

  const size = boundedLimit(limit);
  const items: Place[] = [];
  let isOver = false;
  for await (const places of walk(true, start === undefined ? {} : { from: placeOf(start) })) {
    for (const place of places) {
      isOver = items.length > size || (end !== undefined && !isBefore(place, end));
      if (isOver) break;
      items.push(place);
    }
    if (isOver || items.length > size) break;
  }
  const isMore = items.length > size || (stop !== undefined && (await isAnything(true, stop)));
  const isLess = start !== undefined && (await isAnything(false, start));
  items.length = Math.min(items.length, size);
  return backward
    ? { items: items.reverse(), has_next: isLess, has_previous: isMore }
    : { items, has_next: isMore, has_previous: isLess };
}

function compare(one: Place, other: Place, by: By): number {
  return (by === "updated" ? one.updated_at - other.updated_at : 0) || one.key - other.key;
}

/** `[key]` in the order of creation, `[time, key]` in that of changes. */
function keyOf({ key, updated_at }: Place, by: By): Key {
  return by === "created" ? [key] : [updated_at, key];
}

function placeOf(key: Key): Place {
  const [first = 0, second] = key;
  return second === undefined ? { key: first, updated_at: 0 } : { key: second, updated_at: first };
}
