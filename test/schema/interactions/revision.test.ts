import { describe, expect, it } from "vitest";
import type { Revision } from "../../../schema/core/interaction.ts";
import { chooseRevision, type RevisionRequest } from "../../../schema/interactions/revision.ts";

type Asked = Omit<Partial<RevisionRequest>, "header"> & { headers?: Record<string, string> };

function choose({ headers = {}, path = "/v1beta/interactions", ...rest }: Asked): Revision {
  return chooseRevision({ path, header: (name) => headers[name], ...rest });
}

const speakeasyNode = "speakeasy-sdk/typescript 2.4.1-preview.4 2.911.0 v1beta @google/genai";
const speakeasyPython = "speakeasy-sdk/python 2.4.1-preview.5 internal v1beta google-genai";
const node = (version: string) => `google-genai-sdk/${version} gl-node/v20.20.2`;
const python = (version: string) => `google-genai-sdk/${version} gl-python/3.11.7`;
const olderPython = (version: string) => `GeminiNextGenAPIClient/Python ${version}`;

/** What each generation of the official clients sends, as seen on the wire. */
const clients: [name: string, expected: Revision, asked: Asked][] = [
  ["JavaScript 1.33", "legacy", { headers: { "x-goog-api-client": node("1.33.0"), "user-agent": node("1.33.0") } }],
  ["JavaScript 1.52", "legacy", { headers: { "x-goog-api-client": node("1.52.0"), "user-agent": node("1.52.0") } }],
  [
    "JavaScript 2.0 to 2.8",
    "steps",
    { headers: { "x-goog-api-client": node("2.8.0"), "user-agent": node("2.8.0"), "api-revision": "2026-05-20" } },
  ],
  [
    "JavaScript 2.9 and 2.10",
    "steps",
    { headers: { "x-goog-api-client": node("2.9.0"), "user-agent": speakeasyNode, "api-revision": "2026-05-20" } },
  ],
  [
    "JavaScript 2.11 to 2.30",
    "steps",
    { headers: { "x-goog-api-client": node("2.18.0"), "user-agent": speakeasyNode } },
  ],
  ["JavaScript 2.32", "steps", { headers: { "x-goog-api-client": node("2.32.0"), "user-agent": node("2.32.0") } }],
  [
    "JavaScript 3.1",
    "steps",
    { path: "/v1/interactions", headers: { "x-goog-api-client": node("3.1.0"), "user-agent": node("3.1.0") } },
  ],
  [
    "JavaScript 1.52 in a browser",
    "legacy",
    { headers: { "x-goog-api-client": "google-genai-sdk/1.52.0 gl-node/web", "user-agent": "Mozilla/5.0" } },
  ],
  [
    "Python 1.55",
    "legacy",
    { headers: { "x-goog-api-client": python("1.55.0"), "user-agent": olderPython("1.55.0") } },
  ],
  [
    "Python 1.75",
    "legacy",
    { headers: { "x-goog-api-client": python("1.75.0"), "user-agent": olderPython("1.75.0") } },
  ],
  [
    "Python 2.0 to 2.8",
    "steps",
    {
      headers: {
        "x-goog-api-client": python("2.8.0"),
        "user-agent": olderPython("2.8.0"),
        "api-revision": "2026-05-20",
      },
    },
  ],
  [
    "Python 2.9 and 2.10",
    "steps",
    { headers: { "x-goog-api-client": python("2.9.0"), "user-agent": speakeasyPython, "api-revision": "2026-05-20" } },
  ],
  ["Python 2.25", "steps", { headers: { "x-goog-api-client": python("2.25.0"), "user-agent": speakeasyPython } }],
  ["Python 3.4", "steps", { headers: { "x-goog-api-client": python("3.4.0"), "user-agent": speakeasyPython } }],
  [
    "a client whose own label stands beside",
    "legacy",
    { headers: { "x-goog-api-client": `${python("1.75.0")} app/9` } },
  ],
  ["an old client known by its user agent only", "legacy", { headers: { "user-agent": olderPython("1.60.0") } }],
  ["a new client known by its user agent only", "steps", { headers: { "user-agent": speakeasyPython } }],
  [
    "Java, whose majors are its own",
    "steps",
    { headers: { "x-goog-api-client": "google-genai-sdk/1.76.0 gl-java/21" } },
  ],
  ["curl", "steps", { headers: { "user-agent": "curl/8.5.0" } }],
];

describe("the revision of an answer", () => {
  it.each(clients)("is told by what %s sends: %s", (_name, expected, asked) => {
    expect(choose({ body: { model: "m", input: "hi" }, ...asked })).toBe(expected);
  });

  it.each<[string, Revision]>([
    ["2026-05-07", "legacy"],
    ["2026-05-19", "legacy"],
    ["2026-05-20", "steps"],
    ["2026-05-26", "steps"],
    ["2027-01-01", "steps"],
  ])("follows the header Api-Revision: %s means %s, even against the client's name and the path", (date, expected) => {
    const client = expected === "legacy" ? node("3.1.0") : node("1.52.0");
    expect(choose({ path: "/v1/interactions", headers: { "api-revision": date, "x-goog-api-client": client } })).toBe(
      expected,
    );
  });

  it.each(["latest", "2026-13-01", "2026-05-7", ""])("ignores a header that is no date: '%s'", (date) => {
    expect(choose({ headers: { "api-revision": date, "x-goog-api-client": node("1.52.0") } })).toBe("legacy");
  });

  it.each([
    "/v1/interactions",
    "/v1/interactions/v1_abc",
    "/v1/interactions/v1_abc:cancel",
    "/proxy/v1/interactions",
    "/v1/projects/p/locations/global/interactions",
  ])("is steps below %s, where the legacy revision never was", (path) => {
    expect(choose({ path, headers: { "x-goog-api-client": node("1.52.0") } })).toBe("steps");
  });

  it.each(["/v1/proxy/v1beta/interactions", "/v1beta/interactions/v1", "/v1alpha/interactions"])(
    "is not decided by %s",
    (path) => {
      expect(choose({ path, headers: { "x-goog-api-client": node("1.52.0") } })).toBe("legacy");
    },
  );

  it.each<[string, Revision, object]>([
    ["a user_input step", "steps", { input: [{ type: "user_input", content: [] }] }],
    ["a model_output step", "steps", { input: [{ type: "model_output" }] }],
    ["a list of formats", "steps", { input: "x", response_format: [] }],
    ["a typed format", "steps", { input: "x", response_format: { type: "image" } }],
    ["a turn", "legacy", { input: [{ role: "user", content: "x" }] }],
    ["a mime type beside the format", "legacy", { input: "x", response_mime_type: "application/json" }],
    ["a bare JSON schema", "legacy", { input: "x", response_format: { type: "object" } }],
    ["an image_config", "legacy", { input: "x", generation_config: { image_config: {} } }],
    ["a step among turns", "steps", { input: [{ role: "user", content: "x" }, { type: "model_output" }] }],
    ["contents, which both have", "steps", { input: [{ type: "text", text: "x" }] }],
  ])("of an unknown client is told by its body: %s means %s", (_name, expected, body) => {
    expect(choose({ body })).toBe(expected);
  });

  it("stays steps for a known client that sends turns", () => {
    const body = { input: [{ role: "user", content: "x" }] };
    expect(choose({ body, headers: { "x-goog-api-client": node("3.1.0") } })).toBe("steps");
  });

  it("of a read without any sign is the one of the client that created the interaction", () => {
    expect(choose({ stored: "legacy" })).toBe("legacy");
    expect(choose({ stored: "legacy", headers: { "x-goog-api-client": node("2.32.0") } })).toBe("steps");
    expect(choose({ stored: "steps", headers: { "x-goog-api-client": node("1.52.0") } })).toBe("legacy");
    expect(choose({})).toBe("steps");
  });

  it("is the operator's where he decided", () => {
    const headers = { "api-revision": "2026-05-20" };
    expect(choose({ override: "legacy", path: "/v1/interactions", headers })).toBe("legacy");
    expect(choose({ override: "steps", headers: { "x-goog-api-client": node("1.52.0") } })).toBe("steps");
    expect(choose({ override: "auto", headers: { "x-goog-api-client": node("1.52.0") } })).toBe("legacy");
  });

  it.each([null, 5, "text", [], { input: null }, { input: [null, 5] }])("survives the body %j", (body) => {
    expect(choose({ body })).toBe("steps");
  });
});
