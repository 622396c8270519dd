/** A sum found in a text, with its result. */
export type Sum = { expression: string; result: number };

const SPOKEN: readonly [RegExp, string][] = [
  [/\bplus\b/gi, "+"],
  [/\bminus\b/gi, "-"],
  [/\b(?:times|multiplied by)\b|[×·]/gi, "*"],
  [/\b(?:divided by|over)\b|÷/gi, "/"],
  [/\b(?:to the power of)\b|\*\*/gi, "^"],
  [/%\s*of\b|\bpercent of\b/gi, "/100*"],
  [/−/g, "-"],
  [/(?<=\d),(?=\d{3}\b)/g, ""],
];

const ASKS =
  /\b(?:what(?:'s|’s| is| are)|calculate|compute|evaluate|how much|solve|add|result|run|python|code|sum)\b|=/i;
const EXPRESSION = /(?<![\w.])(?:[-(]\s*)*\d+(?:\.\d+)?(?:[\s)]*[-+*/^%](?:\s*[-(])*\s*\d+(?:\.\d+)?)+[\s)]*/g;

/** The first sum that a text asks for; dates and telephone numbers are not taken for one. */
export function sumIn(text: string): Sum | undefined {
  if (!/\d/.test(text)) return undefined;
  let plain = text;
  for (const [spoken, sign] of SPOKEN) plain = plain.replace(spoken, sign);
  const root = /\bsquare root of\s+(\d+(?:\.\d+)?)/i.exec(plain)?.[1];
  if (root !== undefined) return { expression: `sqrt(${root})`, result: rounded(Math.sqrt(Number(root))) };
  const asks = ASKS.test(text);
  for (const [match] of plain.matchAll(EXPRESSION)) {
    const expression = match.trim();
    if (/^\d{4}-\d\d?-\d\d?$/.test(expression)) continue;
    if (!asks && plain.replace(/[?!.\s]/g, "") !== expression.replace(/\s/g, "")) continue;
    const result = evaluate(expression);
    if (result !== undefined) return { expression: spaced(expression), result: rounded(result) };
  }
  return undefined;
}

/** The value of an expression of numbers, + - * / % ^ and brackets; `undefined` if it is none, or not finite. */
function evaluate(expression: string): number | undefined {
  const tokens = expression.match(/\d+(?:\.\d+)?|[-+*/%^()]|\S/g) ?? [];
  let place = 0;

  function additive(): number {
    let value = multiplicative();
    while (tokens[place] === "+" || tokens[place] === "-")
      value = tokens[place++] === "+" ? value + multiplicative() : value - multiplicative();
    return value;
  }
  function multiplicative(): number {
    let value = power();
    for (let sign = tokens[place]; sign === "*" || sign === "/" || sign === "%"; sign = tokens[place]) {
      place += 1;
      const right = power();
      value = sign === "*" ? value * right : sign === "/" ? value / right : value % right;
    }
    return value;
  }
  function power(): number {
    if (tokens[place] === "-") {
      place += 1;
      return -power();
    }
    const base = atom();
    if (tokens[place] !== "^") return base;
    place += 1;
    return base ** power();
  }
  function atom(): number {
    const token = tokens[place++];
    if (token !== "(") return token === undefined ? Number.NaN : Number(token);
    const value = additive();
    return tokens[place++] === ")" ? value : Number.NaN;
  }

  const value = additive();
  return place === tokens.length && Number.isFinite(value) ? value : undefined;
}

function spaced(expression: string): string {
  return expression.replace(/(?<=[\d)])\s*([-+*/^%])\s*/g, " $1 ");
}

/** Without the dust that binary fractions leave (0.1 + 0.2). */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
