import { describe, expect, it } from "vitest";
import { connectGemini } from "../../../cases/gemini-provider.ts";
import { callOf, eventsOf } from "../../../cases/provider.ts";
import { startFakeGoogle } from "../../../cases/start-fake-google.ts";

const model = "gemini-3.8-flash";

describe("keys", () => {
  it("are the hub's own, or those of whoever asks where that is set up", async () => {
    const { google, provider } = await startFakeGoogle({ keys: ["hub-key", "mine"] });
    await eventsOf(provider, { ...callOf(model, "Hi"), caller_key: "mine" });
    const passing = connectGemini(google.url, { caller_key: true });
    await eventsOf(passing, { ...callOf(model, "Hi"), caller_key: "mine" });
    expect(google.requests.map(({ key }) => key)).toEqual(["hub-key", "mine"]);
  });

  it("that are refused are the fault of whoever they belong to", async () => {
    const { google } = await startFakeGoogle({ keys: [] });
    await expect(eventsOf(connectGemini(google.url), callOf(model, "Hi"))).rejects.toMatchObject({
      code: "upstream_error",
      message: "The upstream 'google' refused the hub's key (status 401).",
    });
    const passing = connectGemini(google.url, { caller_key: true });
    await expect(eventsOf(passing, { ...callOf(model, "Hi"), caller_key: "mine" })).rejects.toMatchObject({
      code: "authentication",
    });
    await expect(eventsOf(passing, callOf(model, "Hi"))).rejects.toMatchObject({ code: "authentication" });
    expect(google.requests).toHaveLength(2);
  });

  it.each([model, "gemini-2.0-flash"])("that cannot be sent are refused like others, for %s", async (asked) => {
    const { google } = await startFakeGoogle();
    const passing = connectGemini(google.url, { caller_key: true });
    for (const caller_key of ["日本", "a\nb", "a b", ""]) {
      await expect(eventsOf(passing, { ...callOf(asked, "Hi"), caller_key })).rejects.toMatchObject({
        code: "authentication",
      });
    }
    expect(google.requests).toHaveLength(0);
  });

  it("are not looked for in the environment", async () => {
    const { google } = await startFakeGoogle();
    process.env.GOOGLE_API_KEY = "from-the-environment";
    try {
      await expect(eventsOf(connectGemini(google.url, { key: undefined }), callOf(model, "Hi"))).rejects.toThrow();
    } finally {
      delete process.env.GOOGLE_API_KEY;
    }
    expect(google.requests.map(({ key }) => key)).toEqual([undefined]);
  });
});
