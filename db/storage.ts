import { type ChangeBell, createChangeBell } from "./change-bell.ts";
import type { Driver } from "./driver.ts";
import type { HeldBy } from "./file-lock.ts";
import { createGroupCommit, type GroupCommit } from "./group-commit.ts";
import { createInteractionWriter, type InteractionWriter } from "./interaction-writer.ts";
import { createMediaBytes, type MediaBytes } from "./media-bytes.ts";
import { type OpenDatabase, openDatabase, type Upgrading } from "./open-database.ts";
import { prepareStatements, type Statements } from "./statements.ts";
import { createTextIndex, type TextIndex } from "./text-index.ts";

/**
 * A file, or `:memory:`, and who opens it. `mediaBytes` bounds each image, audio, video or document; `lasting` is whether what
 * it holds counts as stored (`store: true`) or is only held for the time of a request. Others are told who holds the file: a
 * hub, unless `heldBy` says otherwise.
 */
export type StorageOptions = {
  driver: Driver;
  file: string;
  mediaBytes: number;
  lasting: boolean;
  upgrading?: Upgrading;
  heldBy?: HeldBy;
};

/** An open database with what the store and the archive share. */
export type Storage = {
  driver: Driver;
  database: OpenDatabase;
  lasting: boolean;
  statements: Statements;
  commits: GroupCommit;
  writer: InteractionWriter;
  texts: TextIndex;
  media: MediaBytes;
  /** Rings when an interaction began, ended, got other labels or was removed, once that is committed. */
  changed: ChangeBell;
};

export function openStorage({ driver, file, mediaBytes, lasting, upgrading, heldBy }: StorageOptions): Storage {
  const database = openDatabase(file, driver, upgrading, heldBy);
  const statements = prepareStatements(database);
  const texts = createTextIndex(database.connection);
  const media = createMediaBytes(database.connection, statements);
  return {
    driver,
    database,
    lasting,
    statements,
    commits: createGroupCommit(database.connection),
    writer: createInteractionWriter({ database, statements, texts, media, mediaBytes }),
    texts,
    media,
    changed: createChangeBell(),
  };
}
