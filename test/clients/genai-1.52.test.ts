import { GoogleGenAI } from "genai-1.52";
import { legacyDialect } from "./legacy-client.ts";
import { clientSuite } from "./suite.ts";

clientSuite({
  version: "1.52.0",
  dialect: legacyDialect,
  connect: (options) => new GoogleGenAI(options),
  attempts: 3,
  cannot: {
    "foreground event ids": "the legacy revision has ids in background streams only",
    output_text: "came with 2.3",
    "automatic continuation": "came with 2.32",
    "the stable version v1": "the legacy revision never existed there, so everybody gets steps",
  },
});
