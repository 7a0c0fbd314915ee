import { type Doc, isDoc, type Maybe, type Value } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { splitPath } from '../expressions/compile.js';
import { isTrue } from '../storage/catalog.js';
import type { StageCompiler } from './stage.js';

export const unwind: StageCompiler = (operand) => {
  const spec = isDoc(operand) ? operand : new Map<string, Value>([['path', operand]]);
  for (const name of spec.keys()) {
    if (!['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'].includes(name)) {
      throw new CommandError(28811, `unrecognized option to $unwind stage: ${name}`);
    }
  }
  const path = spec.get('path');
  if (typeof path !== 'string') throw new CommandError(28812, 'no path specified to $unwind stage');
  if (!path.startsWith('$'))
    throw new CommandError(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
  const parts = splitPath(path.slice(1));
  const keepEmpty = isTrue(spec.get('preserveNullAndEmptyArrays'));
  const indexName = spec.get('includeArrayIndex');
  if (
    indexName !== undefined &&
    (typeof indexName !== 'string' || indexName === '' || indexName.startsWith('$'))
  ) {
    throw new CommandError(
      28810,
      'expected a non-empty string for the includeArrayIndex option to $unwind stage',
    );
  }
  const withIndex = (document: Doc, index: Value): Doc =>
    indexName === undefined ? document : replaced(document, (indexName as string).split('.'), index);
  return {
    reads: new Set([parts[0] as string]),
    ends: false,
    *run(input) {
      for (const document of input) {
        const value = dottedValue(document, parts);
        if (Array.isArray(value) && value.length > 0) {
          for (let index = 0; index < value.length; index += 1) {
            yield withIndex(replaced(document, parts, value[index]), BigInt(index));
          }
        } else if (Array.isArray(value)) {
          if (keepEmpty) yield withIndex(replaced(document, parts, undefined), null);
        } else if (value === undefined || value === null) {
          if (keepEmpty) yield withIndex(document, null);
        } else yield withIndex(document, null);
      }
    },
  };
};

function dottedValue(document: Doc, parts: readonly string[]): Maybe {
  let node: Maybe = document;
  for (const part of parts) node = isDoc(node) ? node.get(part) : undefined;
  return node;
}

/** A copy along the path only; the rest is shared, as stages never change what they are given. */
function replaced(document: Doc, parts: readonly string[], value: Maybe): Doc {
  const copy: Doc = new Map(document);
  const [first, ...rest] = parts as [string, ...string[]];
  if (rest.length > 0) {
    const inner = document.get(first);
    copy.set(first, replaced(isDoc(inner) ? inner : new Map(), rest, value));
  } else if (value === undefined) copy.delete(first);
  else copy.set(first, value);
  return copy;
}

export const setPath = replaced;
