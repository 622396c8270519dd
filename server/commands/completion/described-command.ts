import type { Command, Option } from "commander";

/** A flag as a shell completes it: what stands for its value says whether files are meant. */
export type DescribedFlag = {
  flags: string[];
  description: string;
  value: "none" | "any" | "file" | readonly string[];
};

/** A command as a shell completes it, by all of its words. `files` says whether its arguments are files. */
export type DescribedCommand = { words: string[]; description: string; flags: DescribedFlag[]; files: boolean };

/** All commands, groups before what is in them. */
export function describeCommands(root: Command, before: string[] = []): DescribedCommand[] {
  return root.commands.flatMap((command) => {
    const words = [...before, command.name()];
    const own = {
      words,
      description: command.description(),
      flags: [...command.options.filter((option) => !option.optional).map(describeFlag), help],
      files: command.registeredArguments.some((argument) => argument.name() === "file" || argument.name() === "target"),
    };
    return [own, ...describeCommands(command, words)];
  });
}

const help: DescribedFlag = { flags: ["--help", "-h"], description: "Help on the command.", value: "none" };

function describeFlag({ long, short, description, required, argChoices, flags }: Option): DescribedFlag {
  const names = [long, short].filter((name) => typeof name === "string");
  const isFile = /<(?:file|folder|path|file\|\S+)>/.test(flags);
  return { flags: names, description, value: argChoices ?? (required ? (isFile ? "file" : "any") : "none") };
}
