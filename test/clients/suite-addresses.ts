import { describe, expect, test } from "vitest";
import { idOf, saidIn, textOf } from "./answers.ts";
import type { Client } from "./client.ts";
import type { ConnectOptions } from "./official-client.ts";
import type { Stage } from "./suite.ts";

const model = "gemini-3.8-flash";

/** A source of tokens, of which the clients ask nothing but the header. */
const authClient = { getRequestHeaders: async () => new Headers({ authorization: "Bearer local" }) } as never;
const vertex: Partial<ConnectOptions> = {
  apiKey: undefined,
  vertexai: true,
  project: "a-project",
  location: "us-central1",
  googleAuthOptions: { authClient },
};

/** Versions, prefixes and Vertex's paths; the list of models. */
export function addressSuite(stage: Stage): void {
  const at = (prefix: string) => ({ httpOptions: { baseUrl: stage.tap.url + prefix } });

  /** Uses every operation once, and expects each to have gone to its own path below the resource. */
  async function expectWhole(client: Client, resource: string): Promise<void> {
    const first = await client.create({ model, input: "My name is Ada." });
    const params = { model, input: "What is my name?", previous_interaction_id: first.id ?? null };
    const events = await client.stream(params);
    const id = idOf(events);
    expect(saidIn(client, client.fold(events))).toContain("Ada");
    expect(textOf(client, await client.get(id))).toContain("Ada");
    expect(await client.replay(id)).toEqual(events);
    const running = await client.create({ ...params, model: "simulator-slow-100", background: true });
    expect(await client.cancel(String(running.id))).toMatchObject({ status: "cancelled" });
    await client.remove(id);
    const paths = stage.tap.exchanges.map(({ method, path }) => `${method} ${unescaped(path)}`);
    expect(paths).toEqual([
      `POST ${resource}`,
      `POST ${resource}`,
      `GET ${resource}/${id}`,
      `GET ${resource}/${id}`,
      `POST ${resource}`,
      `POST ${resource}/${running.id}/cancel`,
      `DELETE ${resource}/${id}`,
    ]);
  }

  describe("addresses", () => {
    test.each(["v1beta", "v1alpha"])("everything works under %s", async (apiVersion) => {
      await expectWhole(stage.connect({ apiVersion }), `/${apiVersion}/interactions`);
    });

    stage.testOf("the stable version v1", "everything works under v1", async () => {
      await expectWhole(stage.connect({ apiVersion: "v1" }), "/v1/interactions");
    });

    test("everything works behind a path in the base URL", async () => {
      const client = stage.connect({ ...at("/some/gateway"), apiVersion: "v1beta" });
      await expectWhole(client, "/some/gateway/v1beta/interactions");
    });

    test("everything works under Vertex's paths, without a key", async () => {
      const resource = "/v1beta1/projects/a-project/locations/us-central1/interactions";
      await expectWhole(stage.connect({ ...vertex, ...at("") }), resource);
    });

    test("everything works under Vertex's paths behind a path in the base URL", async () => {
      const resource = "/some/gateway/v1beta1/projects/a-project/locations/us-central1/interactions";
      await expectWhole(stage.connect({ ...vertex, ...at("/some/gateway") }), resource);
    });
  });

  describe("the list of models", () => {
    test("names every model, in one page or in many, and no agent", async () => {
      const names = await stage.client.models();
      expect(names).toContain("models/gemini-3.8-flash");
      expect(names).toContain("models/simulator");
      expect(names.filter((name) => name.includes("deep-research"))).toEqual([]);
      const requests = stage.tap.exchanges.length;
      expect(await stage.client.models(5)).toEqual(names);
      expect(stage.tap.exchanges.length - requests).toBe(Math.ceil(names.length / 5));
    });

    test("is told in Vertex's form to clients in Vertex mode, in one page or in many", async () => {
      const client = stage.connect({ ...vertex, ...at("") });
      const names = await client.models();
      const ids = (await stage.client.models()).map((name) => name.replace("models/", ""));
      expect(names).toEqual(ids.map((id) => `publishers/google/models/${id}`));
      expect(await client.models(5)).toEqual(names);
      const found = { name: "publishers/google/models/gemini-3.8-flash", displayName: "Gemini 3.8 Flash" };
      expect(await client.model("gemini-3.8-flash")).toMatchObject(found);
      expect(stage.tap.exchanges.at(-1)?.path).toBe("/v1beta1/publishers/google/models/gemini-3.8-flash");
      const whole = "projects/a-project/locations/us-central1/publishers/google/models/gemini-3.8-flash";
      expect(await client.model(whole)).toMatchObject(found);
      await expect(client.model("gemini-nobody")).rejects.toMatchObject({ status: 404 });
    });

    test("describes one model, and refuses an unknown one", async () => {
      const found = await stage.client.model("gemini-3.8-flash");
      expect(found).toMatchObject({ name: "models/gemini-3.8-flash", displayName: "Gemini 3.8 Flash" });
      await expect(stage.client.model("gemini-nobody")).rejects.toMatchObject({ status: 404 });
    });
  });
}

/** The path without its query; from release 2.9 on Vertex's slashes come escaped behind a path in the base URL. */
function unescaped(path: string): string {
  return decodeURIComponent(path.replace(/\?.*/, ""));
}
