import { expect, it } from "vitest";
import type { Settings } from "../../../schema/core/settings.ts";
import { withoutHeaders } from "../../../schema/core/without-headers.ts";

it("leaves the headers of MCP servers out, and nothing else", () => {
  const search = { type: "google_search" as const };
  const server = { type: "mcp_server" as const, name: "one", url: "https://mcp.example/", allowed_tools: ["a"] };
  const settings: Settings = { system_instruction: "Be brief.", tools: [search, { ...server, headers: { key: "x" } }] };
  expect(withoutHeaders(settings)).toEqual({ system_instruction: "Be brief.", tools: [search, server] });
  // What is run must still have them.
  expect(settings.tools?.[1]).toMatchObject({ headers: { key: "x" } });
});

it("gives settings without such headers back as they are", () => {
  const settings: Settings = { tools: [{ type: "mcp_server", name: "one" }] };
  expect(withoutHeaders(settings)).toBe(settings);
});
