import { type DocumentNode, Kind, type OperationDefinitionNode, visit } from "graphql";
import type { Operation } from "../engine.ts";

/** The argument of a subscription that only says where to begin. */
const START = "after";

const startVariables = new WeakMap<OperationDefinitionNode, string | undefined>();

/**
 * What two subscribers must have in common so that each payload can be made once for both: the document, the operation, the
 * variables, and the address that URLs in the answer begin with. Where a subscriber begins does not change what it gets
 * from there on, so a variable that says only this does not count.
 */
export function shareKey({ text, document, operation, params }: Operation, topic: string, address: string): string {
  const variables = { ...params.variables };
  const start = startVariable(document, operation);
  if (start !== undefined) delete variables[start];
  return JSON.stringify([topic, address, operation.name?.value, sorted(variables), text]);
}

/** The variable that says where to begin, if it is used for nothing else. */
function startVariable(document: DocumentNode, operation: OperationDefinitionNode): string | undefined {
  if (startVariables.has(operation)) return startVariables.get(operation);
  const [root] = operation.selectionSet.selections;
  const value = root?.kind === Kind.FIELD ? root.arguments?.find(({ name }) => name.value === START)?.value : undefined;
  const name = value?.kind === Kind.VARIABLE ? value.name.value : undefined;
  let uses = 0;
  visit(document, {
    [Kind.VARIABLE](node) {
      if (node.name.value === name) uses += 1;
    },
  });
  // Once where it is defined, once where it is used.
  const only = name !== undefined && uses === 2 ? name : undefined;
  startVariables.set(operation, only);
  return only;
}

function sorted(variables: Record<string, unknown>): [string, unknown][] {
  return Object.entries(variables).sort(([one], [other]) => (one < other ? -1 : 1));
}
