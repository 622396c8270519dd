import { type Key, MOST_ITEMS, type Page, type PageRequest } from "../../../../schema/archive.ts";
import { HubError } from "../../../../schema/core/error.ts";
import { decodePageCursor, encodePageCursor, type PageOrder } from "../../../../schema/graphql/page-cursor.ts";
import { builder, type TypeOf } from "../builder.ts";

/** Items on a page when nobody says how many. */
const PAGE = 50;

/** An item, and the key of its place. */
export type Edge<Node> = { key: Key; node: Node };

/** A page of a list, by Relay's rules. Its cursors are written only for those who ask for them. */
export type Connection<Node> = {
  edges: Edge<Node>[];
  cursorOf(key: Key): string;
  hasNext: boolean;
  hasPrevious: boolean;
};

/** How a client asks for a page. */
export type PageArguments = {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
};

const PageInfo = builder.objectRef<Connection<unknown>>("PageInfo");
PageInfo.implement({
  description: "Where a page stands in its list.",
  fields: (t) => ({
    hasNextPage: t.exposeBoolean("hasNext", { description: "Whether more stand behind the page." }),
    hasPreviousPage: t.exposeBoolean("hasPrevious", { description: "Whether more stand before the page." }),
    startCursor: t.field({
      type: "Cursor",
      nullable: true,
      description: "The cursor of the first item.",
      resolve: ({ edges: [first], cursorOf }) => (first === undefined ? null : cursorOf(first.key)),
    }),
    endCursor: t.field({
      type: "Cursor",
      nullable: true,
      description: "The cursor of the last item.",
      resolve: ({ edges, cursorOf }) => {
        const last = edges.at(-1);
        return last === undefined ? null : cursorOf(last.key);
      },
    }),
  }),
});

/** Builds the two types of a list: the connection and its edges. */
export function connectionType<Node, Source extends Connection<Node> = Connection<Node>>(
  name: string,
  description: string,
  node: TypeOf<Node>,
): TypeOf<Source> {
  const EdgeRef = builder.objectRef<Edge<Node> & Pick<Connection<Node>, "cursorOf">>(`${name}Edge`);
  EdgeRef.implement({
    description: `An item of ${name}Connection.`,
    fields: (t) => ({
      cursor: t.field({
        type: "Cursor",
        description: "Its place in the list.",
        resolve: ({ key, cursorOf }) => cursorOf(key),
      }),
      node: t.field({ type: node, description: "The item.", resolve: (edge) => edge.node as never }),
    }),
  });
  const ref = builder.objectRef<Source>(`${name}Connection`);
  ref.implement({
    description,
    fields: (t) => ({
      edges: t.field({
        type: [EdgeRef],
        description: "The items with their cursors.",
        resolve: ({ edges, cursorOf }) => edges.map((edge) => ({ ...edge, cursorOf })),
      }),
      nodes: t.field({
        type: [node],
        description: "The items.",
        resolve: ({ edges }) => edges.map((edge) => edge.node) as never,
      }),
      pageInfo: t.field({ type: PageInfo, description: "Where the page stands.", resolve: (connection) => connection }),
    }),
  });
  return ref;
}

/** Reads what a client asks for; throws where it cannot be had. */
export function pageRequest(order: PageOrder, { first, after, last, before }: PageArguments): PageRequest {
  if (typeof first === "number" && typeof last === "number") throw invalid("last", "Give 'first' or 'last', not both.");
  const backward = typeof last === "number";
  const page: PageRequest = { limit: limitOf(backward ? "last" : "first", (backward ? last : first) ?? PAGE) };
  if (backward) page.backward = true;
  if (typeof after === "string") page.after = keyOf(order, "after", after);
  if (typeof before === "string") page.before = keyOf(order, "before", before);
  return page;
}

/** A page of the archive as a connection. */
export function connectionOf<Node>(order: PageOrder, { edges, has_next, has_previous }: Page<Node>): Connection<Node> {
  return { edges, cursorOf: cursorsOf[order], hasNext: has_next, hasPrevious: has_previous };
}

const cursorsOf = {
  created: (key: Key) => encodePageCursor("created", key),
  updated: (key: Key) => encodePageCursor("updated", key),
  rank: (key: Key) => encodePageCursor("rank", key),
  branch: (key: Key) => encodePageCursor("branch", key),
  change: (key: Key) => encodePageCursor("change", key),
} as const satisfies Record<PageOrder, (key: Key) => string>;

/** A number of items that may be asked for. */
export function limitOf(field: string, limit: number): number {
  if (limit >= 0 && limit <= MOST_ITEMS) return limit;
  throw invalid(field, `'${field}' must be from 0 to ${MOST_ITEMS}.`);
}

function keyOf(order: PageOrder, field: string, cursor: string): Key {
  const key = decodePageCursor(order, cursor);
  if (key === undefined) throw invalid(field, `'${field}' is no cursor of this list.`);
  return key;
}

function invalid(field: string, message: string): HubError {
  return new HubError("invalid_request", message, { field });
}
