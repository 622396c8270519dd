/** `total_tokens` as GraphQL writes it: `totalTokens`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `google_search` as a part of a type's name: `GoogleSearch`. */
export function pascalCase(name: string): string {
  return camelCase(`_${name}`);
}
