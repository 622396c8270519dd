import type { DescribedCommand, DescribedFlag } from "./described-command.ts";

/** For fish 3 and newer. */
export function fishScript(commands: readonly DescribedCommand[]): string {
  const top = commands.filter(({ words }) => words.length === 1);
  const names = top.map(({ words: [name] }) => name).join(" ");
  const lines = commands.flatMap((command) => [nameLine(command, commands, names), ...flagLines(command)]);
  return `# Completes command lines of interactions-hub in fish: interactions-hub completion fish | source
complete -c interactions-hub -f
${lines.join("\n")}
complete -c interactions-hub -n "not __fish_seen_subcommand_from ${names}" -a help -d "This text, or that of a command."
complete -c interactions-hub -n "not __fish_seen_subcommand_from ${names}" -a version -d "The version."
complete -c interactions-hub -n "__fish_seen_subcommand_from completion" -a "bash zsh fish"
`;
}

function nameLine(
  { words, description }: DescribedCommand,
  commands: readonly DescribedCommand[],
  names: string,
): string {
  const [group = "", name] = words;
  const said = ` -d '${quoted(description)}'`;
  if (name === undefined)
    return `complete -c interactions-hub -n "not __fish_seen_subcommand_from ${names}" -a ${group}${said}`;
  const siblings = commands.filter((one) => one.words.length > 1 && one.words[0] === group).map((one) => one.words[1]);
  const here = `__fish_seen_subcommand_from ${group}; and not __fish_seen_subcommand_from ${siblings.join(" ")}`;
  return `complete -c interactions-hub -n "${here}" -a ${name}${said}`;
}

function flagLines({ words, flags, files }: DescribedCommand): string[] {
  const here = words.map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ");
  const before = `complete -c interactions-hub -n "${here}"`;
  return [...(files ? [`${before} -F`] : []), ...flags.map((flag) => `${before}${flagText(flag)}`)];
}

function flagText({ flags, description, value }: DescribedFlag): string {
  const names = flags.map((flag) => (flag.startsWith("--") ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`)).join("");
  const after =
    value === "none" ? "" : value === "file" ? " -r -F" : value === "any" ? " -x" : ` -x -a "${value.join(" ")}"`;
  return `${names}${after} -d '${quoted(description)}'`;
}

function quoted(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
}
