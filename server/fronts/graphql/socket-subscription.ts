import type { Reader, Seat } from "./live/channel.ts";
import type { Granted } from "./live/subscriptions.ts";
import type { SocketOutlet } from "./socket-outlet.ts";

/**
 * A subscription as graphql-ws wants to have one. It never gives a result: those are shared by all who read them and go out
 * past it, as whole messages. What it tells is when the subscription has ended, and it hears when the client has left.
 */
export function socketSubscription(
  id: string,
  granted: Granted,
  outlet: SocketOutlet,
  explain: (error: unknown) => Error,
): AsyncGenerator<never, void, void> {
  const { promise, resolve, reject } = Promise.withResolvers<IteratorReturnResult<void>>();
  const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  const done = { done: true, value: undefined } as const;
  let seat: Seat | undefined;

  const resume = () => seat?.resume();
  const reader: Reader = {
    take(payloads) {
      outlet.together(() => {
        for (const { text } of payloads) outlet.send(`${head}${text}}`);
      });
      return !outlet.isFull(resume);
    },
    end: () => resolve(done),
    fail: (error) => reject(explain(error)),
  };

  return {
    // The first call comes when the client can be told of results.
    next() {
      seat ??= granted.join(reader);
      return promise;
    },
    return() {
      seat?.leave();
      resolve(done);
      return Promise.resolve(done);
    },
    throw(error) {
      seat?.leave();
      reject(error);
      return Promise.reject(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      seat?.leave();
      resolve(done);
    },
  };
}
