import { expect, test } from "vitest";
import { checkModels } from "../../../../server/commands/doctor/check-models.ts";

const listed = (provider: string, ...names: string[]) => names.map((name) => ({ provider, name }));
const upstream = (name: string, kind: string, health = "ok") => ({ name, kind, health });

function checked(
  offered: { upstreams: ReturnType<typeof upstream>[]; models: ReturnType<typeof listed> },
  aliases: { [alias: string]: string[] },
  byDefault?: string,
): string[] {
  const named = {
    aliases: new Map(Object.entries(aliases)),
    ...(byDefault === undefined ? {} : { default_model: byDefault }),
  };
  return checkModels(named, { agents: [], ...offered }).map(
    ({ name, state, finding }) => `${state} ${name} ${finding}`,
  );
}

const offered = {
  upstreams: [upstream("one", "openai-chat"), upstream("two", "openai-chat"), upstream("silent", "openai-chat")],
  models: [...listed("one", "one/shared", "a"), ...listed("two", "two/shared", "org/b")],
};

test("what leads to a model that is listed, to one whose upstream lists none, or to an upstream is well", () => {
  const aliases = { x: ["a"], y: ["one/a", "two/org/b", "org/b"], z: ["one/shared", "silent/any"], w: ["x"] };
  expect(checked(offered, aliases, "one")).toEqual([]);
  expect(checked(offered, aliases, "w")).toEqual([]);
  expect(checked(offered, aliases, "one/a")).toEqual([]);
});

test("what leads to nobody is wrong, and doubtful where others are asked instead or may have it unlisted", () => {
  const aliases = { gone: ["nowhere/a"], partly: ["one/a", "nowhere/a"], unlisted: ["one/z"], bare: ["z"] };
  expect(checked(offered, aliases, "nowhere/z")).toEqual([
    "failure alias gone leads to nowhere/a, which nobody has",
    "warning alias partly leads to nowhere/a, which nobody has",
    "warning alias unlisted leads to one/z, which no upstream lists",
    "failure alias bare leads to z, which nobody has",
    "failure default_model leads to nowhere/z, which nobody has",
  ]);
});

test("an alias does not lead to itself by being listed, and the simulator and upstreams that fail may have any name", () => {
  const self = { upstreams: [upstream("one", "openai-chat")], models: listed("nowhere", "gone") };
  expect(checked(self, { gone: ["nowhere/gone"] })).toEqual([
    "failure alias gone leads to nowhere/gone, which nobody has",
  ]);
  const failing = {
    upstreams: [upstream("one", "openai-chat", "failing"), upstream("simulator", "simulator")],
    models: [],
  };
  expect(checked(failing, { x: ["one/any"], y: ["simulator/any"] })).toEqual([]);
  expect(checked(failing, { x: ["any"] })).toEqual(["warning alias x leads to any, which no upstream lists"]);
});
