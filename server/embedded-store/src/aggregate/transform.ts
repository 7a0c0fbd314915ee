import { typeName } from '../bson/types.js';
import { type Doc, isDoc, type Maybe, type Value } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { compileExpression, splitPath } from '../expressions/compile.js';
import type { Expression } from '../expressions/types.js';
import { compileProjection } from '../query/project.js';

/** A stage that makes one document of one document. */
export interface Transform {
  apply(document: Doc): Doc;
  /** Top-level fields of its input that can reach its output; undefined for all. */
  fields: Set<string> | undefined;
}

export function compileTransform(name: string, operand: Value): Transform {
  switch (name) {
    case '$set':
    case '$addFields':
      return addFields(operand, name);
    case '$unset':
      return unset(operand);
    case '$project':
      return project(operand);
    case '$replaceRoot': {
      const root = isDoc(operand) ? operand.get('newRoot') : undefined;
      if (root === undefined || (operand as Doc).size !== 1) {
        throw new CommandError(40231, 'no newRoot specified for the $replaceRoot stage');
      }
      return replaceRoot(root);
    }
    default:
      return replaceRoot(operand);
  }
}

function project(operand: Value): Transform {
  if (!isDoc(operand)) throw new CommandError(15969, '$project specification must be an object');
  if (operand.size === 0)
    throw new CommandError(
      51272,
      'Invalid $project :: caused by :: projection specification must have at least one field',
    );
  return compileProjection(operand, { find: false });
}

function unset(operand: Value): Transform {
  const names = Array.isArray(operand) ? operand : [operand];
  const spec: Doc = new Map();
  for (const name of names) {
    if (typeof name !== 'string')
      throw new CommandError(
        31120,
        '$unset specification must be a string or an array containing only string values',
      );
    if (spec.has(name))
      throw new CommandError(31250, `Invalid $unset :: caused by :: Path collision at ${name}`);
    spec.set(name, false);
  }
  if (spec.size === 0)
    throw new CommandError(
      31119,
      '$unset specification must be a string or an array with at least one field',
    );
  return compileProjection(spec, { find: false });
}

function replaceRoot(operand: Value): Transform {
  const expression = compileExpression(operand);
  return {
    fields: expression.fields,
    apply: (document) => {
      const value = expression.evaluate({ root: document, current: document });
      if (!isDoc(value)) {
        throw new CommandError(
          40228,
          `'newRoot' expression must evaluate to an object, but resulting value was of type: '${typeName(value)}'`,
        );
      }
      return value;
    },
  };
}

type Setter = { kind: 'value'; expression: Expression } | { kind: 'branch'; children: Map<string, Setter> };

function addFields(operand: Value, name: string): Transform {
  if (!isDoc(operand))
    throw new CommandError(40272, `${name} specification stage must be an object, got ${typeName(operand)}`);
  const root = new Map<string, Setter>();
  for (const [path, value] of operand) collect(root, splitPath(path), value);
  return {
    fields: undefined,
    apply: (document) => applySetters(document, root, { root: document, current: document }),
  };
}

function collect(children: Map<string, Setter>, parts: string[], value: Value): void {
  const [first, ...rest] = parts as [string, ...string[]];
  const nested = rest.length > 0 || (isDoc(value) && value.size > 0 && !isOperator(value));
  if (rest.length === 0 && isDoc(value) && value.size === 0) {
    throw new CommandError(
      40180,
      `an empty object is not a valid value. Found empty object at path '${first}'`,
    );
  }
  if (!nested) {
    if (children.has(first))
      throw new CommandError(40176, `Invalid specification: path collision at ${first}`);
    children.set(first, { kind: 'value', expression: compileExpression(value) });
    return;
  }
  const known = children.get(first);
  if (known?.kind === 'value')
    throw new CommandError(40176, `Invalid specification: path collision at ${first}`);
  const branch = known ?? { kind: 'branch' as const, children: new Map<string, Setter>() };
  children.set(first, branch);
  if (rest.length > 0) collect(branch.children, rest, value);
  else for (const [inner, innerValue] of value as Doc) collect(branch.children, splitPath(inner), innerValue);
}

function isOperator(value: Doc): boolean {
  return (value.keys().next().value as string).startsWith('$');
}

type EvaluationScope = Parameters<Expression['evaluate']>[0];

function applySetters(target: Doc, children: Map<string, Setter>, scope: EvaluationScope): Doc {
  const result: Doc = new Map(target);
  for (const [name, setter] of children) {
    const value: Maybe =
      setter.kind === 'value'
        ? setter.expression.evaluate(scope)
        : setInside(target.get(name), setter.children, scope);
    if (value === undefined) result.delete(name);
    else result.set(name, value);
  }
  return result;
}

/** A dotted path reaches into every element of an array; what is not a document is replaced by one. */
function setInside(value: Maybe, children: Map<string, Setter>, scope: EvaluationScope): Value {
  if (Array.isArray(value)) return value.map((element) => setInside(element, children, scope));
  return applySetters(isDoc(value) ? value : new Map(), children, scope);
}
