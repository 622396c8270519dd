import type { z } from "zod";
import { infinityIn } from "../../schema/core/infinite-number.ts";
import { isJsonObject, type JsonObject } from "../../schema/core/json.ts";
import { type JsonLimits, jsonExcess } from "../../schema/core/json-excess.ts";
import { shortened } from "../../schema/core/shortened.ts";
import { FORMAT, FORMAT_VERSION, lineLimits, records, type TransferRecord } from "../../schema/transfer/records.ts";
import { wrong } from "./wrong-file.ts";

type RecordType = keyof typeof records;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const excessMessages = {
  json_depth: (limit) => `nests deeper than ${limit} levels.`,
  json_values: (limit) => `holds more than ${limit} values.`,
} satisfies Record<keyof JsonLimits, (limit: number) => string>;

/** What a line holds. It is as it stands there: nothing is left out, put in another order or copied. */
export function readRecord(bytes: Uint8Array): TransferRecord {
  return recordOf(decode(bytes));
}

/** The same for the text of a line. */
export function recordOf(text: string): TransferRecord {
  if (text.trim() === "") throw wrong("is empty.");
  const excess = jsonExcess(text, lineLimits);
  if (excess !== undefined) throw wrong(excessMessages[excess](lineLimits[excess]));
  const value = parse(text);
  if (!isJsonObject(value)) throw wrong("is no JSON object.");
  const { type } = value;
  if (!isRecordType(type)) throw wrong(`is of no known type (${shortened(JSON.stringify(type) ?? "none")}).`);
  if (type === "header") refuseOther(value);
  const place = infinityIn(value);
  if (place !== undefined) throw wrong(`${place.slice(1)}: the number is too large.`);
  const { error } = records[type].safeParse(value);
  if (error !== undefined) throw wrong(explain(error.issues));
  // Checked, but not what the check gives back, in which members have the order of the schema.
  return value as unknown as TransferRecord;
}

/** Says of other formats and of newer versions what they are, rather than what is wrong with them. */
function refuseOther({ format, version }: JsonObject): void {
  if (format !== FORMAT) throw wrong("is no header of an export of Interactions Hub.");
  if (typeof version === "number" && version > FORMAT_VERSION) {
    throw wrong(
      `the file has version ${version} of its format; this hub reads version ${FORMAT_VERSION}. Import it with a newer one.`,
    );
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw wrong("is not valid UTF-8.");
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrong("is not valid JSON.");
  }
}

function isRecordType(type: unknown): type is RecordType {
  return typeof type === "string" && Object.hasOwn(records, type);
}

function explain([issue]: readonly z.core.$ZodIssue[]): string {
  if (issue === undefined) return "does not fit the format.";
  const path = issue.path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${shortened(String(part))}`))
    .join("")
    .slice(1);
  const message = shortened(issue.message);
  return path === "" ? `${message}.` : `${path}: ${message}.`;
}
