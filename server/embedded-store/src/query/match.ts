import type { Doc } from '../bson/values.js';
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

export function predicateOf(node: FilterNode): Predicate {
  switch (node.kind) {
    case 'and': {
      const predicates = node.nodes.map(predicateOf);
      if (predicates.length === 1) return predicates[0] as Predicate;
      return (document, position) => {
        for (const predicate of predicates) if (!predicate(document, position)) return false;
        return true;
      };
    }
    case 'or': {
      const predicates = node.nodes.map(predicateOf);
      return (document, position) => predicates.some((predicate) => predicate(document, position));
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
