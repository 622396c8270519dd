import { geminiSupport } from "./gemini/support.ts";
import { generateContentSupport } from "./generate-content/support.ts";
import { openaiChatSupport } from "./openai-chat/support.ts";
import { openaiResponsesSupport } from "./openai-responses/support.ts";
import { features, type SupportTable } from "./support.ts";

/** The columns of the README's matrix: every kind of upstream, Gemini once for each of its two protocols. */
const columns: readonly [title: string, table: SupportTable][] = [
  ["`openai-chat`", openaiChatSupport],
  ["`openai-responses`", openaiResponsesSupport],
  ["`gemini`", geminiSupport],
  ["`gemini`, generateContent", generateContentSupport],
];

/** The README's matrix of what each kind of upstream makes of each field, step, content and tool, in Markdown. */
export function supportMatrix(): string {
  const rows = [
    ["", ...columns.map(([title]) => title)],
    ["---", ...columns.map(() => "---")],
    ...features.map((feature) => [`\`${feature}\``, ...columns.map(([, table]) => table[feature])]),
  ];
  return `${rows.map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n")}\n`;
}
