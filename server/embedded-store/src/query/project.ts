import type { Doc, Int, Value } from '../bson/values.js';
import { isNumber, plainNumber } from '../codec/exact.js';
import { badValue, CommandError, notBuilt } from '../errors.js';
import { compileExpression } from '../expressions/compile.js';
import { truthy } from '../expressions/truth.js';
import { compileFilter } from './match.js';
import type { Position } from './predicate.js';
import { type Branch, exclude, include, type Leaf, type Node } from './project-apply.js';

export interface Projection {
  apply(document: Doc, position?: Position): Doc;
  /** Top-level fields it reads; undefined when it may read any. */
  fields: Set<string> | undefined;
  positional: boolean;
}

export interface ProjectionRules {
  /** find allows $slice, $elemMatch and the positional operator; $project does not. */
  find: boolean;
}

/** Compile the projection of a find or a $project stage. */
export function compileProjection(spec: Doc, rules: ProjectionRules): Projection {
  const root: Branch = { kind: 'branch', children: new Map() };
  const state: Collected = { includes: false, excludes: false, positional: false };
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
  const only = rules.find ? spec.size > 0 : true;
  const onlySpecial = !state.includes && !state.excludes && root.children.size > 0;
  let including = state.includes;
  if (!state.includes && !state.excludes) {
    // Only _id, $slice and the like: _id decides, otherwise everything is kept.
    including = idRule === true ? only : onlySpecial && hasInclusiveSpecial(root);
  }
  if (including && idRule !== false && !root.children.has('_id')) {
    root.children = new Map<string, Node>([['_id', { kind: 'include' }], ...root.children]);
  }
  if (!including && idRule === false) root.children.set('_id', { kind: 'exclude' });
  return {
    positional: state.positional,
    fields: including ? neededFields(root) : undefined,
    apply: (document, position) => {
      const scope = { root: document, position };
      return including ? include(document, root, scope) : exclude(document, root, scope);
    },
  };
}

interface Collected {
  includes: boolean;
  excludes: boolean;
  positional: boolean;
  firstExclude?: boolean;
  clash?: string;
}

function isFlag(value: Value): boolean {
  return typeof value === 'boolean' || isNumber(value);
}

function hasInclusiveSpecial(root: Branch): boolean {
  return [...root.children.values()].some((node) =>
    node.kind === 'branch' ? hasInclusiveSpecial(node) : node.kind === 'compute' || node.kind === 'elemMatch',
  );
}

function collect(root: Branch, path: string, value: Value, rules: ProjectionRules, state: Collected): void {
  let name = path;
  let leaf: Node;
  if (path.endsWith('.$')) {
    if (!rules.find) throw new CommandError(16410, "FieldPath field names may not start with '$'.");
    name = path.slice(0, -2);
    if (state.positional)
      throw new CommandError(31276, 'Cannot specify more than one positional projection per query.');
    state.positional = true;
    state.includes = true;
    leaf = { kind: 'positional' };
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
  } else leaf = special(value, rules, state);
  attach(root, name, leaf, path);
}

function isOperator(value: Doc): boolean {
  return (value.keys().next().value as string).startsWith('$');
}

function special(value: Value, rules: ProjectionRules, state: Collected): Leaf {
  if (value instanceof Map && rules.find) {
    const operand = value.get('$slice');
    if (operand !== undefined && !isExpressionSlice(operand)) return sliceLeaf(operand);
    const match = value.get('$elemMatch');
    if (match !== undefined) {
      if (!(match instanceof Map)) throw badValue('$elemMatch: Invalid argument, object required');
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
