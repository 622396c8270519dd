import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { isJsonObject, type JsonObject } from "../../schema/core/json.ts";
import { eventsOfSteps, type FakeAnswer, fakeAnswer, refusalOfSteps } from "./fake-gemini-answer.ts";

/** How the fake behaves; each may be changed while it runs. Times are milliseconds. */
export type FakeGeminiManner = {
  /** Keys that it takes. */
  keys: string[];
  /** Between two events. */
  pace: number;
  /** After how many events each of the next streams breaks off. */
  cuts: number[];
  /** Whether events have ids by which a stream goes on; "whole" takes them but begins again. */
  cursors: "yes" | "no" | "whole";
  /** Whether texts are cut at other places when they are told again. */
  recut: boolean;
  /** Whether an interaction that nobody listens to is kept and ends. */
  keepsUnheard: boolean;
  /** Answers a create, instead of the usual way, if it gives something. */
  answer(body: JsonObject): FakeAnswer | { refuse: number; error: JsonObject } | { say: JsonObject[] } | undefined;
};

type Stored = {
  id: string;
  body: JsonObject;
  /** What came before and what was sent. */
  before: JsonObject[];
  input: JsonObject[];
  steps: JsonObject[];
  events: JsonObject[];
  status: string;
  isOver: boolean;
  /** Called when the events have grown. */
  grown: Set<() => void>;
};

export type FakeGeminiRequest = {
  method: string;
  path: string;
  key: string | undefined;
  body: JsonObject | undefined;
  /** Whether its connection was closed before the answer was whole, by whomever. */
  brokenOff(): boolean;
};

export type FakeGemini = {
  url: string;
  manner: FakeGeminiManner;
  requests: FakeGeminiRequest[];
  /** The ids of what it keeps, oldest first. */
  ids(): string[];
  statusOf(id: string): string | undefined;
  /** What it tells of an interaction; may be changed. */
  eventsOf(id: string): JsonObject[];
  forget(id: string): void;
  close(): Promise<void>;
};

const usage = {
  total_tokens: 21,
  total_input_tokens: 8,
  input_tokens_by_modality: [{ modality: "text", tokens: 8 }],
  total_output_tokens: 6,
  total_thought_tokens: 7,
  raw_prompt_token: 8,
};

/** Google's Interactions API as far as the hub asks it, with a memory of its own, on loopback. */
export async function startFakeGemini(manner: Partial<FakeGeminiManner> = {}): Promise<FakeGemini> {
  const state: FakeGeminiManner = {
    ...{
      keys: ["hub-key"],
      pace: 0,
      cuts: [],
      cursors: "yes",
      recut: false,
      keepsUnheard: true,
      answer: () => undefined,
    },
    ...manner,
  };
  const stored = new Map<string, Stored>();
  const requests: FakeGemini["requests"] = [];
  let count = 0;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = Buffer.concat(await Array.fromAsync(request)).toString();
    const { method = "" } = request;
    const url = new URL(request.url ?? "", "http://fake");
    const body: JsonObject | undefined = text === "" ? undefined : JSON.parse(text);
    const key = request.headers["x-goog-api-key"]?.toString();
    requests.push({ method, path: `${url.pathname}${url.search}`, key, body, brokenOff: breakOf(response) });
    if (key === undefined || !state.keys.includes(key)) return refuseKey(response);
    const [, id, action] = /^\/v1beta\/interactions(?:\/([\w-]+)(\/cancel)?)?$/.exec(url.pathname) ?? [];
    if (url.pathname === "/v1beta/models") return json(response, 200, models);
    if (method === "POST" && id === undefined && body !== undefined) return create(body, response);
    const known = stored.get(id ?? "");
    if (known === undefined) return refuse(response, 404, "not_found", "Interaction not found.");
    if (action !== undefined) return cancel(known, response);
    if (url.searchParams.get("stream") === "true")
      return follow(known, url.searchParams.get("last_event_id"), response);
    json(response, 200, resourceOf(known));
  }

  async function create(body: JsonObject, response: ServerResponse): Promise<void> {
    const own = state.answer(body);
    if (own !== undefined && "refuse" in own) return json(response, own.refuse, { error: own.error });
    const parent = stored.get(String(body.previous_interaction_id));
    if (body.previous_interaction_id !== undefined && parent === undefined)
      return refuse(response, 400, "invalid_request", "Request contains an invalid argument.");
    const before = parent === undefined ? [] : [...parent.before, ...parent.input, ...parent.steps];
    const input = Array.isArray(body.input) ? body.input.filter(isJsonObject) : [];
    const wrong = refusalOfSteps(input, before);
    if (wrong !== undefined) return refuse(response, 400, "invalid_request", wrong);
    count += 1;
    const id = body.store === false ? "" : `v1_fake-${count}`;
    const answer = own ?? fakeAnswer(body, [...before, ...input], count);
    const interaction: Stored = {
      id,
      body,
      before,
      input,
      steps: [],
      events: [],
      status: "in_progress",
      isOver: false,
      grown: new Set(),
    };
    if (id !== "") stored.set(id, interaction);
    void tell(interaction, answer);
    if (body.stream === true) return follow(interaction, null, response);
    json(response, 200, resourceOf(interaction));
  }

  /** Says an answer at its pace, whether anybody listens or not. */
  async function tell(interaction: Stored, answer: FakeAnswer | { say: JsonObject[] }): Promise<void> {
    const { id, body } = interaction;
    const begun = { id, status: "in_progress", object: "interaction", model: body.model ?? null };
    say(interaction, { interaction: begun, event_type: "interaction.created" });
    say(interaction, { interaction_id: id, status: "in_progress", event_type: "interaction.status_update" });
    for (const event of "say" in answer ? answer.say : eventsOfSteps(answer.steps)) {
      if (state.pace > 0) await wait(state.pace);
      if (interaction.isOver) return;
      if (event.event_type === "step.stop" && "steps" in answer) {
        const step = answer.steps[Number(event.index)];
        if (step !== undefined) interaction.steps.push(step);
      }
      say(interaction, event);
    }
    if ("say" in answer) return end(interaction);
    complete(interaction, answer.status);
  }

  function complete(interaction: Stored, status: string): void {
    interaction.status = status;
    const { id, body } = interaction;
    const whole = { id, status, usage, object: "interaction", model: body.model ?? null };
    say(interaction, { interaction: whole, event_type: "interaction.completed" });
    end(interaction);
  }

  function say(interaction: Stored, event: JsonObject): void {
    const { events } = interaction;
    events.push(state.cursors === "no" ? event : { ...event, event_id: `e${events.length}` });
    for (const grown of interaction.grown) grown();
  }

  function end(interaction: Stored): void {
    interaction.isOver = true;
    for (const grown of interaction.grown) grown();
  }

  async function follow(interaction: Stored, cursor: string | null, response: ServerResponse): Promise<void> {
    const { events } = interaction;
    const place = state.cursors === "whole" ? -1 : events.findIndex(({ event_id }) => event_id === cursor);
    const cut = state.cuts.shift() ?? Number.POSITIVE_INFINITY;
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    let sent = 0;
    for (let index = place + 1; !response.destroyed; index += 1) {
      while (index >= events.length && !interaction.isOver && !response.destroyed) await growth(interaction, response);
      const event = events[index];
      if (sent >= cut) {
        if (!state.keepsUnheard && interaction.body.background !== true) stored.delete(interaction.id);
        return void response.destroy();
      }
      if (event === undefined) break;
      sent += 1;
      for (const said of state.recut ? halvesOf(event) : [event])
        response.write(`event: ${said.event_type}\ndata: ${JSON.stringify(said)}\n\n`);
      // What was written reaches the client before anything is cut off.
      await wait(1);
    }
    response.end("event: done\ndata: [DONE]\n\n");
  }

  function cancel(interaction: Stored, response: ServerResponse): void {
    const isRunning = interaction.body.background === true && !interaction.isOver;
    if (isRunning) complete(interaction, "cancelled");
    if (isRunning) json(response, 200, resourceOf(interaction));
    else refuse(response, 400, "failed_precondition", "Only a running background interaction can be cancelled.");
  }

  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the fake listens on no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    manner: state,
    requests,
    ids: () => [...stored.keys()],
    statusOf: (id) => stored.get(id)?.status,
    eventsOf: (id) => stored.get(id)?.events ?? [],
    forget: (id) => void stored.delete(id),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function breakOf(response: ServerResponse): () => boolean {
  let isBroken = false;
  response.once("close", () => {
    isBroken = !response.writableEnded;
  });
  return () => isBroken;
}

function growth({ grown }: Stored, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      grown.delete(done);
      response.off("close", done);
      resolve();
    };
    grown.add(done);
    response.once("close", done);
  });
}

function resourceOf({ id, status, input, steps, body, isOver }: Stored): JsonObject {
  return {
    id,
    object: "interaction",
    status,
    model: body.model ?? null,
    ...(isOver ? { usage } : {}),
    steps: [...input, ...steps],
  };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  json(response, status, { error: { code, message } });
}

/** A text in two pieces, of which the second has the cursor. */
function halvesOf(event: JsonObject): JsonObject[] {
  const { delta, event_id: _cursor, ...rest } = event;
  if (!isJsonObject(delta) || typeof delta.text !== "string") return [event];
  const middle = delta.text.length >> 1;
  const [first, second] = [delta.text.slice(0, middle), delta.text.slice(middle)];
  return [
    { ...rest, delta: { ...delta, text: first } },
    { ...event, delta: { ...delta, text: second } },
  ];
}

/** Google's edge answers in the older manner, in a list. */
function refuseKey(response: ServerResponse): void {
  const error = { code: 401, message: "Request had invalid authentication credentials.", status: "UNAUTHENTICATED" };
  json(response, 401, [{ error }]);
}

const models = {
  models: [
    {
      name: "models/gemini-3.8-flash",
      displayName: "Gemini 3.8 Flash",
      version: "3.8",
      inputTokenLimit: 1_048_576,
      outputTokenLimit: 65_536,
      supportedGenerationMethods: ["generateContent", "countTokens"],
    },
    { name: "models/gemini-embedding-001", supportedGenerationMethods: ["embedContent"] },
  ],
};
