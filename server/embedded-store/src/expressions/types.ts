import type { Doc, Maybe, Value } from '../bson/values.js';

/** Variables set by $let, $map, $filter, $reduce and $lookup, innermost first. */
export interface Variables {
  name: string;
  value: Maybe;
  next: Variables | undefined;
}

export interface Scope {
  root: Doc;
  current: Maybe;
  variables?: Variables;
}

export interface Expression {
  evaluate(scope: Scope): Maybe;
  /** Top-level fields of the document it reads; undefined when it may read any. */
  fields: Set<string> | undefined;
  /** Set when it is the same for every document. */
  constant?: boolean;
}

/** Turns the operand of one operator into an expression; `compile` handles what is nested in it. */
export type OperatorCompiler = (
  operand: Value,
  compile: (value: Value) => Expression,
  name: string,
) => Expression;

export function mergeFields(parts: readonly Expression[]): Set<string> | undefined {
  const merged = new Set<string>();
  for (const part of parts) {
    if (!part.fields) return undefined;
    for (const field of part.fields) merged.add(field);
  }
  return merged;
}
