import { HubError } from "../../../schema/core/error.ts";
import type { JsonObject } from "../../../schema/core/json.ts";
import { readErrorBody } from "../error-body.ts";
import { statusOfWord } from "../status-of-word.ts";
import { thrownFailure } from "../thrown-failure.ts";
import { upstreamFailure } from "../upstream-error.ts";

/** What Google answered instead of an interaction, as a failure that remembers it: it may decide how to go on. */
export class Refused extends HubError {
  readonly status: number;
  readonly sentence: string;
  /** Whether it was told in an event of a stream, and not instead of one. */
  readonly isEvent: boolean;

  constructor(
    { code, message, field, retryAfter, cause }: HubError,
    status: number,
    sentence: string,
    isEvent: boolean,
  ) {
    super(code, message, {
      ...(field === undefined ? {} : { field }),
      ...(retryAfter === undefined ? {} : { retryAfter }),
      ...(cause === undefined ? {} : { cause }),
    });
    this.status = status;
    this.sentence = sentence;
    this.isEvent = isEvent;
  }
}

/** Whatever the client threw, as a failure. */
export function refusedBy(error: unknown, upstream: string, options: { callerKey: boolean }): HubError {
  const failure = upstreamFailure(upstream, error, options);
  const answer = thrownFailure("", error);
  return "body" in answer ? remembering(failure, answer.status, answer.body, false) : failure;
}

/** The failure that an event of a stream told. */
export function refusedIn(error: JsonObject, failure: HubError): HubError {
  return remembering(failure, 200, JSON.stringify({ error }), true);
}

/**
 * Whether an event says that the interaction has failed, after which no more of it comes. One that says that time ran out is
 * about the stream, which Google ends after some minutes whatever becomes of the interaction.
 */
export function tellsFailure(error: unknown): boolean {
  return error instanceof Refused && error.isEvent && error.status !== 504 && error.status !== 408;
}

/**
 * Whether Google may have forgotten the interaction from which it was to go on. It answers a parent that is unknown, expired,
 * deleted or malformed like any other argument that is wrong, without a word of which (observed in August 2026), and
 * sometimes as not found.
 */
export function mayHaveForgotten(error: unknown): boolean {
  if (!(error instanceof Refused)) return false;
  const { status, sentence } = error;
  if (status === 404) return !/\bmodels?\b/i.test(sentence);
  return status === 400 && forgetfulness.test(sentence);
}

const forgetfulness =
  /\bcontains an invalid argument\b|\bprevious_interaction|\binteraction\b.*(?:\bnot found\b|\bexpired\b|\bexist|\bunknown\b)/i;

/** Whether Google says of a model that its Interactions API does not serve it; another API may. */
export function isServedElsewhere(error: unknown): boolean {
  if (!(error instanceof Refused) || ![400, 404, 501].includes(error.status)) return false;
  return [/\bmodel/i, /\binteractions?\b/i, unsupported].every((pattern) => pattern.test(error.sentence));
}

const unsupported = /\bnot (?:yet )?(?:be )?(?:supported|available|enabled)\b|\bunsupported\b|\bdoes not support\b/i;

function remembering(failure: HubError, status: number, body: string, isEvent: boolean): HubError {
  const said = readErrorBody(body);
  const meant = status >= 400 ? status : (said.status ?? statusOfWord(said.words));
  return meant === undefined ? failure : new Refused(failure, meant, said.sentence ?? "", isEvent);
}
