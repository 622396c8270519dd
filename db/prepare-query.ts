import type { Database, RunResult, Statement } from "better-sqlite3";
import { is, Param, Placeholder } from "drizzle-orm";

type Query = { toSQL(): { sql: string; params: unknown[] } };
type Binding = (values: Record<string, unknown>) => unknown;

/** A write that drizzle composed, prepared once on the driver itself. Values are bound by the names of the placeholders. */
export type PreparedWrite = { run(values: Record<string, unknown>): RunResult };

/** Drizzle's own prepared queries cost as much again as the write they make; this keeps its types and its SQL, not that cost. */
export function prepareWrite(connection: Database, query: Query): PreparedWrite {
  const { sql, params } = query.toSQL();
  const bindings = params.map(bindingOf);
  const statement = connection.prepare(sql);
  return { run: (values) => statement.run(...bindings.map((binding) => binding(values))) };
}

/** Rows that one statement writes at most. To run a statement costs more than each of its rows does. */
const MOST_ROWS = 16;

/** Inserts of rows that are all alike. `compose` makes the query for so many rows, with the same placeholders in each. */
export function prepareInserts(connection: Database, compose: (rows: number) => Query) {
  const bindings = compose(1).toSQL().params.map(bindingOf);
  const statements = new Map<number, Statement>();

  function statementFor(rows: number): Statement {
    const known = statements.get(rows);
    if (known !== undefined) return known;
    const statement = connection.prepare(compose(rows).toSQL().sql);
    statements.set(rows, statement);
    return statement;
  }

  return {
    run(rows: readonly Record<string, unknown>[]): void {
      for (let start = 0; start < rows.length; start += MOST_ROWS) {
        const part = rows.slice(start, start + MOST_ROWS);
        statementFor(part.length).run(...part.flatMap((row) => bindings.map((binding) => binding(row))));
      }
    },
  };
}

/** A read that drizzle composed, prepared once on the driver itself. Rows come as the driver gives them: JSON is still text. */
export type PreparedRead<Row> = { all(values: Record<string, unknown>): Row[] };

/** Like `prepareWrite`, for reads of many rows: drizzle maps them column by column, which costs as much as reading them. */
export function prepareRead<Row>(connection: Database, query: Query): PreparedRead<Row> {
  const { sql, params } = query.toSQL();
  const bindings = params.map(bindingOf);
  const statement = connection.prepare<unknown[], Row>(sql);
  return { all: (values) => statement.all(...bindings.map((binding) => binding(values))) };
}

/** How a parameter gets its value: a constant, a placeholder, or a placeholder that its column encodes. */
function bindingOf(param: unknown): Binding {
  if (is(param, Placeholder)) return (values) => values[param.name];
  if (is(param, Param) && is(param.value, Placeholder)) {
    const { name } = param.value;
    return (values) => {
      const value = values[name];
      return value === null ? null : param.encoder.mapToDriverValue(value);
    };
  }
  return () => param;
}
