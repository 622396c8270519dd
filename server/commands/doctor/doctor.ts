import packageJson from "../../../package.json" with { type: "json" };
import { ConfigurationError } from "../../configuration/configuration-error.ts";
import { loadConfiguration } from "../../configuration/load-configuration.ts";
import type { Configuration } from "../../configuration/schema.ts";
import type { CommandContext } from "../command-context.ts";
import { exitCodes } from "../exit-codes.ts";
import { givenFlags } from "../given-flags.ts";
import { jsonLine } from "../terminal/json-line.ts";
import { createPaint, type Paint } from "../terminal/paint.ts";
import { type Check, well, wrong } from "./check.ts";
import { checkAddon } from "./check-addon.ts";
import { checkDatabase } from "./check-database.ts";
import { checkFolder } from "./check-folder.ts";
import { checkPort } from "./check-port.ts";
import { checkUpstreams } from "./check-upstreams.ts";

const marks = { ok: "✓", warning: "!", failure: "✗" } as const satisfies Record<Check["state"], string>;
const colors = { ok: "green", warning: "yellow", failure: "red" } as const satisfies Record<Check["state"], string>;

/** Looks at everything that a hub needs, and says what to do; fails if something is wrong. It changes nothing. */
export async function doctor(context: CommandContext): Promise<number> {
  const { outside, json, quiet } = context;
  const paint = createPaint(outside.env, outside.output);
  const checks: Check[] = [];
  for await (const found of examine(context)) {
    checks.push(...found);
    if (json) continue;
    for (const check of found) if (!quiet || check.state !== "ok") await outside.output.write(checkText(check, paint));
  }
  const ok = checks.every(({ state }) => state !== "failure");
  if (json) await outside.output.write(jsonLine({ ok, checks }));
  return ok ? exitCodes.done.code : exitCodes.failed.code;
}

/** In groups, each as soon as it is known. */
async function* examine(context: CommandContext): AsyncGenerator<Check[], void, void> {
  const { outside, settings } = context;
  const { platform, arch, version } = process;
  yield [well("program", `interactions-hub ${packageJson.version}, Node ${version.slice(1)}, ${platform}-${arch}`)];
  let configuration: Configuration;
  try {
    configuration = await loadConfiguration(settings, outside.env, outside.readFile);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    yield [
      wrong("settings", error.message, "correct it, and run doctor again; interactions-hub --help lists the settings"),
    ];
    return;
  }
  const { api_keys: keys, host } = configuration;
  yield [
    well(
      "settings",
      keys.length === 0 ? `no keys: whoever can reach ${host} may use the hub` : `${keys.length} API keys`,
    ),
  ];
  yield await checkFolder(configuration);
  const tools = await outside.openTools(configuration, { changesNothing: true });
  const addon = await checkAddon(tools, configuration);
  yield addon === undefined ? await checkDatabase(tools, configuration.db, givenFlags(context)) : [addon];
  // What keeps this from being told has been found already.
  const holder = await tools.heldBy().catch(() => undefined);
  yield [await checkPort(configuration, holder)];
  yield await checkUpstreams(context, configuration, { unpacksElsewhere: addon !== undefined });
}

function checkText({ name, state, finding, advice }: Check, paint: Paint): string {
  const line = `${paint(colors[state], marks[state])} ${name.padEnd(14)}  ${finding}\n`;
  return advice === undefined ? line : `${line}  ${" ".repeat(14)}  ${paint("dim", advice)}\n`;
}
