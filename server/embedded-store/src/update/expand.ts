import type { Doc, Value } from '../bson/values.js';
import { badValue, CommandError, codes } from '../errors.js';
import type { Position } from '../query/predicate.js';
import { getAt } from './paths.js';

export type ElementTest = (element: Value) => boolean;

/** `$`, `$[]` or `$[name]`: which elements it means depends on the document. */
export function isMarker(part: string): boolean {
  return part === '$' || part.startsWith('$[');
}

/**
 * The concrete paths an update path stands for in one document: `$` is the element the query matched,
 * `$[]` every element, `$[name]` those that pass the array filter of that name.
 */
export function expandPath(
  document: Doc,
  parts: readonly string[],
  position: Position | undefined,
  filters: ReadonlyMap<string, ElementTest>,
): string[][] {
  const at = parts.findIndex(isMarker);
  if (at === -1) return [[...parts]];
  const head = parts.slice(0, at);
  const marker = parts[at] as string;
  const rest = parts.slice(at + 1);
  if (marker === '$') {
    if (position?.index === undefined) {
      throw badValue('The positional operator did not find the match needed from the query.');
    }
    return expandPath(document, [...head, String(position.index), ...rest], position, filters);
  }
  const array = getAt(document, head);
  if (!Array.isArray(array)) {
    if (array === undefined) {
      throw badValue(
        `The path '${head.join('.')}' must exist in the document in order to apply array updates.`,
      );
    }
    throw badValue(`Cannot apply array updates to non-array element ${head[head.length - 1] ?? ''}`);
  }
  const name = marker.slice(2, -1);
  const test = name === '' ? () => true : (filters.get(name) as ElementTest);
  const paths: string[][] = [];
  array.forEach((element, index) => {
    if (!test(element)) return;
    paths.push(...expandPath(document, [...head, String(index), ...rest], position, filters));
  });
  return paths;
}

export function checkPath(path: string): string[] {
  const parts = path.split('.');
  if (parts.includes('')) {
    throw new CommandError(
      56,
      `The update path '${path}' contains an empty field name, which is not allowed.`,
    );
  }
  if (parts.filter((part) => part === '$').length > 1)
    throw badValue(`Too many positional (i.e. '$') elements found in path '${path}'`);
  parts.forEach((part, at) => {
    if (!part.startsWith('$')) return;
    if (part === '$' || /^\$\[[a-zA-Z0-9]*\]$/.test(part)) {
      if (at === 0)
        throw badValue(
          `Cannot have array filter identifier (i.e. '$[<id>]') element in the first position in path '${path}'`,
        );
      return;
    }
    if (['$ref', '$id', '$db'].includes(part)) return;
    throw new CommandError(
      codes.dollarPrefixedFieldName,
      `The dollar ($) prefixed field '${part}' in '${path}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
    );
  });
  return parts;
}
