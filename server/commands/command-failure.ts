import { exitCodes } from "./exit-codes.ts";

/** Why a command did not do what it was asked, in one line for people, with the code that it exits with. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly exitCode: number;

  constructor(message: string, options: { exitCode?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = options.exitCode ?? exitCodes.failed.code;
  }
}
