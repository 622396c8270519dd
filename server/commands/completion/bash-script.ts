import type { DescribedCommand, DescribedFlag } from "./described-command.ts";

/** For bash 3.2 and newer, without the package bash-completion. */
export function bashScript(commands: readonly DescribedCommand[]): string {
  const groups = new Map<string, string[]>();
  for (const { words } of commands) {
    const group = words.slice(0, -1).join(" ");
    groups.set(group, [...(groups.get(group) ?? []), words.at(-1) ?? ""]);
  }
  const all = commands.flatMap(({ flags }) => flags);
  const serve = commands.find(({ words }) => words.join(" ") === "serve");
  return `# Completes command lines of interactions-hub in bash: eval "$(interactions-hub completion bash)"
_interactions_hub() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command="" word index taken=""
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if [[ -n $taken ]]; then taken=""; continue; fi
    case $word in
      ${alternatives(valued(all))}) taken=1 ;;
      -*) ;;
      *) case "\${command:+$command }$word" in
          ${[...commands.map(({ words }) => `"${words.join(" ")}"`)].join("|")}) command="\${command:+$command }$word" ;;
        esac ;;
    esac
  done
  case $previous in
    ${alternatives(all.filter(({ value }) => value === "file"))}) COMPREPLY=($(compgen -f -- "$current")); return ;;
${choiceLines(all)}
    ${alternatives(all.filter(({ value }) => value === "any"))}) return ;;
  esac
  if [[ $current == -* ]]; then
    case $command in
${commands.map(({ words, flags }) => `      "${words.join(" ")}") ${reply(flags.flatMap((flag) => flag.flags))} ;;`).join("\n")}
      "") ${reply([...(serve?.flags ?? []).flatMap((flag) => flag.flags), "--version"])} ;;
    esac
    return
  fi
  case $command in
${[...groups].map(([group, names]) => `    "${group}") ${reply(group === "" ? [...names, "help", "version"] : names)} ;;`).join("\n")}
    completion) ${reply(["bash", "zsh", "fish"])} ;;
    ${commands
      .filter(({ files }) => files)
      .map(({ words }) => `"${words.join(" ")}"`)
      .join("|")}) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _interactions_hub interactions-hub
`;
}

function reply(words: readonly string[]): string {
  return `COMPREPLY=($(compgen -W "${words.join(" ")}" -- "$current"))`;
}

function valued(flags: readonly DescribedFlag[]): DescribedFlag[] {
  return flags.filter(({ value }) => value !== "none");
}

function alternatives(flags: readonly DescribedFlag[]): string {
  return [...new Set(flags.flatMap((flag) => flag.flags))].join("|");
}

function choiceLines(flags: readonly DescribedFlag[]): string {
  const lines = flags.flatMap(({ flags: names, value }) =>
    typeof value === "string" ? [] : [`    ${names.join("|")}) ${reply(value)}; return ;;`],
  );
  return [...new Set(lines)].join("\n");
}
