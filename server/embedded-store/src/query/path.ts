import type { Doc, Maybe, Value } from '../bson/values.js';

/** Receives each value a path leads to; the index is that of the outermost array passed on the way. */
export type Visit = (value: Maybe, index: number | undefined) => boolean;

/**
 * MongoDB's way along a dotted path: documents by name, arrays by trying every document in them and, for a
 * numeric part, the element at that position. Stops when a visit returns true.
 */
export function visitPath(
  document: Doc,
  parts: readonly string[],
  intoLeafArrays: boolean,
  visit: Visit,
  from = 0,
  outer?: number,
): boolean {
  let node: Maybe = document;
  let at = from;
  while (at < parts.length) {
    node = node instanceof Map ? node.get(parts[at] as string) : undefined;
    at += 1;
    if (Array.isArray(node)) return visitArray(node, parts, at, intoLeafArrays, visit, outer);
    if (node === undefined) break;
  }
  return visit(node, outer);
}

function visitArray(
  array: Value[],
  parts: readonly string[],
  at: number,
  intoLeafArrays: boolean,
  visit: Visit,
  outer: number | undefined,
): boolean {
  if (at === parts.length) {
    if (intoLeafArrays) {
      for (let index = 0; index < array.length; index += 1) {
        if (visit(array[index] as Value, outer ?? index)) return true;
      }
    }
    return visit(array, outer);
  }
  const position = arrayPosition(parts[at] as string);
  for (let index = 0; index < array.length; index += 1) {
    const element = array[index] as Value;
    if (element instanceof Map && visitPath(element, parts, intoLeafArrays, visit, at, outer ?? index))
      return true;
    if (index !== position) continue;
    // A position that the path names is none that `$` stands for.
    if (at + 1 === parts.length) {
      if (visit(element, outer)) return true;
    } else if (element instanceof Map) {
      if (visitPath(element, parts, intoLeafArrays, visit, at + 1, outer)) return true;
    } else if (Array.isArray(element)) {
      if (visitArray(element, parts, at + 1, intoLeafArrays, visit, outer)) return true;
    }
  }
  return false;
}

export function arrayPosition(part: string): number | undefined {
  return /^(0|[1-9]\d{0,9})$/.test(part) ? Number(part) : undefined;
}

/** The value at a path without entering arrays (except by position). */
export function valueAt(document: Maybe, parts: readonly string[]): Maybe {
  let node: Maybe = document;
  for (const part of parts) {
    if (node instanceof Map) node = node.get(part);
    else if (Array.isArray(node)) {
      const position = arrayPosition(part);
      node = position === undefined ? undefined : node[position];
    } else return undefined;
  }
  return node;
}
