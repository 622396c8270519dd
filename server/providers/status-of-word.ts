/** The HTTP status that each vendor's name of a cause stands for, in lower case. */
const statuses: ReadonlyMap<string, number> = new Map(
  Object.entries({
    400: [
      "bad_request",
      "bad_request_error",
      "badrequesterror",
      "context_length_exceeded",
      "exceed_context_size_error",
      "failed_precondition",
      "invalid_argument",
      "invalid_prompt",
      "invalid_request",
      "invalid_request_error",
      "out_of_range",
      "parameter_unknown",
    ],
    401: ["authentication", "authentication_error", "invalid_api_key", "unauthenticated"],
    402: ["insufficient_credits", "payment_required"],
    403: ["permission_denied", "permission_error"],
    404: ["model_not_found", "not_found", "not_found_error", "notfounderror"],
    409: ["aborted", "already_exists"],
    413: ["request_too_large"],
    429: [
      "insufficient_quota",
      "quota_exceeded",
      "rate_limit_error",
      "rate_limit_exceeded",
      "resource_exhausted",
      "too_many_requests",
    ],
    499: ["cancelled"],
    500: ["api_error", "internal", "internal_error", "internal_server_error", "internalservererror", "server_error"],
    501: ["not_supported_error", "unimplemented"],
    503: ["overloaded_error", "service_unavailable", "unavailable", "unavailable_error"],
    504: ["deadline_exceeded", "gateway_timeout"],
  }).flatMap(([status, words]) => words.map((word): [string, number] => [word, Number(status)])),
);

/** The first status that one of the words stands for; OpenAI's `code` comes before its broader `type`. */
export function statusOfWord(words: Iterable<string>): number | undefined {
  for (const word of words) {
    const status = statuses.get(word);
    if (status !== undefined) return status;
  }
  return undefined;
}
