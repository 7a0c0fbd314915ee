import type { Doc, Maybe, Value } from '../bson/values.js';
import { CommandError } from '../errors.js';
import type { Expression } from '../expressions/types.js';
import type { Position, Predicate } from './predicate.js';

export type Leaf =
  | { kind: 'include' }
  | { kind: 'exclude' }
  | { kind: 'compute'; expression: Expression }
  | { kind: 'slice'; skip: number | undefined; limit: number }
  | { kind: 'elemMatch'; predicate: Predicate };
export type Node = Leaf | Branch;
export interface Branch {
  kind: 'branch';
  children: Map<string, Node>;
}

export function include(document: Doc, branch: Branch, root: Doc): Doc {
  const result: Doc = new Map();
  for (const [name, value] of document) {
    const node = branch.children.get(name);
    if (!node || isComputed(node)) continue;
    const kept = node.kind === 'branch' ? includeInside(value, node, root) : leafValue(value, node);
    if (kept !== undefined) result.set(name, kept);
  }
  computeInto(result, document, branch, root);
  return result;
}

function includeInside(value: Value, branch: Branch, root: Doc): Maybe {
  if (value instanceof Map) return include(value, branch, root);
  if (Array.isArray(value)) {
    return value.map((element) => includeInside(element, branch, root)).filter((kept) => kept !== undefined);
  }
  return hasCompute(branch) ? include(new Map(), branch, root) : undefined;
}

function hasCompute(branch: Branch): boolean {
  return [...branch.children.values()].some((node) =>
    node.kind === 'branch' ? hasCompute(node) : isComputed(node),
  );
}

/** Such a field is made anew and comes after those that are kept. */
function isComputed(node: Node): boolean {
  return node.kind === 'compute' || node.kind === 'elemMatch';
}

function computeInto(result: Doc, document: Doc, branch: Branch, root: Doc): void {
  for (const [name, node] of branch.children) {
    if (node.kind === 'compute') {
      const value = node.expression.evaluate({ root, current: root });
      if (value !== undefined) result.set(name, value);
    } else if (node.kind === 'elemMatch') {
      const value = matchedElement(document.get(name), node.predicate);
      if (value === undefined) result.delete(name);
      else result.set(name, value);
    } else if (node.kind === 'branch' && !document.has(name) && hasCompute(node)) {
      result.set(name, include(new Map(), node, root));
    }
  }
}

export function exclude(document: Doc, branch: Branch, root: Doc): Doc {
  const result: Doc = new Map();
  for (const [name, value] of document) {
    const node = branch.children.get(name);
    if (!node) result.set(name, value);
    else if (node.kind === 'branch') result.set(name, excludeInside(value, node, root));
    else if (node.kind !== 'exclude' && node.kind !== 'compute') result.set(name, leafValue(value, node));
  }
  computeInto(result, document, branch, root);
  return result;
}

function excludeInside(value: Value, branch: Branch, root: Doc): Value {
  if (value instanceof Map) return exclude(value, branch, root);
  if (Array.isArray(value)) return value.map((element) => excludeInside(element, branch, root));
  return value;
}

function leafValue(value: Value, leaf: Leaf): Value {
  return leaf.kind === 'slice' && Array.isArray(value) ? sliced(value, leaf.skip, leaf.limit) : value;
}

function matchedElement(value: Maybe, predicate: Predicate): Maybe {
  const position: Position = { index: undefined };
  if (!Array.isArray(value) || !predicate(new Map([['x', value]]), position)) return undefined;
  return [value[position.index as number] as Value];
}

/** The positional operator: the first array on the path keeps only the element the query matched. */
export function keepMatched(result: Doc, parts: readonly string[], position: Position | undefined): void {
  let node = result;
  for (const part of parts) {
    const value = node.get(part);
    if (Array.isArray(value)) {
      const element = position?.index === undefined ? undefined : value[position.index];
      if (element === undefined) {
        throw new CommandError(
          51246,
          "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
        );
      }
      node.set(part, [element]);
    }
    if (!(value instanceof Map)) return;
    node = value;
  }
}

function sliced(value: Value[], skip: number | undefined, limit: number): Value[] {
  if (skip === undefined) return limit >= 0 ? value.slice(0, limit) : value.slice(limit);
  const start = skip >= 0 ? skip : Math.max(0, value.length + skip);
  return value.slice(start, start + limit);
}
