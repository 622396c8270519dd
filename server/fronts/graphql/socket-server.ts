import type { ExecutionArgs, GraphQLError, GraphQLFormattedError } from "graphql";
import { CloseCode, type Context, handleProtocols, makeServer } from "graphql-ws";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { HubError } from "../../../schema/core/error.ts";
import type { Upgrade } from "../../operation.ts";
import type { Caller } from "./context.ts";
import type { Engine, Operation } from "./engine.ts";
import type { GraphqlOptions } from "./graphql-options.ts";
import { identifySocket } from "./identify-socket.ts";
import type { Granted, Subscriptions } from "./live/subscriptions.ts";
import { createSocketOutlet, type SocketOutlet, TOO_SLOW } from "./socket-outlet.ts";
import { socketSubscription } from "./socket-subscription.ts";

/** Speaks `graphql-transport-ws` over WebSockets. */
export type SocketServer = {
  accept(upgrade: Upgrade): void;
  /** Sockets that are open. */
  count(): number;
  /** Closes every socket; resolves when they are closed. */
  close(): Promise<void>;
};

/** Operations that may run over one socket at the same time. */
const MOST_OPERATIONS = 1000;

/** Milliseconds that a client may take to say who it is. */
const INIT_TIMEOUT = 10_000;

/** Milliseconds that clients may take to close. */
const GRACE = 1000;

/** What belongs to one socket. */
type Extra = { upgrade: Upgrade; socket: WebSocket; outlet: SocketOutlet; gone: AbortController; caller?: Caller };

/** What an operation that was granted is run with; `granted` where it is a subscription. */
type Run = { id: string; operation: Operation; caller: Caller; outlet: SocketOutlet; granted: Granted | undefined };

export function createSocketServer(
  engine: Engine,
  subscriptions: Subscriptions,
  options: GraphqlOptions,
): SocketServer {
  const runs = new WeakMap<object, Run>();

  const protocol = makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: INIT_TIMEOUT,
    onConnect(context) {
      const { upgrade, socket, gone } = context.extra;
      try {
        context.extra.caller = identifySocket(upgrade, context.connectionParams ?? {}, gone.signal);
        return true;
      } catch (error) {
        socket.close(CloseCode.Unauthorized, error instanceof HubError ? error.message : "Unauthorized");
        return false;
      }
    },
    async onSubscribe(context, id, { query, ...payload }) {
      const { outlet, caller } = context.extra;
      if (caller === undefined) throw new Error("A socket was acknowledged without a caller.");
      const refused = tooMany(context);
      if (refused !== undefined) return [engine.explain(refused, caller)];
      // An empty text stands for a document that is named by its id.
      const params = { ...payload, ...(query === "" ? {} : { query }) };
      const operation = engine.prepare(params);
      if ("errors" in operation) return operation.errors;
      const granted = await grant(operation, caller);
      if (granted !== undefined && "errors" in granted) return granted.errors;
      const args: ExecutionArgs = {
        schema: engine.schema,
        document: operation.document,
        operationName: operation.operation.name?.value ?? null,
        contextValue: {},
      };
      runs.set(args, { id, operation, caller, outlet, granted });
      return args;
    },
    execute(args) {
      const { operation, caller } = runOf(args);
      return engine.run(operation, engine.contextFor(caller));
    },
    subscribe(args) {
      const { id, granted, outlet, caller } = runOf(args);
      if (granted === undefined) throw new Error("A subscription was run that was not granted.");
      return socketSubscription(id, granted, outlet, (error) => engine.explain(error, caller));
    },
    onError: (_context, _id, _payload, errors) => errors.map(formatted),
    onNext: (_context, _id, _payload, _args, { errors, ...result }) =>
      errors === undefined ? undefined : { ...result, errors: errors.map(formatted) },
  });

  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    clientTracking: true,
    maxPayload: options.messageBytes,
    handleProtocols,
  });

  function runOf(args: object): Run {
    const run = runs.get(args);
    if (run === undefined) throw new Error("An operation was run that nobody has prepared.");
    return run;
  }

  async function grant(operation: Operation, caller: Caller) {
    return operation.operation.operation === "subscription" ? subscriptions.open(operation, caller) : undefined;
  }

  function open(socket: WebSocket, upgrade: Upgrade): void {
    const gone = new AbortController();
    let opened: ((code: number, reason: string) => Promise<void>) | undefined;
    /** Everything ends when the socket is closed, or at once where its client does not even read that it is. */
    const closed = (code: number, reason: string) => {
      gone.abort();
      clearInterval(alive);
      opened?.(code, reason).catch(options.bug);
      opened = undefined;
    };
    const outlet = createSocketOutlet({
      socket,
      connection: upgrade.socket,
      bound: options.bufferedBytes,
      stallTimeout: options.stallTimeout,
      tooSlow() {
        socket.close(TOO_SLOW, "Too slow: connect again and go on from your last cursor");
        closed(TOO_SLOW, "");
      },
    });
    const alive = watchLife(socket, options);
    opened = protocol.opened(
      {
        protocol: socket.protocol,
        send: (message) => outlet.send(message),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (take) => socket.on("message", (data) => receive(data, take, socket, upgrade)),
      },
      { upgrade, socket, outlet, gone },
    );
    socket.on("error", () => socket.terminate());
    socket.once("close", (code, reason) => closed(code, String(reason)));
  }

  function receive(data: RawData, take: (text: string) => Promise<void>, socket: WebSocket, upgrade: Upgrade): void {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
    try {
      upgrade.json(bytes);
    } catch {
      socket.close(CloseCode.BadRequest, "Invalid message received");
      return;
    }
    take(bytes.toString()).catch((error) => {
      options.bug(error);
      socket.close(CloseCode.InternalServerError, "Internal error");
    });
  }

  return {
    accept(upgrade) {
      server.handleUpgrade(upgrade.incoming, upgrade.socket, upgrade.head, (socket) => open(socket, upgrade));
    },
    count: () => server.clients.size,
    async close() {
      // From now on none is opened.
      server.close();
      const sockets = [...server.clients];
      const closing = sockets.map((socket) => new Promise((resolve) => socket.once("close", resolve)));
      for (const socket of sockets) socket.close(1001, "Going away");
      const cut = setTimeout(() => {
        for (const socket of sockets) socket.terminate();
      }, GRACE);
      await Promise.all(closing);
      clearTimeout(cut);
    },
  };
}

/** Asks from time to time whether somebody is still there, and cuts a connection that is silent for too long. */
function watchLife(socket: WebSocket, { heartbeat, stallTimeout }: GraphqlOptions): NodeJS.Timeout {
  // Who reads nothing does not answer either, and is to hear that it was too slow.
  const patience = 2 + Math.ceil(stallTimeout / heartbeat);
  let unanswered = 0;
  socket.on("pong", () => {
    unanswered = 0;
  });
  return setInterval(() => {
    if (unanswered >= patience) socket.terminate();
    else if (socket.readyState === socket.OPEN) socket.ping();
    unanswered += 1;
  }, heartbeat);
}

function tooMany({ subscriptions }: Context<Record<string, unknown>, Extra>): HubError | undefined {
  if (Object.keys(subscriptions).length <= MOST_OPERATIONS) return undefined;
  return new HubError("rate_limit_exceeded", `${MOST_OPERATIONS} operations run over this socket, as many as may.`);
}

/** An error without what is only meant for HTTP. */
function formatted(error: GraphQLError): GraphQLFormattedError {
  const { extensions: { http: _http, ...extensions } = {}, ...rest } = error.toJSON();
  return Object.keys(extensions).length === 0 ? rest : { ...rest, extensions };
}
