import type { Doc, Maybe, Value } from '../bson/values.js';
import { CommandError } from '../errors.js';
import type { Expression, OperatorCompiler, Scope } from './types.js';
import { mergeFields } from './types.js';

/** An operator whose arguments are evaluated first; takes `min` to `max` of them, a single one also without array. */
export function withArguments(
  min: number,
  max: number,
  run: (args: Maybe[], scope: Scope) => Maybe,
): OperatorCompiler {
  return (operand, compile, name) => {
    const list = Array.isArray(operand) ? operand : [operand];
    if (list.length < min || list.length > max) {
      const wanted =
        min === max ? `exactly ${min} arguments` : `at least ${min} and at most ${max} arguments`;
      throw new CommandError(
        min === max ? 16020 : 28667,
        `Expression ${name} takes ${wanted}. ${list.length} were passed in.`,
      );
    }
    const parts = list.map(compile);
    return {
      fields: mergeFields(parts),
      constant: parts.every((part) => part.constant),
      evaluate: (scope) =>
        run(
          parts.map((part) => part.evaluate(scope)),
          scope,
        ),
    };
  };
}

export function unary(run: (value: Maybe) => Maybe): OperatorCompiler {
  return withArguments(1, 1, ([value]) => run(value));
}

/**
 * An operator that takes a document of named arguments; any other name is refused. What is given but missing in the
 * document is null, which is not the same as not given; only a replacement (onNull, onError) stays missing.
 */
export function withNames(
  required: readonly string[],
  optional: readonly string[],
  run: (args: Record<string, Maybe>, scope: Scope) => Maybe,
): OperatorCompiler {
  return (operand, compile, name) => {
    const given = namedOperand(operand, required, optional, name);
    const parts = [...given].map(([key, value]) => [key, compile(value)] as const);
    return {
      fields: mergeFields(parts.map(([, part]) => part)),
      constant: parts.every(([, part]) => part.constant),
      evaluate: (scope) => {
        const args: Record<string, Maybe> = {};
        for (const [key, part] of parts) {
          const value = part.evaluate(scope);
          args[key] = value === undefined && !key.startsWith('on') ? null : value;
        }
        return run(args, scope);
      },
    };
  };
}

export function namedOperand(
  operand: Value,
  required: readonly string[],
  optional: readonly string[],
  name: string,
): Doc {
  if (!(operand instanceof Map)) throw new CommandError(9, `${name} only supports an object as its argument`);
  for (const key of operand.keys()) {
    if (!required.includes(key) && !optional.includes(key)) {
      throw new CommandError(9, `Unrecognized argument to ${name}: ${key}`);
    }
  }
  for (const key of required) {
    if (!operand.has(key)) throw new CommandError(9, `Missing '${key}' parameter to ${name}`);
  }
  return operand;
}

/** Evaluate with one more variable in scope. */
export function bind(scope: Scope, name: string, value: Maybe): Scope {
  return { root: scope.root, current: scope.current, variables: { name, value, next: scope.variables } };
}

export function part(
  operand: Doc,
  key: string,
  compile: (value: Value) => Expression,
): Expression | undefined {
  const value = operand.get(key);
  return value === undefined ? undefined : compile(value);
}
