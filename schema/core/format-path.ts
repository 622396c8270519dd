import type { ResponseFormat } from "./settings.ts";

/** The path by which a refusal names one of the wanted formats: a single one usually stands alone, without a list. */
export function formatPath(formats: readonly ResponseFormat[], index: number): string {
  return formats.length === 1 ? "response_format" : `response_format[${index}]`;
}
