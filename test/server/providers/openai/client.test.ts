import { afterEach, describe, expect, it, vi } from "vitest";
import { createOpenaiClient, isOpenai } from "../../../../server/providers/openai/client.ts";
import type { UpstreamSettings } from "../../../../server/providers/upstream-settings.ts";
import { createTestContext, upstreamAt } from "../../../cases/provider-context.ts";
import { jsonResponse, startReplayServer } from "../../../cases/replay-server.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

async function headersOf(settings: Partial<UpstreamSettings>) {
  const context = createTestContext();
  const server = await startReplayServer([{ response: jsonResponse(200, { data: [] }) }]);
  await createOpenaiClient(upstreamAt("openai-chat", `${server.url}/v1`, settings), context).models.list();
  await Promise.all([context.close(), server.close()]);
  return server.requests[0]?.headers ?? {};
}

describe("the client of an upstream", () => {
  it("takes nothing from the environment, which is meant for OpenAI", async () => {
    vi.stubEnv("OPENAI_API_KEY", "sk-environment");
    vi.stubEnv("OPENAI_ADMIN_KEY", "sk-environment");
    vi.stubEnv("OPENAI_ORG_ID", "org-environment");
    vi.stubEnv("OPENAI_PROJECT_ID", "proj-environment");
    vi.stubEnv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer environment\nX-Secret: environment");
    vi.stubEnv("OPENAI_BASE_URL", "http://127.0.0.1:1/environment");
    expect(JSON.stringify(await headersOf({}))).not.toContain("environment");
    const keyed = await headersOf({ key: "secret" });
    expect(keyed.authorization).toBe("Bearer secret");
    expect(JSON.stringify(keyed)).not.toContain("environment");
  });

  it("says that it is the official one", async () => {
    expect((await headersOf({}))["user-agent"]).toMatch(/^OpenAI\/JS \d/);
  });

  it("lets the configuration set any header, the key's too", async () => {
    const headers = await headersOf({ headers: { Authorization: "Basic abc", "X-Title": "Hub" } });
    expect(headers).toMatchObject({ authorization: "Basic abc", "x-title": "Hub" });
  });
});

describe("OpenAI itself", () => {
  it("is told from its many kin by its address", () => {
    expect(isOpenai({})).toBe(true);
    expect(isOpenai({ base_url: "https://api.openai.com/v1/" })).toBe(true);
    expect(isOpenai({ base_url: "https://api.openai.com.example/v1" })).toBe(false);
    expect(isOpenai({ base_url: "http://127.0.0.1:8080/v1" })).toBe(false);
  });
});
