import { int } from '../bson/values.js';
import { compareValues } from '../codec/compare.js';
import { CommandError } from '../errors.js';
import { namedOperand, unary, withArguments } from './operator.js';
import { isNullish, truthy } from './truth.js';
import { mergeFields, type OperatorCompiler } from './types.js';

function comparison(accepts: (order: number) => boolean): OperatorCompiler {
  return withArguments(2, 2, ([a, b]) => accepts(compareValues(a, b)));
}

const and: OperatorCompiler = (operand, compile) => {
  const parts = (Array.isArray(operand) ? operand : [operand]).map(compile);
  return {
    fields: mergeFields(parts),
    evaluate: (scope) => parts.every((part) => truthy(part.evaluate(scope))),
  };
};

const or: OperatorCompiler = (operand, compile) => {
  const parts = (Array.isArray(operand) ? operand : [operand]).map(compile);
  return {
    fields: mergeFields(parts),
    evaluate: (scope) => parts.some((part) => truthy(part.evaluate(scope))),
  };
};

const cond: OperatorCompiler = (operand, compile, name) => {
  let list = operand;
  if (operand instanceof Map) {
    const named = namedOperand(operand, ['if', 'then', 'else'], [], name);
    list = ['if', 'then', 'else'].map((key) => named.get(key) ?? null);
  }
  if (!Array.isArray(list) || list.length !== 3) {
    throw new CommandError(16020, 'Expression $cond takes exactly 3 arguments.');
  }
  const parts = list.map(compile);
  const [condition, yes, no] = parts as [(typeof parts)[0], (typeof parts)[0], (typeof parts)[0]];
  return {
    fields: mergeFields(parts),
    evaluate: (scope) => (truthy(condition.evaluate(scope)) ? yes : no).evaluate(scope),
  };
};

const ifNull: OperatorCompiler = (operand, compile) => {
  const list = Array.isArray(operand) ? operand : [operand];
  if (list.length < 2) throw new CommandError(1257300, '$ifNull needs at least two arguments');
  const parts = list.map(compile);
  return {
    fields: mergeFields(parts),
    evaluate: (scope) => {
      for (const part of parts.slice(0, -1)) {
        const value = part.evaluate(scope);
        if (!isNullish(value)) return value;
      }
      return parts[parts.length - 1]?.evaluate(scope);
    },
  };
};

const switchOperator: OperatorCompiler = (operand, compile, name) => {
  const given = namedOperand(operand, ['branches'], ['default'], name);
  const list = given.get('branches');
  if (!Array.isArray(list)) throw new CommandError(40061, '$switch expected an array for branches');
  if (list.length === 0) throw new CommandError(40068, '$switch requires at least one branch.');
  const branches = list.map((branch) => {
    const named = namedOperand(branch, ['case', 'then'], [], name);
    return { when: compile(named.get('case') ?? null), result: compile(named.get('then') ?? null) };
  });
  const fallback = given.has('default') ? compile(given.get('default') ?? null) : undefined;
  return {
    fields: mergeFields([
      ...branches.flatMap((branch) => [branch.when, branch.result]),
      ...(fallback ? [fallback] : []),
    ]),
    evaluate: (scope) => {
      for (const { when, result } of branches)
        if (truthy(when.evaluate(scope))) return result.evaluate(scope);
      if (!fallback)
        throw new CommandError(
          40066,
          '$switch could not find a matching branch for an input, and no default was specified.',
        );
      return fallback.evaluate(scope);
    },
  };
};

export const logic: Record<string, OperatorCompiler> = {
  $eq: comparison((order) => order === 0),
  $ne: comparison((order) => order !== 0),
  $lt: comparison((order) => order < 0),
  $lte: comparison((order) => order <= 0),
  $gt: comparison((order) => order > 0),
  $gte: comparison((order) => order >= 0),
  $cmp: withArguments(2, 2, ([a, b]) => int(Math.sign(compareValues(a, b)))),
  $and: and,
  $or: or,
  $not: unary((value) => !truthy(value)),
  $cond: cond,
  $ifNull: ifNull,
  $switch: switchOperator,
};
