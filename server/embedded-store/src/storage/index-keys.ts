import { bsonUndefined, type Doc, type Maybe, type Value } from '../bson/values.js';
import { CommandError } from '../errors.js';

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

/** Walk to the end of the path or to the first array. */
function descend(state: FieldState, path: readonly string[]): void {
  while (!Array.isArray(state.node)) {
    if (state.at === path.length || state.node === undefined) {
      state.done = true;
      return;
    }
    state.node = state.node instanceof Map ? state.node.get(path[state.at] as string) : undefined;
    state.at += 1;
  }
}
