import type { Revision } from "../../schema/core/interaction.ts";
import type { JsonObject } from "../../schema/core/json.ts";
import type { OfficialClient } from "./official-client.ts";

/** In what the two wire revisions differ for whoever writes an application. */
export type Dialect = {
  revision: Revision;
  /** Names of events: the first and the last of a stream, and those of a step or content. */
  events: { begin: string; start: string; delta: string; stop: string; end: string };
  /** What came of a request: of a `get` without the `inputs` steps that the request itself said. */
  produced(resource: JsonObject, inputs?: number): JsonObject[];
  /** The texts and media among what came of a request. */
  contents(produced: readonly JsonObject[]): JsonObject[];
  /** What a stream told, put together. */
  fold(events: readonly JsonObject[]): JsonObject[];
  /** Items of `input` that replay what was said, for requests without a stored chain. */
  replayUser(text: string): JsonObject[];
  replayModel(produced: readonly JsonObject[]): JsonObject[];
  replayResults(results: readonly JsonObject[]): JsonObject[];
  /** Members of a request that ask for an output. */
  asJson(schema: JsonObject): JsonObject;
  asImage(aspect_ratio: string): JsonObject;
  asAudio(): JsonObject;
};

/** An official client as the suites use it. */
export type Client = Dialect & {
  create(params: JsonObject): Promise<JsonObject>;
  /** Opens a stream; leaving the loop over it early lets its connection go. */
  open(params: JsonObject): Promise<AsyncIterable<JsonObject>>;
  /** Every event of a stream. */
  stream(params: JsonObject): Promise<JsonObject[]>;
  get(id: string, params?: JsonObject): Promise<JsonObject>;
  /** The stream of an interaction from its start, or from after an event. */
  reopen(id: string, last_event_id?: string): Promise<AsyncIterable<JsonObject>>;
  replay(id: string, last_event_id?: string): Promise<JsonObject[]>;
  cancel(id: string): Promise<JsonObject>;
  remove(id: string): Promise<void>;
  models(pageSize?: number): Promise<string[]>;
  model(name: string): Promise<{ name?: string; displayName?: string }>;
};

/** Puts a dialect on top of a release. */
export function speak(official: OfficialClient, dialect: Dialect): Client {
  const { interactions, models } = official;
  const open = async (params: JsonObject) =>
    (await interactions.create({ ...params, stream: true })) as AsyncIterable<JsonObject>;
  const reopen = async (id: string, last_event_id?: string) => {
    const cursor = last_event_id === undefined ? {} : { last_event_id };
    return (await interactions.get(id, { stream: true, ...cursor })) as AsyncIterable<JsonObject>;
  };
  return {
    ...dialect,
    create: async (params) => (await interactions.create(params)) as JsonObject,
    open,
    stream: async (params) => Array.fromAsync(await open(params)),
    get: async (id, params) => (await interactions.get(id, params)) as JsonObject,
    reopen,
    replay: async (id, last_event_id) => Array.fromAsync(await reopen(id, last_event_id)),
    cancel: async (id) => (await interactions.cancel(id)) as JsonObject,
    async remove(id) {
      await interactions.delete(id);
    },
    async models(pageSize) {
      const pages = await models.list(pageSize === undefined ? {} : { config: { pageSize } });
      return (await Array.fromAsync(pages)).map((model) => model.name ?? "");
    },
    model: async (model) => models.get({ model }),
  };
}
