/** What a field costs beside what is below it, and how many items it may have: so many, or as many as its page. */
export type CostNote = { own?: number; items?: number | "page" };

/** Notes on a field what it costs, for those that the usual rule judges wrongly. */
export function costing(note: CostNote): { cost: CostNote } {
  return { cost: note };
}

/** What was noted on a field. */
export function costNoteOf(extensions: Readonly<Record<string, unknown>>): CostNote {
  return (extensions.cost ?? {}) as CostNote;
}
