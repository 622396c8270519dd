import { describe, expect, test, vi } from "vitest";
import { HubError } from "../../../schema/core/error.ts";
import type { Provider } from "../../../schema/provider.ts";
import { createUpstreamStates } from "../../../server/hub/upstream-states.ts";

/** A provider that is only asked for its models, and how often it was. */
function providerOf(name: string, models: () => ReturnType<Provider["models"]>) {
  return {
    name,
    models: vi.fn(models),
    refuse: () => undefined,
    run: () => Promise.reject(new Error("not asked to run")),
  };
}

const model = { id: "m", kind: "model" as const, provider: "x" };

/** A clock that the test moves. */
function clock() {
  let time = 1000;
  return {
    now: () => time,
    pass(milliseconds: number) {
      time += milliseconds;
    },
  };
}

describe("the states of upstreams", () => {
  test("tell who answers and who does not, in their order and without secrets", async () => {
    const { now, pass } = clock();
    const good = providerOf("good", async () => {
      pass(30);
      return [model, model];
    });
    const refused = providerOf("refused", () =>
      Promise.reject(new HubError("unavailable", "It refused the connection.")),
    );
    const broken = providerOf("broken", () => Promise.reject(new TypeError("secret")));
    const upstreams = [good, refused, broken].map((provider) => ({
      provider: provider as unknown as Provider,
      kind: "gemini",
    }));
    const states = await createUpstreamStates({ upstreams, now })();
    expect(states).toMatchObject([
      { name: "good", kind: "gemini", health: "ok", models: 2, checked_at: 1000 },
      { name: "refused", health: "failing", trouble: "It refused the connection.", models: 0 },
      { name: "broken", health: "failing", trouble: "It could not be asked." },
    ]);
    expect(states[0]?.latency).toBe(30);
  });

  test("are asked for again only after a while, and once for all who ask meanwhile", async () => {
    const { now, pass } = clock();
    const provider = providerOf("one", async () => [model]);
    const upstreams = [{ provider: provider as unknown as Provider, kind: "openai-chat", address: "http://x.test/v1" }];
    const states = createUpstreamStates({ upstreams, now });
    await Promise.all([states(), states()]);
    pass(9_000);
    expect(await states()).toMatchObject([{ address: "http://x.test/v1" }]);
    expect(provider.models).toHaveBeenCalledTimes(1);
    pass(2_000);
    await states();
    expect(provider.models).toHaveBeenCalledTimes(2);
  });

  test("do not wait for one that does not answer at all", async () => {
    vi.useFakeTimers();
    try {
      const provider = providerOf("silent", () => new Promise(() => {}));
      const upstreams = [{ provider: provider as unknown as Provider, kind: "gemini" }];
      const states = createUpstreamStates({ upstreams, now: () => 1 })();
      await vi.advanceTimersByTimeAsync(5_000);
      expect(await states).toMatchObject([{ health: "failing", trouble: "It did not answer within 5000 ms." }]);
    } finally {
      vi.useRealTimers();
    }
  });
});
