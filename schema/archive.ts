import type { LoggedEvent } from "./core/event.ts";
import type { Interaction, Status } from "./core/interaction.ts";
import type { Labels } from "./core/settings.ts";
import type { Step, ToolName } from "./core/step.ts";
import type { Usage } from "./core/usage.ts";

/** An interaction without its steps. Its labels are in `settings.labels`, as they were set last. */
export type InteractionHead = Omit<Interaction, "input" | "output">;

/** The most items of a page, and of each list that belongs to one interaction; who asks for more gets so many. */
export const MOST_ITEMS = 1000;

/** The most words of a text query; one with more is refused with `invalid_request`. */
export const MOST_WORDS = 32;

/** The most words that may begin with what stands before a star; where more do, it is refused with `invalid_request`. */
export const MOST_COMPLETIONS = 500;

/** The most groups of an aggregate; where there are more, it is refused with `invalid_request`. */
export const MOST_GROUPS = 50_000;

/** How many matches a search ranks: the newest ones, and fewer if their texts are long. */
export const MOST_RANKED = 1000;

/** How much of the text of each step can be found. */
export const MOST_SEARCHED = 1 << 20;

/**
 * What stands around each match in a snippet. Both are noncharacters of Unicode, and are taken out of what is searched
 * before it is kept, so that they never occur in a snippet otherwise. Where a snippet is cut, it has an ellipsis.
 */
export const searchMarks = { start: "\u{FDD0}", end: "\u{FDD1}" } as const;

/**
 * Which interactions are meant: all members must hold, of a list (but for labels) any one value; an empty list holds for
 * nothing. A list has at most `MOST_ITEMS` values. Times are milliseconds since 1970, a `_from` is inclusive and a `_before` exclusive.
 */
export type InteractionFilter = {
  ids?: readonly string[];
  /** Ids of roots: everything in their trees. */
  roots?: readonly string[];
  status?: readonly Status[];
  /** The names that were asked for, not those that an alias stood for. */
  model?: readonly string[];
  agent?: readonly string[];
  provider?: readonly string[];
  /** All of them must be set; without a value any value will do. */
  labels?: readonly { key: string; value?: string }[];
  created_from?: number;
  created_before?: number;
  /** What runs was last changed when it began. */
  updated_from?: number;
  updated_before?: number;
  /** Whether it has `errors`. */
  has_error?: boolean;
  /**
   * Names of what is called or answers in its steps: a function's or an MCP tool's own name, else the name of the tool
   * (`google_search`).
   */
  tool?: readonly string[];
  /** A text query that one of its steps matches; see `SearchRequest`. */
  text?: string;
  /** Whether it is the first of its chain. */
  is_root?: boolean;
};

/** `created` is the order of arrival. Where two are equal, the one that arrived first is the lesser. */
export type InteractionOrder = { by: "created" | "updated"; direction: "ascending" | "descending" };

/** Where an item stands in an order. The archive makes it; whoever keeps it gives it back as it is. It is JSON. */
export type Key = readonly number[];

/**
 * The first `limit` items behind `after` (and before `before`), or with `backward` the last ones before `before`; the
 * order within the page is the same. A key stays good when its item is gone.
 */
export type PageRequest = { limit: number; after?: Key; before?: Key; backward?: boolean };

/** `has_next` and `has_previous` say whether items stand behind and before the page, whichever way it was asked for. */
export type Page<T> = { edges: { key: Key; node: T }[]; has_next: boolean; has_previous: boolean };

/**
 * Words that must all occur in one step, whatever their case and accents. In quotes, or with anything but a space between
 * them (`get_weather`), they must stand side by side; a star behind a word or a quote (`interact*`) lets more letters
 * follow. All other signs mean nothing, and a query without any word finds nothing. What is searched are texts, summaries
 * of thoughts, the arguments of tools and their results, of each step the first `MOST_SEARCHED` characters; outputs once
 * the interaction has ended.
 */
export type SearchRequest = { text: string; filter?: Omit<InteractionFilter, "text"> };

/** A step that matches. */
export type SearchHit = {
  interaction: InteractionHead;
  side: "input" | "output";
  /** The place of the step in its side, from 0. */
  index: number;
  /** A part of the step's text around the matches, which stand in `searchMarks`. */
  snippet: string;
  /** Greater is better; it compares only with others of the same search. */
  score: number;
};

/** `bounded` says that more steps match than are ranked: only the newest ones (`MOST_RANKED`) are in these pages. */
export type SearchPage = Page<SearchHit> & { bounded: boolean };

/** What interactions cost together; what did not count a kind of token adds nothing to it. */
export type UsageTotals = { interactions: number } & Required<
  Pick<
    Usage,
    | "total_tokens"
    | "total_input_tokens"
    | "total_cached_tokens"
    | "total_output_tokens"
    | "total_tool_use_tokens"
    | "total_thought_tokens"
  >
>;

/** By what usage is told apart. */
export const usageDimensions = ["day", "model", "agent", "provider", "status", "label"] as const;
export type UsageDimension = (typeof usageDimensions)[number];

/** Usage of what has these values in common. A member is absent if it was not asked for, or if these have none. */
export type UsageGroup = UsageTotals & {
  /** The day of creation in UTC, `2026-11-27`. */
  day?: string;
  model?: string;
  agent?: string;
  provider?: string;
  status?: Status;
  /** The value of the label that was asked for. */
  label?: string;
};

/** How often a tool was called and how it ended. `name` is as in `InteractionFilter.tool`. */
export type ToolGroup = { tool: ToolName; name: string; calls: number; results: number; failures: number };

/** Media as it is kept. */
export type StoredMedia = {
  size: number;
  /** As whoever brought it first said; nobody has checked it. */
  mime_type?: string;
  /** Bytes from `from` up to `to`, which is exclusive. */
  read(from: number, to: number): Promise<Uint8Array>;
};

/** The latest change of an interaction: it began, ended or got other labels, or it is gone if `interaction` is absent. */
export type Change = { cursor: number; id: string; interaction?: InteractionHead };

/**
 * Changes in their order, each interaction with its latest one. Go on with `cursor`, which is behind all that was looked
 * at; `has_more` says that more may be there already. `missed_removals` says that after the cursor that was given more was
 * removed than is remembered.
 */
export type ChangePage = { changes: Change[]; cursor: number; has_more: boolean; missed_removals: boolean };

/** A place in the queue of those who wait for the next change. */
export type ChangeTicket = {
  /** Resolves when something has changed since the ticket was taken, or when the ticket is given back. */
  rung: Promise<void>;
  /** Gives the ticket back: whoever waits on it goes on at once. */
  giveBack(): void;
};

/**
 * The port of the archive: what a front may ask of everything that is stored. What runs is the hub's to tell; it is here
 * too, as far as it has come. Media has its hash as `blob`, never its bytes. What is not stored is left out of maps.
 * Lists of ids may have repetitions. Every method rejects with a `HubError` (`invalid_request`, and `storage_full` where
 * labels or a text query need room); anything else is a bug.
 */
export interface Archive {
  list(filter: InteractionFilter, order: InteractionOrder, page: PageRequest): Promise<Page<InteractionHead>>;
  count(filter: InteractionFilter): Promise<number>;
  /** In the order of the ids. */
  heads(ids: readonly string[]): Promise<(InteractionHead | undefined)[]>;
  /** All steps; the output of what runs is as its log says. */
  steps(ids: readonly string[]): Promise<Map<string, { input: Step[]; output: Step[] }>>;
  /** At most `limit` events of each log after sequence `after`; fewer when their bodies are large, but one at least. */
  events(ids: readonly string[], after: number, limit: number): Promise<Map<string, LoggedEvent[]>>;
  /** What goes on from each, in the order of arrival: all branches. Every id has a page, whether it is stored or not. */
  children(ids: readonly string[], page: PageRequest): Promise<Map<string, Page<InteractionHead>>>;
  /** From the root, or the oldest that is still stored, to each: at most `limit` links, those nearest to it. */
  chains(ids: readonly string[], limit: number): Promise<Map<string, InteractionHead[]>>;
  /** Everything that goes on from each, however far, in the order of arrival. Every id has a page here too. */
  descendants(ids: readonly string[], page: PageRequest): Promise<Map<string, Page<InteractionHead>>>;
  /** What each cost with everything before it in its chain. */
  chain_usage(ids: readonly string[]): Promise<Map<string, UsageTotals>>;
  /** Steps by their rank (BM25), best first. Pages that follow one another are of one ranking. */
  search(request: SearchRequest, page: PageRequest): Promise<SearchPage>;
  /** Sorted by the values of the groups, in the order in which the dimensions are given; `label` is the key of a label. */
  usage(filter: InteractionFilter, groups: readonly UsageDimension[], label?: string): Promise<UsageGroup[]>;
  /** The tools that were called, those that failed most first. */
  tools(filter: InteractionFilter): Promise<ToolGroup[]>;
  /** Replaces all labels; `undefined` if it is not stored. */
  set_labels(id: string, labels: Labels): Promise<InteractionHead | undefined>;
  media(sha256: string): Promise<StoredMedia | undefined>;
  /** Rings at every change. Take the ticket before reading, so that nothing slips between reading and waiting. */
  next_change(): ChangeTicket;
  /** The cursor behind everything that has changed so far. */
  latest_change(): Promise<number>;
  /** At most `limit` changes, from the first with 0, of what matches the filter as it is now. What is gone always does. */
  changed_since(cursor: number, filter: InteractionFilter, limit: number): Promise<ChangePage>;
}
