import { createSourceEventStream, type ExecutionResult, execute, type GraphQLError } from "graphql";
import { HubError } from "../../../../schema/core/error.ts";
import { onOneLine } from "../../../../schema/interactions/encode-stream.ts";
import type { Caller } from "../context.ts";
import { type Engine, type Operation, withShownErrors } from "../engine.ts";
import { type Channel, createChannel, type Reader, type Seat } from "./channel.ts";
import { isSourceStream, type SourceStream } from "./live-source.ts";
import { shareKey } from "./share-key.ts";

/** A subscription that was granted: whoever has it lets readers in. */
export type Granted = { join(reader: Reader): Seat };

/** Everything that somebody subscribes to. */
export type Subscriptions = {
  /** Checks a subscription and finds its source; errors are for the client as they are. */
  open(operation: Operation, caller: Caller): Promise<Granted | { errors: readonly GraphQLError[] }>;
  /** How many subscribers there are, and how many channels they share. */
  load(): { subscribers: number; channels: number };
};

export function createSubscriptions(engine: Engine, most: number): Subscriptions {
  let subscribers = 0;

  const open = new Map<string, Channel>();

  function channelFor(key: string, operation: Operation, source: SourceStream<unknown>, caller: Caller): Channel {
    const known = open.get(key);
    if (known !== undefined) return known;
    // What is shared belongs to no one request: neither its end nor a key of its own may show in it.
    const shared: Caller = { ...caller, callerKey: () => undefined, gone: new AbortController().signal };
    const channel = createChannel({
      source,
      execute: (root) => {
        const result = execute({ ...argumentsOf(operation), rootValue: root, contextValue: engine.contextFor(shared) });
        return result instanceof Promise ? result.then((one) => textOf(one, shared)) : textOf(result, shared);
      },
      closed: () => open.delete(key),
    });
    open.set(key, channel);
    return channel;
  }

  /** A reader that counts until it is over, whichever way. */
  function countedReader(reader: Reader) {
    subscribers += 1;
    let counts = true;
    const gone = (act: () => void) => {
      if (counts) subscribers -= 1;
      counts = false;
      act();
    };
    return {
      gone,
      reader: {
        take: reader.take,
        end: () => gone(reader.end),
        fail: (error: unknown) => gone(() => reader.fail(error)),
      },
    };
  }

  function argumentsOf({ document, params }: Operation) {
    return {
      schema: engine.schema,
      document,
      operationName: params.operationName ?? null,
      variableValues: params.variables ?? null,
    };
  }

  function textOf(result: ExecutionResult, caller: Caller): string {
    return onOneLine(JSON.stringify(withShownErrors(result, (error) => engine.explain(error, caller))));
  }

  return {
    async open(operation, caller) {
      const refused =
        engine.refuse(operation) ?? (subscribers < most ? undefined : engine.explain(tooMany(most), caller));
      if (refused !== undefined) return { errors: [refused] };
      const stream = await createSourceEventStream({
        ...argumentsOf(operation),
        contextValue: engine.contextFor(caller),
      });
      if (!(Symbol.asyncIterator in stream)) {
        return { errors: (stream.errors ?? []).map((error) => engine.explain(error, caller)) };
      }
      if (!isSourceStream(stream)) throw new Error("A subscription gives a stream of its own making.");
      const key = shareKey(operation, stream.topic, caller.address);
      return {
        join(reader) {
          const counted = countedReader(reader);
          const seat = channelFor(key, operation, stream, caller).join(counted.reader, stream.start);
          return { resume: seat.resume, leave: () => counted.gone(seat.leave) };
        },
      };
    },
    load: () => ({ subscribers, channels: open.size }),
  };
}

function tooMany(most: number): HubError {
  return new HubError("rate_limit_exceeded", `There are ${most} subscribers, as many as graphql.subscribers allows.`, {
    retryAfter: 1,
  });
}
