import { describe, expect, test } from "vitest";
import { HubError } from "../../../schema/core/error.ts";
import type { CreateRequest } from "../../../schema/core/interaction.ts";
import { createScriptedHub, logOf, refusalOf, requestOf, say, settle } from "../../cases/scripted-hub.ts";
import {
  answerOf,
  beginningOf,
  completed,
  createScriptedProvider,
  type ScriptOptions,
} from "../../cases/scripted-provider.ts";

/** A hub with two upstreams and an alias for a model of each, asked in that order. */
function twoUpstreams(first: ScriptOptions = {}, second: ScriptOptions = {}) {
  const one = createScriptedProvider({ name: "one", ...first });
  const two = createScriptedProvider({ name: "two", ...second });
  const aliases = new Map([["both", ["one/a", "two/b"]]]);
  return { one, two, ...createScriptedHub({ catalog: { upstreams: [one.upstream, two.upstream], aliases } }) };
}

const both = (more: Partial<CreateRequest> = {}) => requestOf({ model: "both", ...more });

describe("an alias for several models", () => {
  test("is answered by the first, whose own name is kept beside the one that was asked for", async () => {
    const { hub, one } = twoUpstreams();
    const begun = await hub.begin(both());
    const run = await one.nextRun();
    expect(run.call.model).toBe("a");
    run.say(...answerOf("Hi"));
    const { id } = await begun.ended();
    expect(await hub.read(id)).toMatchObject({ model: "both", upstream_model: "a", provider: "one" });
    expect((await hub.read(id)).degraded).toBeUndefined();
  });

  test("is answered by the next where the first fails before its first event, and says so", async () => {
    const { hub, one, two, degradations } = twoUpstreams();
    const begun = await hub.begin(both());
    const failing = await one.nextRun();
    failing.say({ type: "degraded", degradations: [{ field: "seed", message: "of the first" }] });
    failing.fail(new HubError("unavailable", "Nobody is there."));
    (await two.nextRun()).say(...answerOf("Hi"));
    const { id } = await begun.ended();
    const read = await hub.read(id);
    expect(read).toMatchObject({ model: "both", upstream_model: "b", provider: "two", status: "completed" });
    expect(read.degraded).toEqual([
      {
        field: "model",
        message: "The upstream 'one' did not answer, so the next one was asked: Nobody is there.",
      },
    ]);
    expect(degradations).toEqual(read.degraded);
    expect((await logOf(hub, id)).map(({ event }) => event.type).slice(0, 3)).toEqual([
      "status",
      "upstream",
      "degraded",
    ]);
  });

  test("is answered by the next where the first finishes as failed without a step", async () => {
    const { hub, one, two } = twoUpstreams();
    const begun = await hub.begin(both());
    const errors = [{ code: "unavailable", message: "Overloaded." }];
    (await one.nextRun()).say({ type: "finish", status: "failed", errors });
    (await two.nextRun()).say(...answerOf("Hi"));
    expect(await begun.ended()).toMatchObject({ status: "completed", provider: "two" });
  });

  test("fails with the last one's cause where all fail", async () => {
    const { hub, one, two } = twoUpstreams();
    const begun = await hub.begin(both());
    (await one.nextRun()).fail(new HubError("unavailable", "Nobody is there."));
    (await two.nextRun()).fail(new HubError("rate_limit_exceeded", "Too many.", { retryAfter: 3 }));
    expect(await refusalOf(begun.started())).toMatchObject({ code: "rate_limit_exceeded", message: "Too many." });
    expect(await begun.ended()).toMatchObject({
      status: "failed",
      provider: "two",
      upstream_model: "b",
      degraded: [{ field: "model", message: expect.stringContaining("'one' did not answer") }],
    });
  });

  test.each([
    ["a step", beginningOf("Half")],
    ["an id of its own", [{ type: "upstream" as const, id: "theirs" }]],
    ["a blocked answer", []],
  ])("is not answered twice: after %s the failure counts", async (_, said) => {
    const { hub, one, two } = twoUpstreams();
    const begun = await hub.begin(both());
    const run = await one.nextRun();
    if (said.length > 0) {
      run.say(...said);
      run.fail(new HubError("upstream_error", "Broke off."));
    } else {
      run.say({ type: "finish", status: "failed", errors: [{ code: "safety", message: "Blocked." }] });
    }
    expect(await begun.ended()).toMatchObject({ status: "failed", provider: "one" });
    const next = Promise.race([two.nextRun(), settle().then(() => "nobody")]);
    expect(await next).toBe("nobody");
  });

  test("is answered by the others where one of them is nobody's now, and says so", async () => {
    const two = createScriptedProvider({ name: "two" });
    const aliases = new Map([["both", ["unknown-model", "two/b"]]]);
    const { hub } = createScriptedHub({ catalog: { upstreams: [two.upstream], aliases } });
    const begun = await hub.begin(both());
    (await two.nextRun()).say(...answerOf("Hi"));
    expect((await begun.ended()).degraded).toEqual([
      { field: "model", message: "'unknown-model' was not asked: nobody has it now." },
    ]);
  });

  test("leaves out who cannot honour the request, and says so; if nobody can, the first reason counts", async () => {
    const refuse = () => ({ field: "tools[0]", message: "'one' has no such tool." });
    const { hub, two } = twoUpstreams({ refuse });
    const begun = await hub.begin(both());
    (await two.nextRun()).say(...answerOf("Hi"));
    expect((await begun.ended()).degraded).toEqual([
      { field: "tools[0]", message: "'one' was not asked: 'one' has no such tool." },
    ]);
    const none = twoUpstreams({ refuse }, { refuse: () => ({ field: "x", message: "Nor has 'two'." }) });
    expect(await refusalOf(none.hub.begin(both()))).toMatchObject({ code: "invalid_request", field: "tools[0]" });
  });
});

describe("members that the hub does not know", () => {
  const unknown = [{ field: "top_k", message: "Unknown parameter 'top_k'." }];

  test("are refused, except by an upstream that takes them as they are", async () => {
    const { hub, two } = twoUpstreams({}, { takesUnknown: true });
    const refused = await refusalOf(hub.begin(requestOf({ model: "one/a", unknown })));
    expect(refused).toEqual({ code: "invalid_request", field: "top_k", message: "Unknown parameter 'top_k'." });
    const begun = await hub.begin(requestOf({ model: "two/b", unknown }));
    (await two.nextRun()).say(completed);
    expect(await begun.ended()).toMatchObject({ status: "completed" });
  });
});

describe("where an upstream keeps the chain itself", () => {
  test("the next turn tells it where to go on, and how much of the history it has", async () => {
    const { hub, one, two } = twoUpstreams();
    const turn = async (model: string, previous: string | undefined, id: string | undefined) => {
      const provider = model.startsWith("one") ? one : two;
      const chained = previous === undefined ? {} : { previous_interaction_id: previous };
      const begun = await hub.begin(requestOf({ model, input: [say(model)], ...chained }));
      const run = await provider.nextRun();
      run.say(...(id === undefined ? [] : [{ type: "upstream" as const, id }]), ...answerOf("Yes"));
      return { id: (await begun.ended()).id, anchor: run.call.anchor, by: run.call.history_by };
    };
    const first = await turn("one/a", undefined, "their-1");
    const second = await turn("two/b", first.id, undefined);
    const third = await turn("one/a", second.id, "their-3");
    const fourth = await turn("one/other", third.id, undefined);
    const elsewhere = await turn("two/b", fourth.id, undefined);
    expect([first, second, third, fourth, elsewhere].map(({ anchor }) => anchor)).toEqual([
      undefined,
      undefined,
      { id: "their-1", steps: 2 },
      { id: "their-3", steps: 6 },
      undefined,
    ]);
    expect(third.by).toEqual(["one", "one", "two", "two"]);
  });

  test("one that failed there is nothing to go on from", async () => {
    const { hub, one } = twoUpstreams();
    const begun = await hub.begin(requestOf({ model: "one/a" }));
    const run = await one.nextRun();
    run.say({ type: "upstream", id: "theirs" }, ...beginningOf("Half"));
    run.fail(new HubError("upstream_error", "Broke off."));
    const { id, upstream_id } = await begun.ended();
    expect(upstream_id).toBe("theirs");
    await hub.begin(requestOf({ model: "one/a", previous_interaction_id: id }));
    expect((await one.nextRun()).call.anchor).toBeUndefined();
  });
});

test("the caller's key reaches the provider and nothing that is kept", async () => {
  const { hub, one } = twoUpstreams();
  const begun = await hub.begin(requestOf({ model: "one/a" }), undefined, "callers-key");
  const run = await one.nextRun();
  expect(run.call.caller_key).toBe("callers-key");
  run.say(...answerOf("Hi"));
  const { id } = await begun.ended();
  expect(JSON.stringify([await hub.read(id), await logOf(hub, id)])).not.toContain("callers-key");
});
