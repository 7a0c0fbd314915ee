import type { Doc, Int, Value } from '../bson/values.js';
import { isNumber, plainNumber } from '../codec/exact.js';
import { CommandError, notBuilt } from '../errors.js';
import { compileExpression } from '../expressions/compile.js';
import { truthy } from '../expressions/truth.js';
import { compileFilter } from './match.js';
import type { Position } from './predicate.js';
import { type Branch, exclude, include, keepMatched, type Leaf, type Node } from './project-apply.js';

export interface Projection {
  apply(document: Doc, position?: Position): Doc;
  /** Top-level fields it reads; undefined when it may read any. */
  fields: Set<string> | undefined;
  /** The path of `path.$`, when there is one. */
  positional: string | undefined;
}

export interface ProjectionRules {
  /** find allows $slice, $elemMatch and the positional operator; $project does not. */
  find: boolean;
}

/** Compile the projection of a find or a $project stage. */
export function compileProjection(spec: Doc, rules: ProjectionRules): Projection {
  const root: Branch = { kind: 'branch', children: new Map() };
  const state: Collected = { includes: false, excludes: false, positional: undefined, kinds: new Set() };
  let idRule: boolean | undefined;
  for (const [path, value] of spec) {
    if (path === '_id' && isFlag(value)) {
      idRule = truthy(value);
      continue;
    }
    collect(root, path, value, rules, state);
  }
  if (state.includes && state.excludes) {
    const [code, word] = state.firstExclude ? [31253, 'inclusion'] : [31254, 'exclusion'];
    throw new CommandError(
      code,
      `Cannot do ${word} on field ${state.clash ?? ''} in ${word === 'inclusion' ? 'exclusion' : 'inclusion'} projection`,
    );
  }
  let including = state.includes;
  if (!state.includes && !state.excludes) {
    // Only _id, $slice and $elemMatch: {_id: 1} includes; else $slice keeps the rest and $elemMatch alone does not.
    including = idRule === true || (state.kinds.has('elemMatch') && !state.kinds.has('slice'));
  }
  if (including && idRule !== false && !root.children.has('_id')) {
    root.children = new Map<string, Node>([['_id', { kind: 'include' }], ...root.children]);
  }
  if (!including && idRule === false) root.children.set('_id', { kind: 'exclude' });
  return {
    positional: state.positional,
    fields: including ? neededFields(root) : undefined,
    apply: (document, position) => {
      const result = including ? include(document, root, document) : exclude(document, root, document);
      if (state.positional !== undefined) keepMatched(result, state.positional.split('.'), position);
      return result;
    },
  };
}

interface Collected {
  includes: boolean;
  excludes: boolean;
  positional: string | undefined;
  /** Which of find's own operators occur. */
  kinds: Set<Leaf['kind']>;
  firstExclude?: boolean;
  clash?: string;
}

function isFlag(value: Value): boolean {
  return typeof value === 'boolean' || isNumber(value);
}

function collect(root: Branch, path: string, value: Value, rules: ProjectionRules, state: Collected): void {
  let name = path;
  let leaf: Node;
  if (path.endsWith('.$')) {
    if (!rules.find) throw new CommandError(16410, "FieldPath field names may not start with '$'.");
    name = path.slice(0, -2);
    if (state.positional !== undefined)
      throw new CommandError(31276, 'Cannot specify more than one positional projection per query.');
    if (!isFlag(value) || !truthy(value))
      throw new CommandError(31271, 'positional projection cannot be used with an expression or sub object');
    state.positional = name;
    if (state.excludes) state.clash ??= path;
    state.includes = true;
    leaf = { kind: 'include' };
  } else if (isFlag(value)) {
    const yes = truthy(value);
    leaf = { kind: yes ? 'include' : 'exclude' };
    if (yes ? state.excludes : state.includes) state.clash ??= path;
    if (!yes && !state.includes) state.firstExclude = true;
    if (yes) state.includes = true;
    else state.excludes = true;
  } else if (value instanceof Map && value.size > 0 && !isOperator(value)) {
    for (const [inner, innerValue] of value) collect(root, `${path}.${inner}`, innerValue, rules, state);
    return;
  } else if (value instanceof Map && value.size === 0) {
    throw new CommandError(
      51270,
      `An empty sub-projection is not a valid value. Found empty object at path '${path}'`,
    );
  } else leaf = special(path, value, rules, state);
  if (state.positional !== undefined && state.kinds.has('elemMatch'))
    throw new CommandError(31255, 'Cannot specify positional operator and $elemMatch.');
  attach(root, name, leaf, path);
}

function isOperator(value: Doc): boolean {
  return (value.keys().next().value as string).startsWith('$');
}

function special(path: string, value: Value, rules: ProjectionRules, state: Collected): Leaf {
  if (value instanceof Map && rules.find) {
    const operand = value.get('$slice');
    if (operand !== undefined && !isExpressionSlice(operand)) {
      state.kinds.add('slice');
      return sliceLeaf(operand);
    }
    const match = value.get('$elemMatch');
    if (match !== undefined) {
      if (!(match instanceof Map))
        throw new CommandError(31274, 'elemMatch: Invalid argument, object required');
      if (path.includes('.'))
        throw new CommandError(31275, 'Cannot use $elemMatch projection on a nested field.');
      state.kinds.add('elemMatch');
      const compiled = compileFilter(new Map([['x', new Map([['$elemMatch', match]])]]));
      return { kind: 'elemMatch', predicate: compiled.predicate };
    }
  }
  if (value instanceof Map && value.has('$meta')) throw notBuilt('$meta');
  state.includes = true;
  return { kind: 'compute', expression: compileExpression(value) };
}

/** `{$slice: ["$field", n]}` is the expression; `{$slice: n}` and `{$slice: [skip, limit]}` the projection. */
function isExpressionSlice(operand: Value): boolean {
  return Array.isArray(operand) && !isNumber(operand[0]);
}

function sliceLeaf(operand: Value): Leaf {
  if (isNumber(operand)) return { kind: 'slice', skip: undefined, limit: Math.trunc(plainNumber(operand)) };
  if (Array.isArray(operand) && operand.length === 2 && operand.every(isNumber)) {
    const [skip, limit] = operand.map((part) => Math.trunc(plainNumber(part as Int))) as [number, number];
    if (limit <= 0)
      throw new CommandError(28724, 'First argument to $slice must be an array, but is of type: int');
    return { kind: 'slice', skip, limit };
  }
  throw new CommandError(28667, 'Invalid $slice syntax. The given syntax did not match the find() syntax.');
}

function attach(root: Branch, name: string, leaf: Node, path: string): void {
  const parts = name.split('.');
  let branch = root;
  parts.forEach((part, at) => {
    if (part === '') throw new CommandError(15998, 'FieldPath field names may not be empty strings.');
    if (part.startsWith('$'))
      throw new CommandError(16410, `FieldPath field names may not start with '$'. Given '${part}'.`);
    const known = branch.children.get(part);
    if (at === parts.length - 1) {
      if (known) throw new CommandError(31250, `Path collision at ${path}`);
      branch.children.set(part, leaf);
    } else {
      if (known && known.kind !== 'branch') {
        throw new CommandError(
          31249,
          `Path collision at ${path} remaining portion ${parts.slice(at + 1).join('.')}`,
        );
      }
      const next: Branch = (known as Branch | undefined) ?? { kind: 'branch', children: new Map() };
      branch.children.set(part, next);
      branch = next;
    }
  });
}

function neededFields(root: Branch): Set<string> | undefined {
  const fields = new Set<string>(root.children.keys());
  const walk = (node: Node): boolean => {
    if (node.kind === 'branch') return [...node.children.values()].every(walk);
    if (node.kind !== 'compute') return true;
    for (const field of node.expression.fields ?? []) fields.add(field);
    return node.expression.fields !== undefined;
  };
  return walk(root) ? fields : undefined;
}
