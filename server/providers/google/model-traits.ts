/** What one model takes that another one refuses. */
export type ModelTraits = {
  /** Whether it is of the generation that speaks of its tools, signs its calls, and takes media in results (Gemini 3 on). */
  isModern: boolean;
  /** Whether thinking is limited by a number of tokens, because it knows no levels (Gemini 2.5). */
  thinksByBudget: boolean;
  /** Whether it can be asked to tell of the calls of Google's tools when it has no functions besides them. */
  tellsOfTools: boolean;
  /** Whether it makes nothing but speech, and must be asked for it. */
  onlySpeaks: boolean;
};

/** Told by the name: nothing else tells the generations apart before a request is refused. */
export function traitsOf(model: string): ModelTraits {
  const name = model.replace(/^models\//, "");
  const generation = /^gemini-(\d+)(?:\.(\d+))?/.exec(name);
  // Names such as `gemini-flash-latest` follow the newest generation.
  const isModern = generation === null ? /^gemini-.*-latest$/.test(name) : Number(generation[1]) >= 3;
  const onlySpeaks = /-tts\b/.test(name);
  return {
    isModern,
    onlySpeaks,
    thinksByBudget: generation?.[1] === "2" && generation[2] === "5",
    tellsOfTools: isModern && !onlySpeaks && !/-image\b/.test(name),
  };
}
