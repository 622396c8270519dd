import type { Settings } from "./settings.ts";

/** Settings as they may be stored: what a request sends to MCP servers to prove who it is, is for its own run only. */
export function withoutHeaders(settings: Settings): Settings {
  const { tools = [] } = settings;
  if (!tools.some((tool) => tool.type === "mcp_server" && tool.headers !== undefined)) return settings;
  return {
    ...settings,
    tools: tools.map((tool) => {
      if (tool.type !== "mcp_server") return tool;
      const { headers: _secret, ...shown } = tool;
      return shown;
    }),
  };
}
