import { describeValue } from '../bson/describe.js';
import { type Doc, isDoc, type Maybe, type Value } from '../bson/values.js';
import { CommandError, codes } from '../errors.js';
import { arrayPosition } from '../query/path.js';

/** Where an update writes: documents by name and arrays by position, made on the way when they are missing. */
export function getAt(document: Doc, parts: readonly string[]): Maybe {
  let node: Maybe = document;
  for (const part of parts) {
    if (isDoc(node)) node = node.get(part);
    else if (Array.isArray(node)) {
      const position = arrayPosition(part);
      node = position === undefined ? undefined : node[position];
    } else return undefined;
  }
  return node;
}

/** The same, but a way through a value that has no fields is an error. */
export function viableAt(document: Doc, parts: readonly string[]): Maybe {
  let node: Maybe = document;
  parts.forEach((part, at) => {
    if (node !== undefined) node = childOf(node, part, parts, at);
  });
  return node;
}

export function setAt(document: Doc, parts: readonly string[], value: Value): void {
  let node: Value = document;
  parts.forEach((part, at) => {
    const last = at === parts.length - 1;
    const container: Value = node;
    const child = childOf(container, part, parts, at);
    if (last) putChild(container, part, value);
    else if (child === undefined) {
      const made: Doc = new Map();
      putChild(container, part, made);
      node = made;
    } else node = child;
  });
}

function childOf(container: Value, part: string, parts: readonly string[], at: number): Maybe {
  if (isDoc(container)) return container.get(part);
  if (Array.isArray(container)) {
    const position = arrayPosition(part);
    if (position !== undefined) return container[position];
  }
  throw notViable(container, part, parts, at);
}

function notViable(container: Value, part: string, parts: readonly string[], at: number): CommandError {
  const owner = parts[at - 1] ?? '';
  return new CommandError(
    codes.pathNotViable,
    `Cannot create field '${part}' in element {${owner}: ${describeValue(container)}}`,
  );
}

/** MongoDB pads an array at most this far beyond its end. */
const maxPadding = 1_500_000;

function putChild(container: Value, part: string, value: Value): void {
  if (isDoc(container)) {
    container.set(part, value);
    return;
  }
  const array = container as Value[];
  const position = arrayPosition(part) as number;
  if (position > array.length + maxPadding) {
    throw new CommandError(codes.badValue, `can't backfill more than ${maxPadding} elements`);
  }
  while (array.length < position) array.push(null);
  array[position] = value;
}

/** Unset removes a field; inside an array it leaves null so that positions stay. */
export function unsetAt(document: Doc, parts: readonly string[]): boolean {
  const parent = getAt(document, parts.slice(0, -1));
  const last = parts[parts.length - 1] as string;
  if (isDoc(parent)) return parent.delete(last);
  if (Array.isArray(parent)) {
    const position = arrayPosition(last);
    if (position === undefined || position >= parent.length || parent[position] === null) return false;
    parent[position] = null;
    return true;
  }
  return false;
}
