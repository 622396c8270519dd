import { createServer } from "node:net";
import type { Configuration } from "../../configuration/schema.ts";
import { startFailure } from "../../configuration/start-failure.ts";
import type { Holder } from "../tools.ts";
import { type Check, well, wrong } from "./check.ts";

/** Whether a hub could listen where the settings say. */
export async function checkPort(configuration: Configuration, served: Holder | undefined): Promise<Check> {
  const { host, port } = configuration;
  if (port === 0) return well("port", "any free one");
  if (served?.url?.endsWith(`:${port}`) === true)
    return well("port", `${port} on ${host} is used by the hub that serves the file`);
  const error = await failureToListen(host, port);
  if (error === undefined) return well("port", `${port} on ${host} is free`);
  const [finding = "", advice] = (startFailure(error, configuration) ?? `port: ${error.message}`)
    .replace(/^\w+: /, "")
    .split("; ");
  return wrong("port", finding, advice ?? "choose another with --host or --port");
}

function failureToListen(host: string, port: number): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
