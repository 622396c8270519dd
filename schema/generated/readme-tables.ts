const START = "<!-- generated:coverage -->";
const END = "<!-- /generated:coverage -->";

/** A README that has only its title and the place of the tables. */
export const emptyReadme = `# Interactions Hub\n\n${START}\n${END}\n`;

/** The README with the tables between its markers; `undefined` when it has no such place. */
export function withTables(readme: string, tables: string): string | undefined {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END);
  if (start === -1 || end < start) return undefined;
  return `${readme.slice(0, start)}${START}\n\n${tables}\n\n${readme.slice(end)}`;
}
