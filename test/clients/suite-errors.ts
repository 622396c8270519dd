import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../schema/core/json.ts";
import { startTestHub } from "../cases/start-test-hub.ts";
import { textOf } from "./answers.ts";
import type { Client } from "./client.ts";
import type { Stage } from "./suite.ts";

const model = "gemini-3.8-flash";
const input = "count to 3";

type Refusal = { name: string; ask: (client: Client) => Promise<unknown>; error: string; says: string };

const create =
  (params: JsonObject): Refusal["ask"] =>
  (client) =>
    client.create(params);

/** Refusals that would be the same the next time: a client that sent them again would only lose time. */
const permanent: readonly Refusal[] = [
  { name: "an unknown id", ask: (client) => client.get("v1_unknown"), error: "NotFoundError", says: "v1_unknown" },
  { name: "an unknown id to delete", ask: (client) => client.remove("v1_no"), error: "NotFoundError", says: "v1_no" },
  { name: "an unknown id to cancel", ask: (client) => client.cancel("v1_no"), error: "NotFoundError", says: "v1_no" },
  { name: "an unknown stream", ask: (client) => client.replay("v1_no"), error: "NotFoundError", says: "v1_no" },
  {
    name: "an unknown model",
    ask: create({ model: "simulatr", input }),
    error: "NotFoundError",
    says: "Did you mean 'simulator'",
  },
  { name: "an unknown agent", ask: create({ agent: "nobody", input }), error: "NotFoundError", says: "nobody" },
  {
    name: "an unknown parent",
    ask: create({ model, input, previous_interaction_id: "v1_unknown" }),
    error: "BadRequestError",
    says: "previous_interaction_id",
  },
  { name: "an unknown member", ask: create({ model, input, nonsense: 1 }), error: "BadRequestError", says: "nonsense" },
  {
    name: "an unknown member deep inside",
    ask: create({ model, input, generation_config: { top_k: 1 } }),
    error: "BadRequestError",
    says: "top_k",
  },
  {
    name: "a wrong value",
    ask: create({ model, input, generation_config: { thinking_level: "deep" } }),
    error: "BadRequestError",
    says: "generation_config.thinking_level",
  },
  {
    name: "a content without a type",
    ask: create({ model, input: [{ text: "hello" }] }),
    error: "BadRequestError",
    says: "input[0]",
  },
  { name: "an empty input", ask: create({ model, input: "" }), error: "BadRequestError", says: "input" },
  {
    name: "a background run that is not stored",
    ask: create({ model, input, background: true, store: false }),
    error: "BadRequestError",
    says: "store",
  },
  {
    name: "a research in the foreground",
    ask: create({ agent: "deep-research-preview-04-2026", input }),
    error: "BadRequestError",
    says: "background",
  },
  {
    name: "a refused stream",
    ask: (client) => client.stream({ model, input, nonsense: 1 }),
    error: "BadRequestError",
    says: "nonsense",
  },
  {
    name: "an upstream that forbids it",
    ask: create({ model: "simulator-fault-refuse-403", input }),
    error: "PermissionDeniedError",
    says: "403",
  },
  {
    name: "an upstream that finds it too large",
    ask: create({ model: "simulator-fault-refuse-413", input }),
    error: "APIError",
    says: "413",
  },
  {
    name: "an upstream that refuses a stream before its first event",
    ask: (client) => client.stream({ model: "simulator-fault-refuse-401", input }),
    error: "AuthenticationError",
    says: "401",
  },
];

/** What a rejected promise said. */
async function errorOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("was not refused");
}

/** Refusals as the releases report them, and how often they ask. */
export function errorSuite(stage: Stage): void {
  describe("errors", () => {
    test.each(permanent)("$name is refused as $error with one request", async ({ ask, error, says }) => {
      const refused = await errorOf(ask(stage.client));
      expect(refused.constructor.name).toBe(error);
      expect(refused.message).toContain(says);
      expect(stage.tap.exchanges).toHaveLength(1);
      const body = JSON.parse(stage.tap.exchanges[0]?.body ?? "");
      expect(body).toEqual({ error: { code: expect.stringMatching(/^[a-z_]+$/), message: expect.any(String) } });
    });

    test("too many requests are reported after as many attempts as the release makes", async () => {
      const refused = await errorOf(stage.client.create({ model: "simulator-fault-refuse-429", input }));
      expect(refused.constructor.name).toBe("RateLimitError");
      expect(refused).toMatchObject({ status: 429 });
      expect(stage.tap.exchanges.map(({ status }) => status)).toEqual(Array(stage.release.attempts).fill(429));
    });

    test("an upstream that fails after its first words is an interaction that failed, asked for once", async () => {
      const reply = await stage.client.create({ model: "simulator-fault-fail-7", input: "count to 50" });
      expect(reply).toMatchObject({
        status: "failed",
        errors: [{ message: expect.stringContaining("fails after 7") }],
      });
      expect(stage.tap.exchanges).toHaveLength(1);
    });

    describe("of a server with a key and low limits", () => {
      let hub: Awaited<ReturnType<typeof startTestHub>>;
      let client: Client;
      const connect = (apiKey: string) => stage.connect({ apiKey, httpOptions: { baseUrl: hub.url } });

      beforeAll(async () => {
        const limits = { concurrent_runs: 1, body_bytes: 65_536 };
        hub = await startTestHub({ api_keys: [{ name: "only", key: "right" }], limits });
        client = connect("right");
      });
      afterAll(() => hub.close());

      test("a wrong key is an AuthenticationError", async () => {
        const refused = await errorOf(connect("wrong").create({ model, input }));
        expect(refused.constructor.name).toBe("AuthenticationError");
        expect(refused.message).not.toContain("wrong");
      });

      test("a body over the limit is refused as such, also when it is far too large", async () => {
        for (const size of [70_000, 8_000_000]) {
          const refused = await errorOf(client.create({ model, input: "a".repeat(size) }));
          expect(refused).toMatchObject({ status: 413, message: expect.stringContaining("body_bytes") });
        }
      });

      test("a request that finds no place is sent again by the client, and answered when there is one", async () => {
        const { id } = await client.create({ model: "simulator-slow-100", input: "count to 5", background: true });
        expect(textOf(client, await client.create({ model, input: "say exactly: at last" }))).toBe("at last");
        expect(await client.get(String(id))).toMatchObject({ status: "completed" });
      });
    });
  });
}
