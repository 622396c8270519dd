import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { HubError } from "../../../schema/core/error.ts";
import { isJsonObject, type JsonValue } from "../../../schema/core/json.ts";

/**
 * Reads the documents that clients may name: a JSON file that maps ids to documents (as Relay writes it), or a manifest of
 * Apollo's, or a folder of files that are named for their ids.
 */
export async function readPersistedDocuments(path: string): Promise<ReadonlyMap<string, string>> {
  try {
    if ((await stat(path)).isDirectory()) return await readFolder(path);
    return readManifest(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HubError("invalid_request", `graphql.persisted_documents: cannot read ${path} (${reason})`, { cause });
  }
}

async function readFolder(path: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(path)).filter((name) => /\.(?:graphql|gql)$/.test(name));
  const documents = await Promise.all(names.map((name) => readFile(join(path, name), "utf8")));
  return new Map(names.map((name, index) => [name.replace(/\.\w+$/, ""), documents[index] ?? ""]));
}

function readManifest(manifest: JsonValue): ReadonlyMap<string, string> {
  const documents = new Map<string, string>();
  const { operations, ...members } = isJsonObject(manifest) ? manifest : {};
  if (Array.isArray(operations)) {
    for (const operation of operations) {
      if (!isJsonObject(operation)) continue;
      const { id, body } = operation;
      if (typeof id === "string" && typeof body === "string") documents.set(id, body);
    }
  } else {
    for (const [id, text] of Object.entries(members)) if (typeof text === "string") documents.set(id, text);
  }
  if (documents.size === 0) throw new Error("it holds no documents");
  return documents;
}
