import type { Doc, Maybe, Value } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { operators } from './registry.js';
import { type Expression, mergeFields, type Scope } from './types.js';
import { currentTime, declaredVariable } from './variables.js';

/** Compile an aggregation expression once; evaluate it for each document. */
export function compileExpression(value: Value): Expression {
  if (typeof value === 'string' && value.startsWith('$')) {
    return value.startsWith('$$') ? compileVariable(value.slice(2)) : compilePath(value.slice(1));
  }
  if (Array.isArray(value)) {
    const parts = value.map(compileExpression);
    return {
      fields: mergeFields(parts),
      constant: parts.every((part) => part.constant),
      evaluate: (scope) => parts.map((part) => part.evaluate(scope) ?? null),
    };
  }
  if (value instanceof Map) return compileDocument(value);
  return literal(value);
}

export function literal(value: Value): Expression {
  return { fields: new Set(), constant: true, evaluate: () => value };
}

function compileDocument(value: Doc): Expression {
  const first = value.keys().next().value;
  if (first?.startsWith('$')) {
    if (value.size > 1) {
      throw new CommandError(
        15983,
        `an object representing an expression must have exactly one field: ${[...value.keys()].join(', ')}`,
      );
    }
    const operand = value.get(first) as Value;
    if (first === '$literal' || first === '$const') return literal(operand);
    const operator = operators.get(first);
    if (!operator) throw new CommandError(168, `Unrecognized expression '${first}'`);
    return operator(operand, compileExpression, first);
  }
  const parts = [...value].map(([name, inner]) => {
    if (name.startsWith('$'))
      throw new CommandError(16410, `FieldPath field names may not start with '$'. Given '${name}'`);
    if (name.includes('.'))
      throw new CommandError(16412, `FieldPath field names may not contain '.' in '${name}'.`);
    return [name, compileExpression(inner)] as const;
  });
  const inner = parts.map(([, part]) => part);
  return {
    fields: mergeFields(inner),
    constant: inner.every((part) => part.constant),
    evaluate: (scope) => {
      const result: Doc = new Map();
      for (const [name, part] of parts) {
        const evaluated = part.evaluate(scope);
        if (evaluated !== undefined) result.set(name, evaluated);
      }
      return result;
    },
  };
}

function compilePath(path: string): Expression {
  const parts = splitPath(path);
  return {
    fields: new Set([parts[0] as string]),
    evaluate: (scope) => expressionPath(scope.current, parts, 0),
  };
}

export function splitPath(path: string): string[] {
  if (path === '') throw new CommandError(16872, "'$' by itself is not a valid FieldPath");
  if (path.endsWith('.')) throw new CommandError(40353, "FieldPath must not end with a '.'.");
  const parts = path.split('.');
  for (const part of parts) {
    if (part === '') throw new CommandError(15998, 'FieldPath field names may not be empty strings.');
    if (part.startsWith('$'))
      throw new CommandError(16410, `FieldPath field names may not start with '$'. Given '${part}'.`);
  }
  return parts;
}

/** In expressions a path over an array gives the array of what its documents have; positions mean nothing. */
export function expressionPath(node: Maybe, parts: readonly string[], at: number): Maybe {
  let current = node;
  for (let index = at; index < parts.length; index += 1) {
    if (current instanceof Map) current = current.get(parts[index] as string);
    else if (Array.isArray(current)) {
      const collected: Value[] = [];
      for (const element of current) {
        if (!(element instanceof Map) && !Array.isArray(element)) continue;
        // Only one level of array nesting is followed, as in MongoDB.
        if (Array.isArray(element)) continue;
        const value = expressionPath(element, parts, index);
        if (value !== undefined) collected.push(value);
      }
      return collected;
    } else return undefined;
  }
  return current;
}

export function checkVariableName(name: string): void {
  if (!/^[a-z\u0080-\uffff]/.test(name))
    throw new CommandError(9, `'${name}' starts with an invalid character for a user variable name`);
  const bad = /[^\w\u0080-\uffff]/.exec(name);
  if (bad)
    throw new CommandError(9, `'${name}' contains an invalid character for a variable name: '${bad[0]}'`);
}

const systemVariables = new Set([
  'ROOT',
  'CURRENT',
  'NOW',
  'REMOVE',
  'CLUSTER_TIME',
  'DESCEND',
  'PRUNE',
  'KEEP',
]);

function compileVariable(path: string): Expression {
  const parts = splitPath(path);
  const name = parts[0] as string;
  const rest = parts.slice(1);
  const follow = (value: Maybe) => (rest.length === 0 ? value : expressionPath(value, rest, 0));
  switch (name) {
    case 'ROOT':
      return {
        fields: rest.length > 0 ? new Set([rest[0] as string]) : undefined,
        evaluate: (scope) => follow(scope.root),
      };
    case 'CURRENT':
      return {
        fields: rest.length > 0 ? new Set([rest[0] as string]) : undefined,
        evaluate: (scope) => follow(scope.current),
      };
    case 'NOW': {
      // One instant for the whole command, also for the batches that are read later.
      const now = follow(currentTime());
      return { fields: new Set(), evaluate: () => now };
    }
    case 'REMOVE':
      return { fields: new Set(), evaluate: () => undefined };
    case 'CLUSTER_TIME':
      throw new CommandError(10071200, '$$CLUSTER_TIME is only available on replica sets');
  }
  if (systemVariables.has(name)) throw new CommandError(17276, `Use of undefined variable: ${name}`);
  checkVariableName(name);
  const variable = declaredVariable(name);
  if (!variable) throw new CommandError(17276, `Use of undefined variable: ${name}`);
  if ('value' in variable) {
    const value = follow(variable.value);
    return { fields: new Set(), constant: true, evaluate: () => value };
  }
  return {
    fields: new Set(),
    evaluate: (scope) => follow(lookup(scope, name)),
  };
}

function lookup(scope: Scope, name: string): Maybe {
  for (let frame = scope.variables; frame; frame = frame.next) if (frame.name === name) return frame.value;
  return undefined;
}
