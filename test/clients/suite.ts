import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startTestHub } from "../cases/start-test-hub.ts";
import { type Client, type Dialect, speak } from "./client.ts";
import type { Connect, ConnectOptions } from "./official-client.ts";
import { addressSuite } from "./suite-addresses.ts";
import { backgroundSuite } from "./suite-background.ts";
import { conversationSuite } from "./suite-conversations.ts";
import { errorSuite } from "./suite-errors.ts";
import { functionSuite } from "./suite-functions.ts";
import { outputSuite } from "./suite-outputs.ts";
import { resumeSuite } from "./suite-resume.ts";
import { streamSuite } from "./suite-streams.ts";
import { tapWire, type WireTap } from "./wire-tap.ts";
import { foreignWords } from "./wire-vocabulary.ts";

/** What a release may not be able to do. */
export type Ability =
  | "foreground event ids"
  | "output_text"
  | "include_input"
  | "automatic continuation"
  | "the stable version v1";

/** An official client under test. */
export type Release = {
  version: string;
  dialect: Dialect;
  connect: Connect;
  /** Requests that it sends, in all, for an answer that it takes for passing (429). */
  attempts: number;
  /** What it cannot do, each with the reason. */
  cannot: Partial<Record<Ability, string>>;
};

/** A release, connected to a server of its own through a tap. */
export type Stage = {
  release: Release;
  client: Client;
  tap: WireTap;
  /** The same release, connected in another manner; by default with the same key to the same address. */
  connect(options?: Partial<ConnectOptions>): Client;
  /** A test of an ability, or a skipped one with the reason why this release has not got it. */
  testOf(ability: Ability, name: string, run: () => Promise<void>): void;
};

/** Everything that an application does with an official client, over a real socket. */
export function clientSuite(release: Release): void {
  describe(`the official JavaScript client ${release.version}`, () => {
    const stage = setStage(release);
    conversationSuite(stage);
    outputSuite(stage);
    functionSuite(stage);
    streamSuite(stage);
    resumeSuite(stage);
    backgroundSuite(stage);
    errorSuite(stage);
    addressSuite(stage);
  });
}

function setStage(release: Release): Stage {
  let hub: Awaited<ReturnType<typeof startTestHub>>;
  // The client and its tap are there as soon as the first test runs.
  const stage = {
    release,
    connect: (options: Partial<ConnectOptions> = {}) =>
      speak(release.connect({ apiKey: "local", httpOptions: { baseUrl: stage.tap.url }, ...options }), release.dialect),
    testOf(ability: Ability, name: string, run: () => Promise<void>) {
      const reason = release.cannot[ability];
      if (reason === undefined) test(name, run);
      else test.skip(`${name} (${reason})`, run);
    },
  } as Stage;

  beforeAll(async () => {
    hub = await startTestHub({ simulator: { token_interval_ms: 0, agent_step_ms: 15 } });
    stage.tap = await tapWire(hub.url);
    stage.client = stage.connect();
  });
  afterEach(() => {
    // Whatever a test was about, nothing that it was answered may come from the other revision.
    const foreign = stage.tap.exchanges
      .filter(({ path }) => path.includes("/interactions"))
      .flatMap((exchange) => foreignWords(exchange, release.dialect.revision));
    stage.tap.exchanges.length = 0;
    expect(foreign).toEqual([]);
  });
  afterAll(async () => {
    await stage.tap.close();
    await hub.close();
  });
  return stage;
}
