import type { UsageDimension } from "../../../../schema/archive.ts";
import type { MediaType } from "../../../../schema/core/content.ts";
import type { Revision, Status } from "../../../../schema/core/interaction.ts";
import type { ToolName } from "../../../../schema/core/step.ts";
import type { Role } from "../../../../schema/core/turn.ts";
import type { UpstreamHealth } from "../../../../schema/upstream-state.ts";
import { wordEnum } from "../word-enum.ts";

export const StatusWord = wordEnum<Status>("Status", "Where an interaction stands.", {
  in_progress: "It runs; the only state that is no end.",
  requires_action: "It waits for results of the client's functions, which the next interaction brings.",
  completed: "It has ended well.",
  failed: "It has ended by an error; `errors` says which.",
  cancelled: "Somebody has stopped it.",
  incomplete: "It has ended before it was done, at a limit for instance.",
});

export const RevisionWord = wordEnum<Revision>("Revision", "A generation of Google's wire.", {
  legacy: "The first one, with turns and `outputs`.",
  steps: "The one with steps.",
});

export const RoleWord = wordEnum<Role>("Role", "Whose words they are.", {
  user: "The user's, with the results of the client's functions.",
  model: "The model's, with everything that tools of the upstream and of the hub say.",
});

export const SideWord = wordEnum<"input" | "output">("Side", "A side of an interaction.", {
  input: "What the request said.",
  output: "What came of it.",
});

export const ToolWord = wordEnum<ToolName>("ToolName", "Which tool a step is of.", {
  function: "A function of the client.",
  code_execution: "Code that the upstream runs.",
  google_search: "Search on the web.",
  url_context: "Pages that the upstream reads.",
  google_maps: "Places on the map.",
  file_search: "Search in stores of files.",
  mcp_server: "A tool of an MCP server.",
  retrieval: "Look-ups in an enterprise's stores.",
  processing: "The upstream's work on media.",
  other: "A tool that the hub does not know.",
});

export const MediaWord = wordEnum<MediaType>("MediaType", "A kind of media.", {
  image: "An image.",
  audio: "Sound.",
  video: "A video.",
  document: "A document, a PDF for instance.",
});

export const DimensionWord = wordEnum<UsageDimension>("UsageDimension", "By what usage is told apart.", {
  day: "The day on which the interaction began, in UTC.",
  model: "The model that was asked for.",
  agent: "The agent that was asked for.",
  provider: "The upstream that ran it.",
  status: "Where it stands.",
  label: "The value of one label, which `label` names.",
});

export const HealthWord = wordEnum<UpstreamHealth>("UpstreamHealth", "How an upstream is.", {
  ok: "It answered when it was asked last.",
  failing: "It did not.",
});

export const OrderWord = wordEnum<"created" | "updated">("InteractionOrderBy", "By what interactions are ordered.", {
  created: "When they began.",
  updated: "When they were last changed; of what runs that is its beginning.",
});

export const DirectionWord = wordEnum<"ascending" | "descending">("Direction", "Which way an order goes.", {
  ascending: "The first or oldest one first.",
  descending: "The last or newest one first.",
});
