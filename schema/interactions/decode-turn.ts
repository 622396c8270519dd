import type { JsonObject } from "../core/json.ts";
import type { Step } from "../core/step.ts";
import { decodeLegacyContents } from "./decode-legacy-contents.ts";
import type { Unknown } from "./keep-unknown.ts";
import { ownMember } from "./members.ts";
import { invalidEnum, invalidValue, missingMember, refusal, unknownParameter } from "./refusals.ts";
import { requireSaid } from "./require-said.ts";

const turnMembers = new Set(["role", "content"]);

/** A turn of the legacy revision, `{ role, content }` with a string or contents, as the steps of that side. */
export function decodeTurn(object: JsonObject, path: string, unknown: Unknown): Step[] {
  for (const name in object) {
    if (name === "parts") {
      throw refusal(`Unknown parameter 'parts' at '${path}'. Did you mean 'content'?`, `${path}.parts`);
    }
    if (!turnMembers.has(name)) throw unknownParameter(name, path, turnMembers);
  }
  const role = ownMember(object, "role");
  if (role !== "user" && role !== "model") throw invalidEnum(role, `${path}.role`, ["user", "model"]);
  const content = ownMember(object, "content");
  if (content === undefined) throw missingMember("content", path);
  if (typeof content === "string") {
    return [{ type: role === "user" ? "user_input" : "model_output", content: [{ type: "text", text: content }] }];
  }
  if (!Array.isArray(content)) throw invalidValue(`${path}.content`, "a string or an array", content);
  for (const [index, item] of content.entries()) requireSaid(item, `${path}.content[${index}]`);
  return decodeLegacyContents(content, role, `${path}.content`, unknown);
}
