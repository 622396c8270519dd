/** Something that happened, and its place in the order of all that happens. */
export type PlacedRoot<Root> = { position: number; root: Root };

/**
 * What stands behind a position already. `upTo` is behind all that was looked at; `ended` says that nothing follows, and
 * `lasting` that it reads the same whenever it is read.
 */
export type Missed<Root> = { roots: PlacedRoot<Root>[]; upTo: number; ended: boolean; lasting: boolean };

/**
 * What a subscription gives: things that happen, in an order in which a reader can go on from any place. Whoever has the
 * same `topic` gets the same, so that it is made into a payload once for all of them.
 */
export type LiveSource<Root> = {
  topic: string;
  /** The position behind which the reader wants to begin. */
  start: number;
  /** Whether only the latest counts: then each thing replaces those before it. */
  latestOnly: boolean;
  missed(after: number): Promise<Missed<Root>>;
  /** What stands behind a position, then what comes, until nothing more can. It ends at once when `gone` aborts. */
  follow(after: number, gone: AbortSignal): AsyncGenerator<PlacedRoot<Root>[], void, void>;
};

/** A source as GraphQL wants to have one: it is asked for its roots one after the other only where nothing is shared. */
export type SourceStream<Root> = LiveSource<Root> & AsyncIterable<Root>;

/** Makes a stream of a source. */
export function sourceStream<Root>(source: LiveSource<Root>): SourceStream<Root> {
  return { ...source, [Symbol.asyncIterator]: () => rootsOf(source) };
}

/** Whether a stream has come from `sourceStream`. */
export function isSourceStream(stream: AsyncIterable<unknown>): stream is SourceStream<unknown> {
  return "topic" in stream && "follow" in stream;
}

function rootsOf<Root>(source: LiveSource<Root>): AsyncIterator<Root> {
  const controller = new AbortController();
  const roots = eachRoot(source, controller.signal);
  return {
    next: () => roots.next(),
    // What waits for the next root hears of it by the signal alone.
    return: () => {
      controller.abort();
      return roots.return();
    },
  };
}

async function* eachRoot<Root>(source: LiveSource<Root>, gone: AbortSignal): AsyncGenerator<Root, void, void> {
  for await (const page of source.follow(source.start, gone)) {
    for (const { root } of page) yield root;
  }
}
