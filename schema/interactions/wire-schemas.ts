import type { z } from "zod";
import { Content } from "./wire/content.ts";
import { CreateInteraction, LegacyCreateInteraction } from "./wire/create.ts";
import { Delta, LegacyDelta } from "./wire/delta.ts";
import { ErrorResponse } from "./wire/error-response.ts";
import { InteractionEvent, LegacyInteractionEvent } from "./wire/event.ts";
import { GenerationConfig, LegacyGenerationConfig } from "./wire/generation-config.ts";
import { Interaction, LegacyInteraction } from "./wire/interaction.ts";
import { LegacyContent, Turn } from "./wire/legacy-content.ts";
import { Model, ModelList, PublisherModel, PublisherModelList } from "./wire/model.ts";
import { JsonSchema, ResponseFormat } from "./wire/response-format.ts";
import { Step } from "./wire/step.ts";
import { Tool } from "./wire/tool.ts";
import { Usage } from "./wire/usage.ts";

/** The schemas of the wire from which all others are reached: what the OpenAPI document and the tables are made of. */
export const wireSchemas = {
  CreateInteraction,
  LegacyCreateInteraction,
  Interaction,
  LegacyInteraction,
  InteractionEvent,
  LegacyInteractionEvent,
  Delta,
  LegacyDelta,
  Step,
  Content,
  LegacyContent,
  Turn,
  Tool,
  GenerationConfig,
  LegacyGenerationConfig,
  ResponseFormat,
  JsonSchema,
  Usage,
  ErrorResponse,
  Model,
  ModelList,
  PublisherModel,
  PublisherModelList,
} as const satisfies Record<string, z.ZodType>;
