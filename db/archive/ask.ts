import type { Database, Statement } from "better-sqlite3";
import type { SQL } from "drizzle-orm";
import { SQLiteSyncDialect } from "drizzle-orm/sqlite-core";

/** Statements that stay prepared. The text of a query depends on which filters are set, not on their values. */
const MOST_STATEMENTS = 200;

/** Asks the database. Rows come as the driver gives them: JSON is still text. */
export type Ask = {
  all<Row>(query: SQL): Row[];
  /** Row by row, as far as they are taken; nothing may be written meanwhile. */
  each<Row>(query: SQL): IterableIterator<Row>;
};

/** Prepares each text of a query once. */
export function createAsk(connection: Database): Ask {
  const dialect = new SQLiteSyncDialect();
  const statements = new Map<string, Statement<unknown[], unknown>>();

  function prepared(text: string): Statement<unknown[], unknown> {
    let statement = statements.get(text);
    if (statement === undefined) {
      statement = connection.prepare<unknown[], unknown>(text);
      const [oldest] = statements.keys();
      if (oldest !== undefined && statements.size >= MOST_STATEMENTS) statements.delete(oldest);
    } else {
      statements.delete(text);
    }
    // The last one is the one that was used last.
    statements.set(text, statement);
    return statement;
  }

  return {
    all<Row>(query: SQL) {
      const { sql, params } = dialect.sqlToQuery(query);
      return prepared(sql).all(...params) as Row[];
    },
    each<Row>(query: SQL) {
      const { sql, params } = dialect.sqlToQuery(query);
      return prepared(sql).iterate(...params) as IterableIterator<Row>;
    },
  };
}
