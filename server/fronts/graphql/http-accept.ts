import { createBoundedCache } from "./bounded-cache.ts";

/** The forms in which an answer can be given. */
export type Form = "application/json" | "application/graphql-response+json" | "text/event-stream" | "multipart/mixed";

/** What a client accepts, the best first; `*` for those that leave it to the server. */
export type Accepted = readonly (Form | "*")[];

const forms: ReadonlySet<string> = new Set<Form>([
  "application/json",
  "application/graphql-response+json",
  "text/event-stream",
  "multipart/mixed",
]);

const known = createBoundedCache<Accepted>();

/** Reads an Accept header. What is not among the forms is left out. */
export function acceptedForms(header: string | undefined): Accepted {
  if (header === undefined || header === "") return ["*"];
  const earlier = known.get(header);
  if (earlier !== undefined) return earlier;
  const accepted = header
    .split(",")
    .map((part) => {
      const [type = "", ...parameters] = part.split(";").map((one) => one.trim().toLowerCase());
      const quality = parameters.find((one) => one.startsWith("q="));
      return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality)
    .flatMap(({ type }): Accepted => (isForm(type) ? [type] : type === "*/*" || type === "application/*" ? ["*"] : []));
  known.set(header, accepted);
  return accepted;
}

/** The form of an answer that is one piece of JSON; `undefined` where the client takes none. */
export function jsonForm(accepted: Accepted): "application/json" | "application/graphql-response+json" | undefined {
  for (const form of accepted) {
    if (form === "application/json" || form === "application/graphql-response+json") return form;
    if (form === "*") return "application/json";
  }
  return undefined;
}

/** The form of an answer that has many pieces; `undefined` where the client takes none. */
export function streamForm(accepted: Accepted): "text/event-stream" | "multipart/mixed" | undefined {
  for (const form of accepted) if (form === "text/event-stream" || form === "multipart/mixed") return form;
  return undefined;
}

function isForm(type: string): type is Form {
  return forms.has(type);
}
