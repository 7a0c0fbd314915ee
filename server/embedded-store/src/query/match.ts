import { type Doc, Regex, type Value } from '../bson/values.js';
import { compareStrings } from '../codec/compare.js';
import { parseFilter } from './filter.js';
import type { FilterNode } from './filter-types.js';
import { visitPath } from './path.js';
import type { Position, Predicate } from './predicate.js';
import { testFor } from './tests.js';

export interface CompiledFilter {
  node: FilterNode;
  predicate: Predicate;
  /** Top-level fields the predicate reads; undefined when it may read any. */
  fields: Set<string> | undefined;
}

export function compileFilter(filter: Doc): CompiledFilter {
  const node = parseFilter(filter);
  const fields = new Set<string>();
  const bounded = collectFields(node, fields);
  return { node, predicate: predicateOf(node), fields: bounded ? fields : undefined };
}

function collectFields(node: FilterNode, into: Set<string>): boolean {
  switch (node.kind) {
    case 'and':
    case 'or':
    case 'nor':
      return node.nodes.map((inner) => collectFields(inner, into)).every(Boolean);
    case 'field':
      into.add(node.parts[0] as string);
      return true;
    case 'expression':
      for (const field of node.fields ?? []) into.add(field);
      return node.fields !== undefined;
    case 'never':
      return true;
  }
}

/** One branch is no choice, and values of one field to choose from are an $in: also for what `$` stands for. */
function withoutOr(node: FilterNode): FilterNode {
  if (node.kind !== 'or') return node;
  const [first, ...others] = node.nodes;
  if (first && others.length === 0) return withoutOr(first);
  if (first?.kind !== 'field') return node;
  const values: Value[] = [];
  for (const branch of node.nodes) {
    if (branch.kind !== 'field' || branch.path !== first.path || branch.negated) return node;
    if (branch.test.op !== 'eq' || branch.test.value instanceof Regex) return node;
    values.push(branch.test.value);
  }
  return { ...first, test: { op: 'in', values } };
}

/**
 * Conditions set the place that `$` stands for one after the other, and the last wins. MongoDB sorts them by kind, then by
 * path; nested conjunctions are one.
 */
function inMongoOrder(nodes: FilterNode[]): FilterNode[] {
  const flat = (node: FilterNode): FilterNode[] => {
    const plain = withoutOr(node);
    return plain.kind === 'and' ? plain.nodes.flatMap(flat) : [plain];
  };
  return nodes
    .flatMap(flat)
    .map((node) => ({ node, rank: rankOf(node), path: node.kind === 'field' ? node.path : '' }))
    .sort((a, b) => a.rank - b.rank || compareStrings(a.path, b.path))
    .map(({ node }) => node);
}

const ranks = [
  'elemMatchDocument',
  'elemMatchValue',
  'size',
  'eq',
  'lte',
  'lt',
  'gt',
  'gte',
  'regex',
  'mod',
  'exists',
  'in',
  'bits',
];

function rankOf(node: FilterNode): number {
  if (node.kind === 'or') return -1;
  if (node.kind !== 'field' || node.negated) return ranks.length;
  const { test } = node;
  if (test.op === 'type') return ranks.length + 1;
  return ranks.indexOf(test.op === 'in' && test.values.length === 1 ? 'eq' : test.op);
}

export function predicateOf(node: FilterNode): Predicate {
  switch (node.kind) {
    case 'and': {
      const predicates = inMongoOrder(node.nodes).map(predicateOf);
      if (predicates.length === 1) return predicates[0] as Predicate;
      return (document, position) => {
        for (const predicate of predicates) if (!predicate(document, position)) return false;
        return true;
      };
    }
    case 'or': {
      const plain = withoutOr(node);
      if (plain.kind !== 'or') return predicateOf(plain);
      const predicates = node.nodes.map(predicateOf);
      // Which branch held is not told: `$` finds nothing through one.
      return (document) => predicates.some((predicate) => predicate(document));
    }
    case 'nor': {
      const predicates = node.nodes.map(predicateOf);
      return (document) => !predicates.some((predicate) => predicate(document));
    }
    case 'never':
      return () => false;
    case 'expression':
      return (document) => node.matches(document);
    case 'field': {
      const { test, intoArrays } = testFor(node.test, predicateOf);
      const { parts } = node;
      if (node.negated) {
        return (document) => !visitPath(document, parts, intoArrays, (value) => test(value));
      }
      return (document, position) => {
        const inside: Position = { index: undefined };
        return visitPath(document, parts, intoArrays, (value, index) => {
          inside.index = undefined;
          if (!test(value, inside)) return false;
          if (position) {
            const found = index ?? inside.index;
            if (found !== undefined) position.index = found;
          }
          return true;
        });
      };
    }
  }
}
