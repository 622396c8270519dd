import { z } from "zod";

/**
 * A media type by RFC 6838, perhaps with parameters (`audio/l16; rate=24000`). Which types there are is the upstream's to
 * judge.
 */
export const MimeType = z
  .string()
  .regex(/^[a-z\d][\w!#$&^.+-]*\/[a-z\d][\w!#$&^.+-]*(?:\s*;\s*[\w!#$&^.+-]+=(?:[\w!#$&^.+-]+|"[^"]*"))*$/i, {
    message: "must be a type and a subtype, such as 'image/png'",
  });
