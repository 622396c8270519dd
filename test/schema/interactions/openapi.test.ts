import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../../schema/core/json.ts";
import { openApiDocument } from "../../../schema/interactions/openapi.ts";

const document = openApiDocument();
const { paths, components } = document as { paths: JsonObject; components: { schemas: JsonObject } };

/** Every value in a JSON tree, with the name of the member that holds it. */
function* walk(value: JsonValue, name = ""): Generator<[name: string, value: JsonValue]> {
  yield [name, value];
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) yield* walk(member, key);
}

function pointed(reference: string): JsonValue | undefined {
  let here: JsonValue | undefined = document;
  for (const part of reference.slice(2).split("/")) here = (here as JsonObject | undefined)?.[part];
  return here;
}

/** A validator of one component, made from the document as others would make theirs. */
function validatorOf(name: string) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ ...document, $id: "hub:" });
  const validate = ajv.getSchema(`hub:#/components/schemas/${name}`);
  if (validate === undefined) throw new Error(`no schema ${name}`);
  return validate;
}

const fixtures = (folder: string, ending: string) => {
  const place = new URL(`../../fixtures/${folder}/`, import.meta.url);
  return readdirSync(place)
    .filter((name) => name.endsWith(ending))
    .map((name): [string, string] => [name, readFileSync(new URL(name, place), "utf8")]);
};

describe("the OpenAPI document", () => {
  it("describes every operation", () => {
    const operations = Object.entries(paths).flatMap(([path, item]) =>
      ["get", "post", "delete"].filter((method) => method in (item as JsonObject)).map((method) => `${method} ${path}`),
    );
    const resources = [
      "post /interactions",
      "get /interactions/{id}",
      "delete /interactions/{id}",
      "post /interactions/{id}/cancel",
      "post /interactions/{id}:cancel",
      "get /models",
      "get /models/{model}",
      "get /publishers/google/models",
      "get /publishers/google/models/{model}",
    ];
    const below = (prefix: string) => resources.map((resource) => resource.replace(" ", ` ${prefix}`));
    expect(operations).toEqual([
      ...below("/{version}"),
      ...below("/{version}/projects/{project}/locations/{location}"),
      "get /healthz",
      "get /openapi.json",
    ]);
  });

  it("gives every operation an id of its own, and every part of a path a parameter", () => {
    const ids = [...walk(paths)].filter(([name]) => name === "operationId").map(([, id]) => id);
    expect(ids.length).toBe(20);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [path, item] of Object.entries(paths)) {
      const given = ((item as JsonObject).parameters ?? []) as JsonObject[];
      const resolved = given.map((one) => (typeof one.$ref === "string" ? (pointed(one.$ref) as JsonObject) : one));
      const inPath = resolved.filter((one) => one.in === "path").map((one) => `{${one.name}}`);
      expect(inPath.sort()).toEqual((path.match(/\{\w+\}/g) ?? []).sort());
    }
  });

  it("names both revisions of what differs", () => {
    const names = ["CreateInteraction", "Interaction", "InteractionEvent", "GenerationConfig"];
    expect(Object.keys(components.schemas)).toEqual(expect.arrayContaining(names.flatMap((n) => [n, `Legacy${n}`])));
  });

  it("has no reference that leads nowhere", () => {
    const references = [...walk(document)]
      .filter(([name]) => name === "$ref")
      .map(([, reference]) => String(reference));
    expect(references.length).toBeGreaterThan(200);
    expect(references.filter((reference) => pointed(reference) === undefined)).toEqual([]);
  });

  it("says of every described thing what the hub does with it, in a member that OpenAPI allows", () => {
    const names = new Set([...walk(components.schemas)].map(([name]) => name));
    expect(names.has("x-hub")).toBe(true);
    expect(names.has("hub")).toBe(false);
  });

  it("has only schemas that a validator can read", () => {
    for (const name of Object.keys(components.schemas)) expect(typeof validatorOf(name)).toBe("function");
  });

  it("is written beside its generator as it is, and so are the tables of the README", () => {
    const root = fileURLToPath(new URL("../../../", import.meta.url));
    execFileSync(process.execPath, ["schema/generated/generate.ts", "--check"], { cwd: root, stdio: "pipe" });
  });
});

describe("recorded traffic fits the document:", () => {
  it.each(fixtures("gemini-steps", ".json"))("the answer %s", (_name, text) => {
    const answer = JSON.parse(text);
    const validate = validatorOf("Interaction");
    expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);
    const described = Object.keys((components.schemas.Interaction as { properties: JsonObject }).properties);
    expect(described).toEqual(expect.arrayContaining(Object.keys(answer)));
  });

  it.each(fixtures("gemini-steps", ".chunks.txt"))("the stream %s", (_name, text) => {
    const validate = validatorOf("InteractionEvent");
    const lines = text.split("\n").filter((line) => line.startsWith("{"));
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines)
      expect(validate(JSON.parse(line)), `${line} ${JSON.stringify(validate.errors)}`).toBe(true);
  });

  it.each(fixtures("gemini-legacy", ".json"))("the legacy answer %s", (_name, text) => {
    const { response } = JSON.parse(text);
    const streamed = Array.isArray(response.body);
    const validate = validatorOf(
      streamed ? "LegacyInteractionEvent" : "error" in response.body ? "ErrorResponse" : "LegacyInteraction",
    );
    const records = streamed
      ? response.body
          .filter((line: string) => line.startsWith("data: {"))
          .map((line: string) => JSON.parse(line.slice(6)))
      : [response.body];
    expect(records.length).toBeGreaterThan(0);
    for (const record of records) expect(validate(record), JSON.stringify(validate.errors)).toBe(true);
  });

  it("while what is broken does not", () => {
    const validate = validatorOf("InteractionEvent");
    expect(validate({ event_type: "step.delta", index: 0, delta: { type: "text" } })).toBe(false);
    expect(validate({ event_type: "step.begin", index: 0 })).toBe(false);
    expect(validatorOf("Interaction")({ status: 5 })).toBe(false);
  });
});
