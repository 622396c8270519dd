import { clientVariables } from "./environment-variables.ts";
import { settings } from "./schema.ts";
import { variablePrefix } from "./setting.ts";

const fileSetting = {
  flag: "--config",
  placeholder: "file",
  variable: `${variablePrefix}CONFIG`,
  description: "YAML file with settings; flags beat environment beat file.",
};

/** What `--help` says of the settings, in lines. */
export function settingsHelp(): string[] {
  const rows: [string, string][] = [
    [`${fileSetting.flag} <${fileSetting.placeholder}>`, fileSetting.description],
    ...settings.flatMap(({ flag, placeholder, description, fallback }): [string, string][] =>
      flag === undefined ? [] : [[`${flag} <${placeholder}>`, withDefault(description, fallback)]],
    ),
  ];
  const secrets = settings.filter(({ secret }) => secret);
  return [
    "Settings, as flags of every command:",
    // A flag too long for the column stands alone, with its meaning on the next line.
    ...rows.map(([left, right]) => (left.length > 32 ? `  ${left}\n  ${" ".repeat(32)}  ${right}` : line(left, right))),
    "",
    "Environment only, so that no other user of the machine can read them:",
    ...secrets.map(({ variable, description }) => line(variable, plain(description))),
    line(clientVariables.url, "Where the hub is that commands speak to; without it the one that serves the data file."),
    line(clientVariables.key, "The key that they send there."),
    "",
    `Every flag has an environment variable (--limits-body-bytes: ${variablePrefix}LIMITS_BODY_BYTES)`,
    "and a place in the file (limits: body_bytes:).",
  ];
}

function line(left: string, right: string): string {
  return `  ${left.padEnd(32)}  ${right}`;
}

function withDefault(description: string, fallback: string): string {
  return plain(fallback === "" ? description : `${description} [${fallback}]`);
}

function plain(markdown: string): string {
  return markdown.replaceAll("`", "");
}

/** The README's table of every setting, in Markdown. */
export function configurationTable(): string {
  const rows = [
    ["YAML key", "Flag", "Environment variable", "Default", "Meaning"],
    ["---", "---", "---", "---", "---"],
    ["", code(fileSetting.flag), code(fileSetting.variable), "", fileSetting.description],
    ...settings.flatMap(({ key, flag, variable, fallback, description, members }) => [
      [code(key), flag === undefined ? "" : code(flag), code(variable), fallbackCell(fallback), description],
      ...members.map((member) => [
        code(`${key}[].${member.key}`),
        "",
        "",
        fallbackCell(member.fallback),
        member.description,
      ]),
    ]),
  ];
  return `${rows.map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n")}\n`;
}

function fallbackCell(fallback: string): string {
  return fallback.includes(" ") || fallback === "" ? fallback : code(fallback);
}

function code(text: string): string {
  return `\`${text}\``;
}
