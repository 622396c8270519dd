import type { InteractionHead } from "../../schema/archive.ts";
import { withoutSecrets } from "../../schema/core/without-secrets.ts";
import {
  type CloseRecord,
  type EndRecord,
  FORMAT,
  FORMAT_VERSION,
  type HeaderRecord,
  type InteractionRecord,
  type MediaRecord,
  type PieceRecord,
} from "../../schema/transfer/records.ts";
import type { StoredEvent, StoredStep } from "../../schema/transfer.ts";

// The lines of an export, without their ends. The same content always gives the same bytes: every member has its place.

export function headerLine(): string {
  return JSON.stringify({ type: "header", format: FORMAT, version: FORMAT_VERSION } satisfies HeaderRecord);
}

export function mediaLine(sha256: string, size: number): string {
  return JSON.stringify({ type: "media", sha256, size } satisfies MediaRecord);
}

export function pieceLine(bytes: Uint8Array): string {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  return JSON.stringify({ type: "piece", data } satisfies PieceRecord);
}

/** Files of earlier versions may hold credentials of requests; they are nobody else's. */
export function interactionLine(head: InteractionHead): string {
  return JSON.stringify({
    type: "interaction",
    id: head.id,
    root_id: head.root_id,
    previous_id: head.previous_id,
    // What has not ended is not asked for, and would be refused by the check of the line.
    status: head.status as InteractionRecord["status"],
    model: head.model,
    agent: head.agent,
    provider: head.provider,
    upstream_model: head.upstream_model,
    upstream_id: head.upstream_id,
    revision: head.revision,
    background: head.background,
    created_at: head.created_at,
    updated_at: head.updated_at,
    settings: withoutSecrets(head.settings),
    usage: head.usage,
    errors: head.errors,
    degraded: head.degraded,
  } satisfies InteractionRecord);
}

/** What is stored as JSON stands in the line as it is. */
export function stepLine({ side, index, body }: StoredStep): string {
  return `{"type":"step","side":"${side}","index":${index},"step":${body}}`;
}

export function eventLine({ sequence, at, body }: StoredEvent): string {
  return `{"type":"event","sequence":${sequence},"at":${at},"event":${body}}`;
}

export function closeLine(record: Omit<CloseRecord, "type">): string {
  const { id, steps, events, sha256 } = record;
  return JSON.stringify({ type: "close", id, steps, events, sha256 } satisfies CloseRecord);
}

export function endLine(record: Omit<EndRecord, "type">): string {
  const { interactions, steps, events, media, sha256 } = record;
  return JSON.stringify({ type: "end", interactions, steps, events, media, sha256 } satisfies EndRecord);
}
