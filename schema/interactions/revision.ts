import type { Revision } from "../core/interaction.ts";
import { isJsonObject } from "../core/json.ts";

/** What is known of a request when its wire revision is chosen. */
export type RevisionRequest = {
  /** The path of the URL, without its query. */
  path: string;
  /** Reads a header; names are lower-case. */
  header: (name: string) => string | undefined;
  /** The parsed body of a create; absent for everything else. */
  body?: unknown;
  /** The revision of the client that created the interaction which the path names. */
  stored?: Revision;
  /** What the operator decided for everybody. */
  override?: "auto" | Revision;
};

/** The first revision date that means steps; the names are dates, so text order is time order. */
const FIRST_STEPS_DATE = "2026-05-20";

/** Official clients for JavaScript and Python speak steps from this major version on. */
const FIRST_STEPS_MAJOR = 2;

/** The version segment must stand before the resource: a proxy's prefix may hold a `/v1/` of its own. */
const stableVersion = /\/v1\/(?:projects\/[^/]+\/locations\/[^/]+\/)?(?:interactions|models)(?:[/:]|$)/;

const date = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/** The label may stand anywhere: applications put their own labels beside it. Java and Go count their majors apart. */
const clientLabel = /google-genai-sdk\/(\d+)\S* gl-(?:node|python)\//;
const olderAgent = /GeminiNextGenAPIClient\/(?:JS|Python) (\d+)/;
const generatedAgent = /speakeasy-sdk\/(?:typescript|python) .*google-genai|speakeasy-sdk\/typescript .*@google\/genai/;

const stepOnlyTypes: ReadonlySet<unknown> = new Set(["user_input", "model_output"]);
const formatTypes: ReadonlySet<unknown> = new Set(["text", "image", "audio", "video"]);

/**
 * The wire revision in which a client wants its answer. In this order: the operator's word, the `Api-Revision` header, the
 * `/v1/` path (which the legacy revision never had), who the client says it is, what only one revision could have sent,
 * the revision of the client that created the interaction, and else `steps`. Role turns are a weak sign, because clients
 * of both revisions send them; that is why the client's name comes before the body.
 */
export function chooseRevision(request: RevisionRequest): Revision {
  if (request.override !== undefined && request.override !== "auto") return request.override;
  return (
    ofHeader(request.header("api-revision")) ??
    (stableVersion.test(request.path) ? "steps" : undefined) ??
    ofClient(request.header("x-goog-api-client") ?? "", request.header("user-agent") ?? "") ??
    ofBody(request.body) ??
    request.stored ??
    "steps"
  );
}

function ofHeader(value: string | undefined): Revision | undefined {
  const name = value?.trim() ?? "";
  if (!date.test(name)) return undefined;
  return name < FIRST_STEPS_DATE ? "legacy" : "steps";
}

function ofClient(label: string, userAgent: string): Revision | undefined {
  const version = clientLabel.exec(label) ?? clientLabel.exec(userAgent) ?? olderAgent.exec(userAgent);
  if (version !== null) return Number(version[1]) < FIRST_STEPS_MAJOR ? "legacy" : "steps";
  return generatedAgent.test(userAgent) ? "steps" : undefined;
}

function ofBody(body: unknown): Revision | undefined {
  if (!isJsonObject(body)) return undefined;
  const { input, response_format: format, generation_config: config } = body;
  const items = Array.isArray(input) ? input : [];
  if (items.some((item) => isJsonObject(item) && stepOnlyTypes.has(item.type))) return "steps";
  if (Array.isArray(format) || (isJsonObject(format) && formatTypes.has(format.type))) return "steps";
  const isLegacy =
    items.some((item) => isJsonObject(item) && isSet(item.role) && !isSet(item.type)) ||
    isSet(body.response_mime_type) ||
    isJsonObject(format) ||
    (isJsonObject(config) && isSet(config.image_config));
  return isLegacy ? "legacy" : undefined;
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}
