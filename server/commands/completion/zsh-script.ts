import type { DescribedCommand, DescribedFlag } from "./described-command.ts";

/** For zsh 5 and newer, with its own completion system. */
export function zshScript(commands: readonly DescribedCommand[]): string {
  const top = commands.filter(({ words }) => words.length === 1);
  const groups = top.filter(({ words: [name] }) => commands.some(({ words }) => words.length > 1 && words[0] === name));
  const leaves = commands.filter((command) => !groups.includes(command));
  return `#compdef interactions-hub
# Completes command lines of interactions-hub in zsh: source <(interactions-hub completion zsh)
${leaves.map(leafFunction).join("\n")}
${groups.map((group) => groupFunction(group, commands)).join("\n")}
_interactions-hub() {
  local -a commands=(
${[...top.map(entry), '    "help:This text, or that of a command."', '    "version:The version."'].join("\n")}
  )
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    _describe command commands
    return
  fi
  case $words[2] in
${top.map(({ words: [name] }) => `    ${name}) shift words; (( CURRENT-- )); _interactions-hub_${name} ;;`).join("\n")}
    -*) _interactions-hub_serve ;;
  esac
}
if [[ $funcstack[1] == _interactions-hub ]]; then
  _interactions-hub "$@"
else
  compdef _interactions-hub interactions-hub
fi
`;
}

function groupFunction({ words: [group] }: DescribedCommand, commands: readonly DescribedCommand[]): string {
  const inside = commands.filter(({ words }) => words.length > 1 && words[0] === group);
  return `_interactions-hub_${group}() {
  local -a commands=(
${inside.map(entry).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case $words[2] in
${inside.map(({ words: [, name] }) => `    ${name}) shift words; (( CURRENT-- )); _interactions-hub_${group}_${name} ;;`).join("\n")}
  esac
}`;
}

function leafFunction({ words, flags, files }: DescribedCommand): string {
  const places =
    words.join(" ") === "completion" ? ["'*:shell:(bash zsh fish)'"] : files ? ["'*:file:_files'"] : ["'*: :'"];
  return `_interactions-hub_${words.join("_")}() {
  _arguments ${[...flags.flatMap(flagLines), ...places].join(" \\\n    ")}
}`;
}

function flagLines({ flags, description, value }: DescribedFlag): string[] {
  const after =
    value === "none"
      ? ""
      : value === "file"
        ? ":file:_files"
        : value === "any"
          ? ":value: "
          : `:value:(${value.join(" ")})`;
  return flags.map((flag) => `'*${flag}[${quoted(description)}]${after}'`);
}

function entry({ words, description }: DescribedCommand): string {
  return `    '${words.at(-1)}:${quoted(description)}'`;
}

/** Inside single quotes, where brackets and colons have a meaning to the completion system. */
function quoted(text: string): string {
  return text.replaceAll("'", "’").replaceAll(/[[\]:\\]/g, "\\$&");
}
