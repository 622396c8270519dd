import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { MOST_ITEMS } from "../../../../schema/archive.ts";
import { costNoteOf } from "../cost-note.ts";
import { type Limits, overLimit } from "./limits.ts";

type Variables = Readonly<Record<string, unknown>>;

/** What a part of an operation costs: its fields, each with what is below it. Fragments that are spread often are shared. */
type Part = { fields: PartField[]; spreads: Part[] };
type PartField = { own: number; items: number | PageSize; below: Part | undefined };

/** The arguments that say how many items a page has. */
type PageSize = { sizes: readonly (number | { variable: string })[] };

/** Items that a list without pages is taken to have. */
const SOME = 4;

/** Items on a page when nobody says how many. */
const PAGE = 50;

const pageArguments: ReadonlySet<string> = new Set(["first", "last", "limit"]);

const parts = new WeakMap<OperationDefinitionNode, Part>();

/** Refuses an operation that asks for too many objects. It is counted before anything is read. */
export function costRefusal(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
  { cost: most }: Limits,
): GraphQLError | undefined {
  const cost = costOf(schema, document, operation, variables);
  if (cost <= most) return undefined;
  return overLimit("cost", `The operation asks for about ${Math.round(cost)} objects, more than ${most}.`);
}

/** About how many objects an operation asks for. */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): number {
  let part = parts.get(operation);
  if (part === undefined) {
    part = createReader(schema, document).operation(operation);
    parts.set(operation, part);
  }
  return sum(part, withDefaults(operation, variables), new Map());
}

function sum(part: Part, variables: Variables, known: Map<Part, number>): number {
  const earlier = known.get(part);
  if (earlier !== undefined) return earlier;
  // A fragment that spreads itself has been refused before; it must not be followed for ever all the same.
  known.set(part, 0);
  let cost = 0;
  for (const { own, items, below } of part.fields) {
    cost += own;
    if (below === undefined) continue;
    const count = typeof items === "number" ? items : pageSize(items, variables);
    cost += count * sum(below, variables, known);
  }
  for (const spread of part.spreads) cost += sum(spread, variables, known);
  known.set(part, cost);
  return cost;
}

function pageSize({ sizes }: PageSize, variables: Variables): number {
  let most = 0;
  for (const size of sizes) {
    const value = typeof size === "number" ? size : variables[size.variable];
    most = Math.max(most, typeof value === "number" ? value : 0);
  }
  return Math.min(most === 0 ? PAGE : most, MOST_ITEMS);
}

function withDefaults({ variableDefinitions = [] }: OperationDefinitionNode, variables: Variables): Variables {
  const values = { ...variables };
  for (const { variable, defaultValue } of variableDefinitions) {
    if (defaultValue?.kind === Kind.INT) values[variable.name.value] ??= Number(defaultValue.value);
  }
  return values;
}

function createReader(schema: GraphQLSchema, document: DocumentNode) {
  const fragments = new Map(
    document.definitions
      .filter((definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  const shared = new Map<string, Part>();

  function spread(name: string): Part {
    const known = shared.get(name);
    if (known !== undefined) return known;
    const part: Part = { fields: [], spreads: [] };
    shared.set(name, part);
    const fragment = fragments.get(name);
    if (fragment !== undefined) add(part, fragment.selectionSet, fragment.typeCondition.name.value);
    return part;
  }

  function add(part: Part, { selections }: SelectionSetNode, type: string): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) part.spreads.push(spread(selection.name.value));
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        add(part, selection.selectionSet, selection.typeCondition?.name.value ?? type);
      } else part.fields.push(field(selection, type));
    }
  }

  function field(node: FieldNode, parent: string): PartField {
    const definition = fieldOf(schema, parent, node.name.value);
    // What tells of the schema has a limit of its own.
    if (definition === undefined) return { own: 0, items: 0, below: undefined };
    const named = getNamedType(definition.type);
    const { own = isCompositeType(named) ? 1 : 0, items = isList(definition) ? SOME : 1 } = costNoteOf(
      definition.extensions as Record<string, unknown>,
    );
    if (node.selectionSet === undefined) return { own, items: 0, below: undefined };
    const below: Part = { fields: [], spreads: [] };
    add(below, node.selectionSet, named.name);
    return { own, items: items === "page" ? { sizes: sizesOf(node, definition) } : listed(parent, node, items), below };
  }

  return {
    operation(operation: OperationDefinitionNode): Part {
      const part: Part = { fields: [], spreads: [] };
      const root = schema.getRootType(operation.operation);
      if (root) add(part, operation.selectionSet, root.name);
      return part;
    },
  };
}

/** The items of a page are counted where the page is asked for, not once more where it lists them. */
function listed(parent: string, node: FieldNode, items: number): number {
  const isPage = parent.endsWith("Connection") && (node.name.value === "edges" || node.name.value === "nodes");
  return isPage ? 1 : items;
}

function sizesOf(node: FieldNode, { args }: GraphQLField<unknown, unknown>): PageSize["sizes"] {
  return args.flatMap(({ name, defaultValue }): PageSize["sizes"][number][] => {
    if (!pageArguments.has(name)) return [];
    const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
    if (value?.kind === Kind.INT) return [Number(value.value)];
    if (value?.kind === Kind.VARIABLE) return [{ variable: value.name.value }];
    return typeof defaultValue === "number" ? [defaultValue] : [];
  });
}

function fieldOf(schema: GraphQLSchema, parent: string, name: string): GraphQLField<unknown, unknown> | undefined {
  const type = schema.getType(parent);
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
}

function isList({ type }: GraphQLField<unknown, unknown>): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}
