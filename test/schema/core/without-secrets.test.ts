import { expect, it } from "vitest";
import type { Settings } from "../../../schema/core/settings.ts";
import { withoutSecrets } from "../../../schema/core/without-secrets.ts";

it("leaves the headers of MCP servers out, and nothing else", () => {
  const search = { type: "google_search" as const };
  const server = { type: "mcp_server" as const, name: "one", url: "https://mcp.example/", allowed_tools: ["a"] };
  const settings: Settings = { system_instruction: "Be brief.", tools: [search, { ...server, headers: { key: "x" } }] };
  expect(withoutSecrets(settings)).toEqual({ system_instruction: "Be brief.", tools: [search, server] });
  // What is run must still have them.
  expect(settings.tools?.[1]).toMatchObject({ headers: { key: "x" } });
});

it("gives settings without such headers back as they are", () => {
  const settings: Settings = { tools: [{ type: "google_search" }], environment: "e-1" };
  expect(withoutSecrets(settings)).toBe(settings);
});

it("leaves out the keys of search engines, the credentials of tools it does not know, and a sandbox's secrets", () => {
  const settings: Settings = {
    tools: [
      { type: "retrieval", exa_ai_search_config: { api_key: "x", top: 3 } },
      {
        type: "other",
        raw: { type: "mcp_server", headers: { authorization: "x" }, future: { api_key: "x", kept: 1 } },
      },
      { type: "other", raw: { type: "future", parameters: { headers: { type: "string" } } } },
    ],
    environment: { type: "remote", env: { TOKEN: "x" }, network: { headers: ["x"] } },
  };
  expect(withoutSecrets(settings)).toEqual({
    tools: [
      { type: "retrieval", exa_ai_search_config: { top: 3 } },
      { type: "other", raw: { type: "mcp_server", future: { kept: 1 } } },
      { type: "other", raw: { type: "future", parameters: { headers: { type: "string" } } } },
    ],
    environment: { type: "remote" },
  });
});
