/** A mistake in the settings or on the command line. Its message is one line for people and names the setting at fault. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  /** The command line itself cannot be understood, as against a setting with a value that cannot be used. */
  readonly usage: boolean;

  constructor(message: string, options: { usage?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.usage = options.usage ?? false;
  }
}
