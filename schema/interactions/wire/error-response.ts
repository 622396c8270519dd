import { z } from "zod";
import { named } from "./disposition.ts";

/** The body of every refusal and failure, the same in both revisions. */
export const ErrorResponse = named(
  "ErrorResponse",
  "sent",
  "Why a request was refused or failed. `message` names the member at fault.",
  z.looseObject({ error: z.looseObject({ code: z.string(), message: z.string() }) }),
);
