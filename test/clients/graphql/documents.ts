/** All that a log says, told in the same words by each protocol. */
const loggedEvent = `
  cursor
  sequence
  type
  event {
    __typename
    ... on StatusEvent { status }
    ... on StepStartEvent { index step { ... on StepPlace { side } } }
    ... on StepDeltaEvent { index delta { ... on TextDelta { text } } }
    ... on StepStopEvent { index }
    ... on FinishEvent { finished: status errors { code } usage { totalTokens } }
  }
`;

export const eventsSubscription = `subscription Events($id: ID!, $after: Cursor) {
  interactionEvents(id: $id, after: $after) {${loggedEvent}}
}`;

/** Asks for little under long names: each event is some 45 kB, and all of them more than sockets of this machine hold. */
export const heavySubscription = `subscription Heavy($id: ID!, $after: Cursor) {
  interactionEvents(id: $id, after: $after) {
    cursor
    ${Array.from({ length: 45 }, (_, index) => `${"long".repeat(250)}${index}: cursor`).join("\n")}
  }
}`;

export const storedEventsQuery = `query StoredEvents($id: ID!) {
  interaction(id: $id) { events(first: 1000) { nodes {${loggedEvent}} pageInfo { hasNextPage } } }
}`;

export const createMutation = `mutation Create($input: CreateInteractionInput!) {
  createInteraction(input: $input) {
    __typename
    ... on CreateInteractionSuccess { interaction { id status outputText } }
    ... on Refusal { code message field }
  }
}`;

/** What these documents tell of one event of a log. */
export type ToldEvent = { cursor: string; sequence: number; type: string; event: { __typename: string } };

export type EventsData = { interactionEvents: ToldEvent };

export type StoredEventsData = {
  interaction: { events: { nodes: ToldEvent[]; pageInfo: { hasNextPage: boolean } } } | null;
};

export type CreateData = {
  createInteraction: {
    __typename: string;
    interaction?: { id: string; status: string; outputText: string };
    code?: string;
    message?: string;
    field?: string | null;
  };
};
