import { type ASTVisitor, Kind, type SelectionSetNode, type ValidationContext, type ValidationRule } from "graphql";
import { type Limits, overLimit } from "./limits.ts";

/** Refuses operations whose fields stand too deep within each other. */
export function depthRule({ depth: most }: Limits): ValidationRule {
  return function DepthLimitRule(context: ValidationContext): ASTVisitor {
    const depths = new Map<string, number>();

    /** Each fragment is looked at once, however often it is spread; one that is being looked at spreads itself. */
    function depthOfFragment(name: string): number {
      const known = depths.get(name);
      if (known !== undefined) return known;
      depths.set(name, 0);
      const fragment = context.getFragment(name);
      const depth = fragment === undefined || fragment === null ? 0 : depthOf(fragment.selectionSet);
      depths.set(name, depth);
      return depth;
    }

    function depthOf({ selections }: SelectionSetNode): number {
      let deepest = 0;
      for (const selection of selections) {
        let depth: number;
        if (selection.kind === Kind.FRAGMENT_SPREAD) depth = depthOfFragment(selection.name.value);
        else {
          const below = selection.selectionSet === undefined ? 0 : depthOf(selection.selectionSet);
          depth = below + (selection.kind === Kind.FIELD ? 1 : 0);
        }
        deepest = Math.max(deepest, depth);
      }
      return deepest;
    }

    return {
      OperationDefinition(node) {
        const depth = depthOf(node.selectionSet);
        if (depth <= most) return;
        context.reportError(
          overLimit("depth", `The operation is ${depth} fields deep, more than ${most}.`, { nodes: node }),
        );
      },
    };
  };
}

/** Refuses documents with too many aliases, by which one field can be asked for any number of times. */
export function aliasRule({ aliases: most }: Limits): ValidationRule {
  return function AliasLimitRule(context: ValidationContext): ASTVisitor {
    let aliases = 0;
    return {
      Field(node) {
        if (node.alias !== undefined) aliases += 1;
      },
      Document: {
        leave() {
          if (aliases <= most) return;
          context.reportError(overLimit("aliases", `The document has ${aliases} aliases, more than ${most}.`));
        },
      },
    };
  };
}
