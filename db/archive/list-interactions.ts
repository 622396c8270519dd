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
import type { Sizes } from "./sizes.ts";
import { boundedLimit, checkedKey, type Part, sortedPage } from "./sorted-page.ts";

type By = InteractionOrder["by"];

/** A page of the interactions for which a filter holds. */
export async function listInteractions(
  { selection, heads, sizes }: { selection: Selection; heads: ReadHeads; sizes: Sizes },
  filter: InteractionFilter,
  order: InteractionOrder,
  page: PageRequest,
): Promise<Page<InteractionHead>> {
  for (const key of [page.after, page.before]) if (key !== undefined) checkedKey(key, order.by === "created" ? 1 : 2);
  const wanted = selection.prepare(filter);
  const { items, ...around } = await partOf({ selection, sizes }, wanted, order, page);
  const byKey = heads.byKeys(items.map(({ key }) => key));
  const edges = items.flatMap((place) => {
    const node = byKey.get(place.key);
    return node === undefined ? [] : [{ key: keyOf(place, order.by), node }];
  });
  return { edges, ...around };
}

/**
 * Nothing has the times of changes in the order of any other condition: where a walk by them meets hardly anything, those
 * that another condition leaves are sorted, even if they are many.
 */
async function partOf(
  { selection, sizes }: { selection: Selection; sizes: Sizes },
  wanted: Wanted,
  order: InteractionOrder,
  page: PageRequest,
): Promise<Part<Place>> {
  const few = await selection.few(wanted);
  if (few !== undefined) return pageOfFew(few, order, page);
  const patience = order.by === "updated" ? sizes.patience : Number.POSITIVE_INFINITY;
  const { isWhole, ...walked } = await walkedPage(selection, wanted, order, page, patience);
  if (isWhole) return walked;
  const many = await selection.few(wanted, sizes.many);
  return many === undefined ? walkedPage(selection, wanted, order, page) : pageOfFew(many, order, page);
}

function pageOfFew(few: Place[], { by, direction }: InteractionOrder, page: PageRequest): Part<Place> {
  const sign = direction === "ascending" ? 1 : -1;
  few.sort((one, other) => sign * compare(one, other, by));
  return sortedPage(few, page, (place, key) => sign * compare(place, placeOf(key), by));
}

/**
 * Goes from where the page begins until it is full; then looks whether there is something on its other sides. It is not
 * whole if that takes more stretches than there is patience for.
 */
async function walkedPage(
  selection: Selection,
  wanted: Wanted,
  { by, direction }: InteractionOrder,
  { limit, after, before, backward = false }: PageRequest,
  patience = Number.POSITIVE_INFINITY,
): Promise<Part<Place> & { isWhole: boolean }> {
  const ascending = (direction === "ascending") !== backward;
  const start = backward ? before : after;
  const stop = backward ? after : before;
  const end = stop && placeOf(stop);
  const isBefore = (place: Place, other: Place) => (ascending ? 1 : -1) * compare(place, other, by) < 0;
  let stretches = 0;
  async function* walk(ahead: boolean, rest: Pick<Walk, "from" | "isIncluded">) {
    const way = ascending === ahead ? "ascending" : "descending";
    for await (const places of selection.walk(wanted, { by, direction: way, ...rest })) {
      stretches += 1;
      if (stretches > patience) return;
      yield places;
    }
  }
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
  const isWhole = stretches <= patience;
  return backward
    ? { items: items.reverse(), has_next: isLess, has_previous: isMore, isWhole }
    : { items, has_next: isMore, has_previous: isLess, isWhole };
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
