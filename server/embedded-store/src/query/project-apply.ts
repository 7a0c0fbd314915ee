import type { Doc, Maybe, Value } from '../bson/values.js';
import { CommandError } from '../errors.js';
import type { Expression } from '../expressions/types.js';
import type { Position, Predicate } from './predicate.js';

export type Leaf =
  | { kind: 'include' }
  | { kind: 'exclude' }
  | { kind: 'compute'; expression: Expression }
  | { kind: 'slice'; skip: number | undefined; limit: number }
  | { kind: 'elemMatch'; predicate: Predicate }
  | { kind: 'positional' };
export type Node = Leaf | Branch;
export interface Branch {
  kind: 'branch';
  children: Map<string, Node>;
}

interface Context {
  root: Doc;
  position: Position | undefined;
}

export function include(document: Doc, branch: Branch, context: Context): Doc {
  const result: Doc = new Map();
  for (const [name, value] of document) {
    const node = branch.children.get(name);
    if (!node || node.kind === 'compute') continue;
    const kept =
      node.kind === 'branch' ? includeInside(value, node, context) : leafValue(value, node, context);
    if (kept !== undefined) result.set(name, kept);
  }
  computeInto(result, document, branch, context);
  return result;
}

function includeInside(value: Value, branch: Branch, context: Context): Maybe {
  if (value instanceof Map) return include(value, branch, context);
  if (Array.isArray(value)) {
    return value
      .map((element) => includeInside(element, branch, context))
      .filter((kept) => kept !== undefined);
  }
  return hasCompute(branch) ? include(new Map(), branch, context) : undefined;
}

function hasCompute(branch: Branch): boolean {
  return [...branch.children.values()].some((node) =>
    node.kind === 'branch' ? hasCompute(node) : node.kind === 'compute',
  );
}

function computeInto(result: Doc, document: Doc, branch: Branch, context: Context): void {
  for (const [name, node] of branch.children) {
    if (node.kind === 'compute') {
      const value = node.expression.evaluate({ root: context.root, current: context.root });
      if (value !== undefined) result.set(name, value);
    } else if (node.kind === 'branch' && !document.has(name) && hasCompute(node)) {
      result.set(name, include(new Map(), node, context));
    }
  }
}

export function exclude(document: Doc, branch: Branch, context: Context): Doc {
  const result: Doc = new Map();
  for (const [name, value] of document) {
    const node = branch.children.get(name);
    if (!node) result.set(name, value);
    else if (node.kind === 'branch') result.set(name, excludeInside(value, node, context));
    else if (node.kind !== 'exclude' && node.kind !== 'compute') {
      const kept = leafValue(value, node, context);
      if (kept !== undefined) result.set(name, kept);
    }
  }
  computeInto(result, document, branch, context);
  return result;
}

function excludeInside(value: Value, branch: Branch, context: Context): Value {
  if (value instanceof Map) return exclude(value, branch, context);
  if (Array.isArray(value)) return value.map((element) => excludeInside(element, branch, context));
  return value;
}

function leafValue(value: Value, leaf: Leaf, context: Context): Maybe {
  switch (leaf.kind) {
    case 'slice':
      return Array.isArray(value) ? sliced(value, leaf.skip, leaf.limit) : value;
    case 'elemMatch': {
      if (!Array.isArray(value)) return undefined;
      const position: Position = { index: undefined };
      if (!leaf.predicate(new Map([['x', value]]), position)) return undefined;
      return [value[position.index as number] as Value];
    }
    case 'positional': {
      if (!Array.isArray(value)) return value;
      const index = context.position?.index;
      if (index === undefined || index >= value.length) {
        throw new CommandError(
          51246,
          "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
        );
      }
      return [value[index] as Value];
    }
    default:
      return value;
  }
}

function sliced(value: Value[], skip: number | undefined, limit: number): Value[] {
  if (skip === undefined) return limit >= 0 ? value.slice(0, limit) : value.slice(limit);
  const start = skip >= 0 ? skip : Math.max(0, value.length + skip);
  return value.slice(start, start + limit);
}
