import { beforeAll, describe, test } from "vitest";
import {
  type Generation,
  generations,
  type PythonEnvironment,
  pythonEnvironment,
  pythonSuites,
  run,
} from "./python-environment.ts";

/** The first run downloads some forty packages, twice. */
const INSTALLATION = 10 * 60_000;
const SUITES = 5 * 60_000;

// Who runs pytest itself, as `.ci/run` does, need not run the same suites here once more.
describe.skipIf(process.env.TEST_PYTHON_CLIENTS === "0")("the official Python client", () => {
  const environments = new Map<Generation, PythonEnvironment>();

  beforeAll(async () => {
    for (const generation of generations) environments.set(generation, await pythonEnvironment(generation));
  }, INSTALLATION);

  test.for(generations)(
    "passes every suite in its %s generation",
    { timeout: SUITES },
    async (generation, { skip }) => {
      const environment = environments.get(generation) ?? { missing: "it was not set up" };
      if ("missing" in environment) {
        const line = `Python's ${generation} client is not tested: ${environment.missing}`;
        // The usual reporter keeps the reason of a skip to itself.
        process.stderr.write(`${line}\n`);
        return skip(line);
      }
      const other = environments.get(generation === "legacy" ? "newest" : "legacy");
      const python = other !== undefined && "python" in other ? [`--other-python=${other.python}`] : [];
      const pytest = ["-m", "pytest", pythonSuites, "-q", "--tb=short", ...python];
      const { failed, output } = await run(environment.python, pytest);
      if (failed) throw new Error(`pytest failed:\n${output}`);
    },
  );
});
