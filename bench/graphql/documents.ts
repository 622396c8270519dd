import type { BenchRequest } from "../http-client.ts";

/** A page of a list that shows what was said. */
export const pageOfTurns = `query Page($after: Cursor, $filter: InteractionFilter, $order: InteractionOrder) {
  interactions(first: 50, after: $after, filter: $filter, order: $order) {
    nodes { id status model createdAt turns { role text } }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** From the root of a chain to one interaction, with what each cost. */
export const chainOfHeads = `query Chain($id: ID!) {
  interaction(id: $id) { chain(limit: 1000) { id status model createdAt usage { totalTokens } } }
}`;

/** The same with what each said last. */
export const chainOfTexts = `query Chain($id: ID!) {
  interaction(id: $id) { chain(limit: 1000) { id status outputText } }
}`;

export const search = `query Search($text: String!, $filter: InteractionFilter) {
  search(text: $text, filter: $filter, first: 20) {
    nodes { score side index snippet interaction { id status model createdAt } }
    pageInfo { hasNextPage endCursor }
  }
}`;

export const usageByDay = `query Usage($filter: InteractionFilter) {
  usage(groupBy: [day], filter: $filter) { day interactions totalTokens totalInputTokens totalOutputTokens }
}`;

export const usageByDayAndModel = `{ usage(groupBy: [day, model]) { day model interactions totalTokens } }`;

/** What is also asked of mercurius. */
export const compared = {
  list: `{ interactions(first: 50) { nodes { id status model createdAt } } }`,
  listWithTurns: `{ interactions(first: 50) { nodes { id status model createdAt turns { role text } } } }`,
  field: `query One($id: ID!) { interaction(id: $id) { status } }`,
  name: `{ __typename }`,
} as const;

export const watchEvents = `subscription Watch($id: ID!) {
  interactionEvents(id: $id) {
    cursor
    sequence
    type
    event { ... on StepDeltaEvent { index delta { ... on TextDelta { text } } } ... on FinishEvent { status } }
  }
}`;

/** A query as a client posts it. */
export function posted(query: string, variables?: object): BenchRequest {
  return { method: "POST", path: "/graphql", body: JSON.stringify({ query, variables }) };
}
