import { upstreamSuite } from "./upstream-suite.ts";
import { vendors } from "./vendors.ts";

upstreamSuite(vendors.openaiResponses);
