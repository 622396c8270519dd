/** What a command line says of the settings, unread: the file that it names, and values keyed by the settings' keys. */
export type GivenSettings = { config: string | undefined; values: ReadonlyMap<string, string> };
