import type { FilterNode, Test } from '../query/filter-types.js';

/** What a filter demands of every document it accepts, path by path. */
export interface Constraints {
  tests: Map<string, Test[]>;
  /** The branches of each $or that must hold. */
  alternatives: FilterNode[][];
  /** There is something in the filter besides `tests`. */
  residual: boolean;
}

export function gatherConstraints(node: FilterNode): Constraints {
  const constraints: Constraints = { tests: new Map(), alternatives: [], residual: false };
  gather(node, '', constraints);
  return constraints;
}

function gather(node: FilterNode, prefix: string, into: Constraints): void {
  switch (node.kind) {
    case 'and':
      for (const inner of node.nodes) gather(inner, prefix, into);
      return;
    case 'or':
      into.residual = true;
      if (prefix === '') into.alternatives.push(node.nodes);
      return;
    case 'field': {
      if (node.negated) {
        into.residual = true;
        return;
      }
      const path = prefix + node.path;
      // A numeric part may name a position or a field: indexes know only fields.
      if (node.parts.some((part) => /^\d+$/.test(part))) {
        into.residual = true;
        return;
      }
      if (node.test.op === 'elemMatchDocument') {
        into.residual = true;
        gather(node.test.node, `${path}.`, into);
        return;
      }
      const tests = into.tests.get(path);
      if (tests) tests.push(node.test);
      else into.tests.set(path, [node.test]);
      return;
    }
    case 'expression':
      into.residual = true;
      for (const inner of node.implied) gather(inner, prefix, into);
      return;
    default:
      into.residual = true;
  }
}
