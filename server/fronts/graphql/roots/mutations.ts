import { HubError } from "../../../../schema/core/error.ts";
import { Labels } from "../../../../schema/core/settings.ts";
import { decodeCreate } from "../../../../schema/interactions/decode-create.ts";
import { begin } from "../begin.ts";
import { builder } from "../builder.ts";
import { costing } from "../cost-note.ts";
import { CreateInteractionInput, createBody, ForkInteractionInput, LabelInput } from "../inputs/create.ts";
import { fromHub, type InteractionSource } from "../interaction-source.ts";
import { missing } from "../missing.ts";
import { type Forked, rerunOne, rerunTail } from "../rerun.ts";
import { Interaction } from "../types/interaction.ts";
import { Refusal, type RefusalSource, refusable, resultType } from "../types/refusal.ts";

type Success = { interaction: InteractionSource };

function successType(name: string, description: string, note: string) {
  const ref = builder.objectRef<Success>(`${name}Success`);
  ref.implement({
    description,
    fields: (t) => ({
      interaction: t.field({ type: Interaction, description: note, resolve: ({ interaction }) => interaction }),
    }),
  });
  return resultType(name, ref);
}

const CreateResult = successType("CreateInteraction", "It was run, or begun.", "The interaction as it stands.");
const CancelResult = successType("CancelInteraction", "It has ended.", "The interaction with its end.");
const LabelResult = successType("SetLabels", "The labels are set.", "The interaction with its labels.");

const ForkSuccess = builder.objectRef<Forked>("ForkInteractionSuccess");
ForkSuccess.implement({
  description: "It was run again, or begun.",
  fields: (t) => ({
    interaction: t.field({
      type: Interaction,
      description: "The last of the new interactions.",
      resolve: ({ interactions }) => interactions.at(-1) ?? missing(""),
    }),
    interactions: t.field({
      type: [Interaction],
      description: "All new interactions in order: more than one with `through`.",
      resolve: ({ interactions }) => interactions,
    }),
    stopped: t.field({
      type: Refusal,
      nullable: true,
      description: "Why it did not go on to `through`.",
      resolve: ({ stopped }): RefusalSource | null => (stopped === undefined ? null : { refused: stopped }),
    }),
  }),
});
const ForkResult = resultType("ForkInteraction", ForkSuccess);

const DeleteSuccess = builder.objectRef<{ id: string }>("DeleteInteractionSuccess");
DeleteSuccess.implement({
  description: "It is forgotten. What goes on from it stays.",
  fields: (t) => ({ id: t.exposeID("id", { description: "The id that it had." }) }),
});
const DeleteResult = resultType("DeleteInteraction", DeleteSuccess);

const running = costing({ own: 100 });

builder.mutationFields((t) => {
  const id = t.arg.id({ required: true, description: "The interaction." });
  return {
    createInteraction: t.field({
      type: CreateResult,
      description: "Runs a request: to its end, or in the background. It takes what REST's create takes.",
      args: { input: t.arg({ type: CreateInteractionInput, required: true, description: "The request." }) },
      extensions: running,
      resolve: (_, { input }, context) =>
        refusable(context, async (): Promise<Success> => {
          const { request } = decodeCreate(createBody(input), "steps");
          return { interaction: await begin(request, context) };
        }),
    }),
    forkInteraction: t.field({
      type: ForkResult,
      description: "Does an interaction again with changes, and with `through` what went on from it, as a new branch.",
      args: { input: t.arg({ type: ForkInteractionInput, required: true, description: "What to do again, and how." }) },
      extensions: running,
      resolve: (_, { input: { from, through, ...given } }, context) =>
        refusable(context, () => {
          const changes = createBody(given);
          if (through === null || through === undefined) return rerunOne(from, changes, context);
          if (given.background === true) throw noBackground();
          return rerunTail(from, through, changes, context);
        }),
    }),
    cancelInteraction: t.field({
      type: CancelResult,
      description: "Stops an interaction that runs in the background.",
      args: { id },
      resolve: (_, args, context) =>
        refusable(context, async () => ({ interaction: fromHub(await context.sources.hub.cancel(args.id)) })),
    }),
    deleteInteraction: t.field({
      type: DeleteResult,
      description: "Forgets an interaction; one that runs is stopped first.",
      args: { id },
      resolve: (_, args, context) =>
        refusable(context, async () => {
          await context.sources.hub.remove(args.id);
          return { id: args.id };
        }),
    }),
    setLabels: t.field({
      type: LabelResult,
      description: "Replaces all labels of an interaction.",
      args: {
        id,
        labels: t.arg({ type: [LabelInput], required: true, description: "The labels; none takes all away." }),
      },
      resolve: (_, args, context) =>
        refusable(context, async () => {
          const head = await context.sources.archive.set_labels(args.id, labelsOf(args.labels));
          return { interaction: head ?? missing(args.id) };
        }),
    }),
  };
});

function labelsOf(given: readonly { key: string; value: string }[]): Labels {
  const labels = Object.fromEntries(given.map(({ key, value }) => [key, value]));
  const parsed = Labels.safeParse(labels);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = ["labels", ...(issue?.path ?? [])].join(".");
  throw new HubError("invalid_request", `'${path}' ${issue?.message ?? "is no label"}.`, { field: path });
}

function noBackground(): HubError {
  return new HubError(
    "invalid_request",
    "'background' cannot go with 'through': each must end before the next begins.",
    {
      field: "background",
    },
  );
}
