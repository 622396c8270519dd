import { GoogleGenAI } from "genai-2.9";
import { stepsDialect } from "./steps-client.ts";
import { clientSuite } from "./suite.ts";

clientSuite({
  version: "2.9.0",
  dialect: stepsDialect,
  connect: (options) => new GoogleGenAI(options),
  attempts: 5,
  cannot: {
    include_input: "in the steps revision every get shows the input",
    "automatic continuation": "came with 2.32",
  },
});
