import { expect, test } from "vitest";
import { createCatalog } from "../../../server/hub/catalog.ts";

test("an unknown model is refused without repeating all of a long name", async () => {
  const asked = createCatalog([]).resolve({ model: "x".repeat(5000) });
  await expect(asked).rejects.toMatchObject({ code: "model_not_found", field: "model" });
  const message = await asked.catch((error: Error) => error.message);
  expect(message).toBe(`The model '${"x".repeat(80)}…' was not found.`);
});
