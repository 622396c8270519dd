import { isMedia, type MediaContent } from "../../../schema/core/content.ts";
import { formatPath } from "../../../schema/core/format-path.ts";
import type { ResponseFormat, Settings } from "../../../schema/core/settings.ts";
import { shortened } from "../../../schema/core/shortened.ts";
import type { Step } from "../../../schema/core/step.ts";
import type { Tool } from "../../../schema/core/tool.ts";
import type { ModelCall, Refusal } from "../../../schema/provider.ts";
import { firstOf } from "../first-of.ts";
import { refuseMedia } from "../openai/media-parts.ts";
import { contentPath, contentsOf } from "../step-contents.ts";
import type { Feature } from "../support.ts";
import { imageTypes } from "./image-tool.ts";
import { serviceTiers } from "./service-tier.ts";
import { openaiResponsesSupport } from "./support.ts";

type Call = Omit<ModelCall, "history">;

/** What the upstream cannot honour in a call, with the member at fault. The reasons are those of the table. */
export function refuse(call: Call, upstream: string): Refusal | undefined {
  const judge = new Judge(upstream);
  return (
    judge.settings(call) ??
    firstOf(call.settings.tools ?? [], (tool, index) => judge.tool(tool, `tools[${index}]`)) ??
    judge.choice(call.settings) ??
    judge.formats(call.settings.response_format ?? []) ??
    firstOf(call.input, (step, index) => judge.step(step, `input[${index}]`))
  );
}

class Judge {
  readonly #upstream: string;

  constructor(upstream: string) {
    this.#upstream = upstream;
  }

  settings({ agent, settings }: Call): Refusal | undefined {
    const { generation_config: config = {}, service_tier: tier } = settings;
    const wanted: [Feature, unknown][] = [
      ["agent", agent],
      ["agent_config", settings.agent_config],
      ["environment", settings.environment],
      ["safety_settings", settings.safety_settings],
      ["webhook_config", settings.webhook_config],
      ["generation_config.stop_sequences", config.stop_sequences?.[0]],
      ["generation_config.speech_config", config.speech_config],
      ["generation_config.transcription_config", config.transcription_config],
      ["generation_config.video_config", config.video_config],
    ];
    const refused = firstOf(wanted, ([feature, value]) => (value === undefined ? undefined : this.#by(feature)));
    if (refused !== undefined || tier === undefined || serviceTiers.includes(tier)) return refused;
    return this.#because("service_tier", `it has ${serviceTiers.join(", ")}, not '${shortened(tier)}'`);
  }

  tool(tool: Tool, path: string): Refusal | undefined {
    switch (tool.type) {
      case "function":
      case "code_execution":
      case "mcp_server":
        return undefined;
      case "google_search": {
        const place = (tool.search_types ?? []).findIndex((type) => type !== "web_search");
        return place === -1 ? undefined : this.#because(`${path}.search_types[${place}]`, "it searches the web only");
      }
      case "file_search":
        if ((tool.file_search_store_names ?? []).length === 0)
          return this.#because(`${path}.file_search_store_names`, "it must be told which vector stores to search");
        return tool.metadata_filter === undefined
          ? undefined
          : this.#because(`${path}.metadata_filter`, "its filters have another syntax");
      case "other":
        return this.#by("tools: unknown", path);
      case "url_context":
      case "google_maps":
      case "computer_use":
      case "retrieval":
        return this.#by(`tools: ${tool.type}`, path);
      default:
        return tool satisfies never;
    }
  }

  choice({ generation_config: config, tools = [] }: Settings): Refusal | undefined {
    const choice = config?.tool_choice;
    const path = "generation_config.tool_choice";
    if (choice === undefined) return undefined;
    if (choice === "any") return tools.length > 0 ? undefined : this.#because(path, "no tool is offered to choose");
    // Whoever offers a server's tools need not know what they are called as functions.
    if (typeof choice === "string" || tools.some(({ type }) => type === "mcp_server")) return undefined;
    const names = new Set(tools.flatMap((tool) => (tool.type === "function" ? [tool.name] : [])));
    return firstOf(choice.allowed_tools.tools ?? [], (name, index) =>
      names.has(name)
        ? undefined
        : this.#because(`${path}.allowed_tools.tools[${index}]`, `tools declare no function '${shortened(name)}'`),
    );
  }

  formats(formats: readonly ResponseFormat[]): Refusal | undefined {
    return firstOf(formats, (format, index) => {
      const path = formatPath(formats, index);
      const isSecond = formats.findIndex(({ type }) => type === format.type) < index;
      return isSecond ? this.#because(path, "it has one format of each type") : this.#format(format, path);
    });
  }

  #format(format: ResponseFormat, path: string): Refusal | undefined {
    switch (format.type) {
      case "text": {
        const { mime_type: type, schema } = format;
        const isKnown = type === undefined || type === "text/plain" || type === "application/json";
        if (!isKnown) return this.#because(`${path}.mime_type`, `it writes no '${shortened(type)}'`);
        return schema !== undefined && type === "text/plain"
          ? this.#because(`${path}.schema`, "only JSON has a schema")
          : undefined;
      }
      case "image":
        if (format.delivery !== undefined && format.delivery !== "inline")
          return this.#because(`${path}.delivery`, "it gives images with the answer only");
        return format.mime_type === undefined || imageTypes.some((type) => type === format.mime_type)
          ? undefined
          : this.#because(`${path}.mime_type`, `it makes ${imageTypes.join(", ")}`);
      case "audio":
      case "video":
        return this.#by(`response_format: ${format.type}`, path);
      default:
        return format satisfies never;
    }
  }

  step(step: Step, path: string): Refusal | undefined {
    // What the model said, or what a client says it did, is history, of which less is demanded.
    if (step.type === "model_output") return undefined;
    return firstOf(contentsOf(step), (content, index) => {
      const place = contentPath(step, path, index);
      if (content.type === "other") return this.#by("content: unknown", place);
      return isMedia(content) ? this.#media(content, place) : undefined;
    });
  }

  #media(content: MediaContent, path: string): Refusal | undefined {
    if (content.type === "audio" || content.type === "video") return this.#by(`content: ${content.type} by data`, path);
    return refuseMedia(this.#upstream, content, path);
  }

  #by(feature: Feature, path: string = feature): Refusal | undefined {
    const [, reason] = /^refused: (.*)$/.exec(openaiResponsesSupport[feature]) ?? [];
    return reason === undefined ? undefined : this.#because(path, reason);
  }

  #because(field: string, reason: string): Refusal {
    return { field, message: `The upstream '${this.#upstream}' cannot honour '${field}': ${reason}.` };
  }
}
