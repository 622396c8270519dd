import { Command, Option } from "commander";
import type { CommandContext, Run } from "./command-context.ts";
import { addFilterFlags, addOutputFlags, choiceFlag, countFlag, listFlag } from "./parser/flags.ts";
import { refuseLine, refuseWords } from "./parser/refuse-line.ts";
import { givenSettings } from "./parser/settings-flags.ts";
import type { Process } from "./process.ts";

/** The command line: every command with its flags. What a command does is loaded when it runs. */
export type Program = {
  root: Command;
  /** What is done without a command. */
  serve: Command;
  /** Runs what a line asks for; its first words name the command. Gives the exit code. */
  run(line: readonly string[], outside: Process): Promise<number>;
};

export function createProgram(): Program {
  const root = new Command("interactions-hub").helpOption(false).helpCommand(false);
  root.configureOutput({ writeOut: () => {}, writeErr: () => {}, outputError: () => {} });
  let running: Process | undefined;
  let exitCode = 0;

  function add<Flags extends object>(
    parent: Command,
    name: string,
    description: string,
    load: () => Promise<Run<Flags>>,
  ): Command {
    const command = parent.command(name).description(description).allowExcessArguments();
    addOutputFlags(command);
    command.exitOverride((error) => refuseLine(error, command));
    command.action(async () => {
      refuseWords(command);
      if (running === undefined) return;
      const run = await load();
      exitCode = await run(contextOf(command, running), command.opts<Flags>(), command.args);
    });
    return command;
  }
  const url = () =>
    new Option(
      "--url <url>",
      "Ask the hub there, with the key in INTERACTIONS_HUB_KEY. A path in it, as of a proxy, stands before every request.",
    );

  const serve = add(
    root,
    "serve",
    "Start the server. Without a command, this is what is done.",
    async () => (await import("./serve.ts")).serve,
  );
  add(root, "ask", "Ask a model, and print what it answers while it does.", async () => (await import("./ask.ts")).ask)
    .argument("[question...]", "What to ask; - or a pipe reads it from standard input.")
    .option(
      "--model <name>",
      "The model; otherwise that of --previous, default_model, the first alias, or the first of models.",
    )
    .option("--agent <name>", "An agent instead of a model.")
    .option("--previous <id>", "The interaction to go on from.")
    .addOption(listFlag("--file <path>", "A file to send along: text, an image, audio, a video or a PDF (repeatable)."))
    .option("--system <text>", "What the model is told to be.")
    .addOption(url());
  add(root, "tail", "Follow an interaction to its end, live.", async () => (await import("./tail.ts")).tail)
    .argument("<id>", "The interaction.")
    .option("--after <event_id>", "Go on behind this event.")
    .addOption(url());
  add(root, "models", "List the models and agents.", async () => (await import("./models.ts")).listModels).addOption(
    url(),
  );

  const chains = root.command("chains").description("List, show, delete, export or import what is stored.");
  addFilterFlags(
    add(
      chains,
      "list",
      "List interactions, the newest first.",
      async () => (await import("./chains/list-chains.ts")).listChains,
    ),
  )
    .option("--text <words>", "Only those with a step that holds these words.")
    .addOption(countFlag("--limit <count>", "At most so many; 20 unless told.", 1_000_000))
    .addOption(url());
  add(
    chains,
    "show",
    "Show the chain that leads to an interaction, and where it branches.",
    async () => (await import("./chains/show-chain.ts")).showChain,
  )
    .argument("<id>", "The interaction.")
    .addOption(url());
  add(chains, "delete", "Forget an interaction.", async () => (await import("./chains/delete-chain.ts")).deleteChain)
    .argument("<id>", "The interaction.")
    .option("--tree", "Also everything that goes on from it.")
    .option("--yes", "Do not ask.")
    .addOption(url());
  addFilterFlags(
    add(
      chains,
      "export",
      "Write chains as JSON Lines, with their media.",
      async () => (await import("./chains/export.ts")).exportToFile,
    ),
  )
    .argument("[ids...]", "Interactions whose trees are meant; without any, and without filters, everything.")
    .option("--output <file>", "Write into this new file instead of standard output.")
    .addOption(choiceFlag("--only <part>", "Only what leads to the ids, not what goes on from them.", ["ancestors"]));
  add(
    chains,
    "import",
    "Read chains that were exported: all of a file, or nothing of it.",
    async () => (await import("./chains/import.ts")).importFromFile,
  )
    .argument("<file>", "The file; - for standard input.")
    .addOption(choiceFlag("--ids <which>", "Whether interactions keep their ids or get new ones.", ["keep", "new"]))
    .addOption(
      choiceFlag("--existing <what>", "Whether those that are stored already end the import or are skipped.", [
        "refuse",
        "skip",
      ]),
    );

  add(root, "doctor", "Check everything, and say what to do.", async () => (await import("./doctor/doctor.ts")).doctor);
  add(
    root,
    "config",
    "Print the effective settings, with keys masked.",
    async () => (await import("./config.ts")).config,
  );
  add(root, "migrate", "Bring the data file up to date.", async () => (await import("./migrate.ts")).migrate).option(
    "--check",
    "Only look: exit code 1 if it is not up to date.",
  );
  add(
    root,
    "backup",
    "Copy the data file, while a hub serves it or not.",
    async () => (await import("./back-up.ts")).backUp,
  ).argument("<target>", "A file that does not exist yet.");
  add(root, "completion", "Print a script by which a shell completes command lines.", async () => {
    const { completion } = await import("./completion/completion.ts");
    return (context, _flags, [shell = ""]) => completion(context, root, shell);
  }).argument("<shell>", "bash, zsh or fish.");

  return {
    root,
    serve,
    async run(line, outside) {
      running = outside;
      await root.parseAsync([...line], { from: "user" });
      return exitCode;
    },
  };
}

function contextOf(command: Command, outside: Process): CommandContext {
  const { url, json = false, quiet = false } = command.opts<{ url?: string; json?: boolean; quiet?: boolean }>();
  return { outside, settings: givenSettings(command), url, json, quiet };
}
