import { bsonUndefined, type Doc, type Maybe, type Value } from '../bson/values.js';
import { CommandError, notBuilt } from '../errors.js';
import { arrayPosition } from '../query/path.js';

interface FieldState {
  node: Maybe;
  at: number;
  done: boolean;
}

export interface IndexValues {
  /** One tuple per key; undefined where the field is missing. */
  tuples: Maybe[][];
  /** Per field: an array was met on its path. */
  multikey: boolean[];
}

/** The values a document has under an index: one tuple, or one per element when a path meets an array. */
export function indexValues(document: Doc, paths: readonly (readonly string[])[]): IndexValues {
  const multikey = paths.map(() => false);
  const tuples: Maybe[][] = [];
  const start = paths.map((): FieldState => ({ node: document, at: 0, done: false }));
  expand(start, paths, multikey, tuples);
  return { tuples, multikey };
}

function expand(
  states: FieldState[],
  paths: readonly (readonly string[])[],
  multikey: boolean[],
  tuples: Maybe[][],
): void {
  let shared: Value[] | undefined;
  for (let field = 0; field < states.length; field += 1) {
    const state = states[field] as FieldState;
    if (!state.done) descend(state, paths[field] as readonly string[]);
    if (state.done) continue;
    const array = state.node as Value[];
    if (shared !== undefined && shared !== array) {
      throw new CommandError(171, 'cannot index parallel arrays');
    }
    shared = array;
  }
  if (shared === undefined) {
    tuples.push(states.map((state) => state.node));
    return;
  }
  states.forEach((state, field) => {
    if (!state.done) multikey[field] = true;
  });
  if (shared.length === 0) {
    expand(
      states.map((state, field) =>
        state.done ? state : emptyArray(state, (paths[field] as string[]).length),
      ),
      paths,
      multikey,
      tuples,
    );
    return;
  }
  for (const element of shared) {
    const next = states.map((state, field): FieldState => {
      if (state.done) return state;
      if (state.at === (paths[field] as string[]).length) return { node: element, at: state.at, done: true };
      // Below an array only its documents have fields; an array inside an array has none.
      return {
        node: element instanceof Map ? element : undefined,
        at: state.at,
        done: !(element instanceof Map),
      };
    });
    expand(next, paths, multikey, tuples);
  }
}

/** An empty array is below null in an index; a field beneath one is missing. */
function emptyArray(state: FieldState, length: number): FieldState {
  return { node: state.at === length ? bsonUndefined : undefined, at: state.at, done: true };
}

/** A numeric part of the path means the element there, when the array has one; the state is moved on to it. */
function atPosition(state: FieldState, path: readonly string[]): boolean {
  const array = state.node as Value[];
  const part = path[state.at];
  const position = part === undefined ? undefined : arrayPosition(part);
  if (position === undefined || position >= array.length) return false;
  if (array.some((element) => element instanceof Map && element.has(part as string))) {
    throw new CommandError(
      16746,
      `Ambiguous field name found in array (do not use numeric field names in embedded elements in an array), field: '${part}'`,
    );
  }
  const element = array[position];
  if (Array.isArray(element)) throw notBuilt('positions in arrays of arrays, in a sort or an index');
  state.node = element;
  state.at += 1;
  return true;
}

/** Walk to the end of the path or to the first array that is to be taken apart. */
function descend(state: FieldState, path: readonly string[]): void {
  while (!Array.isArray(state.node) || atPosition(state, path)) {
    if (Array.isArray(state.node)) continue;
    if (state.at === path.length || state.node === undefined) {
      state.done = true;
      return;
    }
    state.node = state.node instanceof Map ? state.node.get(path[state.at] as string) : undefined;
    state.at += 1;
  }
}
