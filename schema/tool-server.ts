import type { JsonObject } from "./core/json.ts";
import type { ToolOutcome } from "./core/step.ts";
import type { Tool } from "./core/tool.ts";

/** A server of tools as a request describes it. `headers` are secrets: they are never stored, logged or said. */
export type ToolServerRequest = Omit<Extract<Tool, { type: "mcp_server" }>, "type">;

/** A tool that a server offers; `parameters` is a JSON schema. */
export type ServedTool = { name: string; description?: string; parameters?: JsonObject };

/** What came of a call. With `is_error` the result says in words what went wrong, for the model to go on from. */
export type ToolAnswer = { result: ToolOutcome; is_error: boolean };

/** A server of tools that is open for one interaction. */
export interface ToolServer {
  /** The tools that the request allows, each name once. */
  readonly tools: readonly ServedTool[];
  /**
   * Calls a tool. Whatever goes wrong (an unknown tool, arguments it does not take, a server that is slow, gone or says too
   * much) is an answer with `is_error`; it rejects only, and at once, when the signal aborts.
   */
  call(tool: string, given: JsonObject, signal: AbortSignal): Promise<ToolAnswer>;
  /** Ends the session and whatever still runs in it. It never rejects, and it may be called more than once. */
  close(): Promise<void>;
}

/** The port of tool servers: what the hub may ask of those that a request names. */
export interface ToolServers {
  /** Judges a description before anything is stored or sent; `field` is its path in the request. */
  refuse(request: ToolServerRequest, field: string): { field: string; message: string } | undefined;
  /**
   * Opens a session with a server and lists its tools. It rejects with a `HubError` that names the member at fault, and
   * with the signal's reason when that aborts; nothing stays open then.
   */
  open(request: ToolServerRequest, field: string, signal: AbortSignal): Promise<ToolServer>;
}
