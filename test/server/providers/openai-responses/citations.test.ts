import { describe, expect, it } from "vitest";
import type { Step } from "../../../../schema/core/step.ts";
import { itemsFor, stepsOf } from "./history.ts";
import { message } from "./samples.ts";

describe("citations", () => {
  const text = "Grüße 🎈 aus Porto.";
  const cited = message(text, {
    annotations: [
      { type: "url_citation", url: "https://porto.example", title: "Porto", start_index: 12, end_index: 17 },
      { type: "file_citation", file_id: "file-1", filename: "ai.pdf", index: 7 },
      {
        type: "container_file_citation",
        container_id: "cntr_1",
        file_id: "cfile_1",
        filename: "a.csv",
        start_index: 6,
        end_index: 7,
      },
    ],
  });

  it("count bytes here and characters there, and are given back as they were", () => {
    const steps = stepsOf([cited]);
    const bytes = (part: string): number => Buffer.byteLength(part);
    expect(steps).toMatchObject([
      {
        content: [
          {
            text,
            annotations: [
              {
                type: "url_citation",
                url: "https://porto.example",
                title: "Porto",
                start_index: bytes("Grüße 🎈 aus "),
                end_index: bytes("Grüße 🎈 aus Porto"),
              },
              { type: "file_citation", file_id: "file-1", file_name: "ai.pdf", end_index: bytes("Grüße 🎈") },
              { type: "container_file_citation", start_index: bytes("Grüße "), end_index: bytes("Grüße 🎈") },
            ],
          },
        ],
      },
    ]);
    const { id: _, ...given } = cited;
    expect(itemsFor(steps)).toEqual({ items: [given], degradations: [] });
  });

  it("are kept without their place where they reach beyond the text", () => {
    const [step] = stepsOf([
      message("Hm.", {
        annotations: [{ type: "url_citation", url: "https://a.example", start_index: 2, end_index: 90 }],
      }),
    ]);
    expect(step).toMatchObject({ content: [{ annotations: [{ type: "url_citation", url: "https://a.example" }] }] });
    expect(JSON.stringify(step)).not.toContain("end_index");
  });

  it("of other vendors are told to be left out where the API has no words for them", () => {
    const place = { type: "place_citation", name: "Porto", start_index: 0, end_index: 3 };
    const step: Step = { type: "model_output", content: [{ type: "text", text: "Porto", annotations: [place] }] };
    const { items, degradations } = itemsFor([step]);
    expect(items).toMatchObject([{ content: [{ text: "Porto", annotations: [] }] }]);
    expect(degradations).toMatchObject([{ field: "history[1]", message: expect.stringContaining("Citations") }]);
  });
});
