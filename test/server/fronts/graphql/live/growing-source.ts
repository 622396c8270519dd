import type { LiveSource } from "../../../../../server/fronts/graphql/live/live-source.ts";

/** A source that grows as the test says: its roots are the numbers from 1. */
export type GrowingSource = LiveSource<number> & {
  /** Lets so many more happen. */
  grow(count: number): void;
  /** Nothing more comes. */
  finish(): void;
  /** It cannot go on. */
  fail(error: Error): void;
  /** How often something was read that had happened already. */
  reads: number;
  /** How many follow it at the moment. */
  followers: number;
};

export function createGrowingSource(
  options: { latestOnly?: boolean; page?: number; lasting?: boolean } = {},
): GrowingSource {
  const { latestOnly = false, page = 100, lasting = true } = options;
  let last = 0;
  let state: "growing" | "finished" | Error = "growing";
  let bell = Promise.withResolvers<void>();

  function ring(): void {
    bell.resolve();
    bell = Promise.withResolvers();
  }

  const rootsAfter = (after: number, most: number) =>
    Array.from({ length: Math.min(most, Math.max(0, last - after)) }, (_, index) => ({
      position: after + index + 1,
      root: after + index + 1,
    }));

  const source: GrowingSource = {
    topic: "numbers",
    start: 0,
    latestOnly,
    reads: 0,
    followers: 0,
    grow(count) {
      last += count;
      ring();
    },
    finish() {
      state = "finished";
      ring();
    },
    fail(error) {
      state = error;
      ring();
    },
    async missed(after) {
      source.reads += 1;
      await Promise.resolve();
      const roots = latestOnly ? [] : rootsAfter(after, page);
      const upTo = roots.at(-1)?.position ?? after;
      const ended = state === "finished" && upTo === last && !latestOnly;
      return { roots, upTo, ended, lasting: lasting && (ended || roots.length === page) };
    },
    async *follow(after, gone) {
      source.followers += 1;
      gone.addEventListener("abort", ring, { once: true });
      let position = after;
      try {
        while (!gone.aborted) {
          const rung = bell.promise;
          const roots = rootsAfter(position, page);
          const end = roots.at(-1);
          if (end !== undefined) {
            position = end.position;
            yield latestOnly ? [end] : roots;
          } else if (state === "growing") await rung;
          else if (state === "finished") return;
          else throw state;
        }
      } finally {
        source.followers -= 1;
      }
    },
  };
  return source;
}
