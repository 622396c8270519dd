import type { Inside } from "./inside.ts";

const line = "=".repeat(120);

/** The terms of everything inside, one after the other; what is there without terms of its own is named at the end. */
export function writeLicenses(inside: readonly Inside[]): string {
  const told = inside.flatMap(({ name, version, license, text }) =>
    text === undefined ? [] : [`${line}\n${name} ${version} (${license ?? "see below"})\n${line}\n\n${text.trim()}\n`],
  );
  const untold = inside.filter(({ text }) => text === undefined).map(({ name, version }) => `${name} ${version}`);
  const rest =
    untold.length === 0
      ? []
      : [
          `${line}\nInside the page of GraphiQL besides, as far as its publisher names it\n${line}\n\n${untold.join("\n")}\n\nTheir notices are in the page itself, as far as its publisher kept them.\n`,
        ];
  return [
    "Interactions Hub is licensed under the Apache License 2.0. This is what it has inside, and under which terms.\n",
    ...told,
    ...rest,
  ].join("\n");
}
