import type { Database, RunResult } from "better-sqlite3";
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
