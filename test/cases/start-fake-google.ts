import { afterEach } from "vitest";
import type { Provider } from "../../schema/provider.ts";
import { type FakeGemini, type FakeGeminiManner, startFakeGemini } from "./fake-gemini.ts";
import { connectGemini } from "./gemini-provider.ts";

/** A fake Google and a provider that asks it. The fake ends with the test. */
export async function startFakeGoogle(
  manner: Partial<FakeGeminiManner> = {},
): Promise<{ google: FakeGemini; provider: Provider }> {
  const google = await startFakeGemini(manner);
  running.add(google);
  return { google, provider: connectGemini(google.url) };
}

const running = new Set<FakeGemini>();

afterEach(async () => {
  await Promise.all([...running].map((google) => google.close()));
  running.clear();
});
