/** What was looked at, and how it is. `advice` says what to do where it is not well. */
export type Check = { name: string; state: "ok" | "warning" | "failure"; finding: string; advice?: string };

export function well(name: string, finding: string): Check {
  return { name, state: "ok", finding };
}

export function doubtful(name: string, finding: string, advice: string): Check {
  return { name, state: "warning", finding, advice };
}

export function wrong(name: string, finding: string, advice: string): Check {
  return { name, state: "failure", finding, advice };
}
