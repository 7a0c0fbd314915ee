import { type Doc, Int, int, isDoc, type Maybe, type Value } from '../bson/values.js';
import { compareValues } from '../codec/compare.js';
import { isNumber, type NumberValue } from '../codec/exact.js';
import { hashKey } from '../codec/key.js';
import { CommandError } from '../errors.js';
import { compileExpression } from '../expressions/compile.js';
import { isNullish } from '../expressions/truth.js';
import type { Expression, Scope } from '../expressions/types.js';
import { average, percentile, percentileOperands, Sum } from './totals.js';

export interface Accumulator {
  add(scope: Scope): void;
  result(): Maybe;
}

export interface AccumulatorMaker {
  fields: Set<string> | undefined;
  start(): Accumulator;
  /** It only counts documents. */
  counts?: boolean;
}

type Starter = (argument: Expression) => () => Accumulator;

const sum: Starter = (argument) => () => {
  const total = new Sum();
  return { add: (scope) => total.add(argument.evaluate(scope)), result: () => total.result() };
};

const avg: Starter = (argument) => () => {
  const total = new Sum();
  let count = 0;
  return {
    add: (scope) => {
      const value = argument.evaluate(scope);
      if (!isNumber(value)) return;
      total.add(value);
      count += 1;
    },
    result: () => average(total.result(), count),
  };
};

function extreme(sign: number): Starter {
  return (argument) => () => {
    let best: Maybe;
    return {
      add: (scope) => {
        const value = argument.evaluate(scope);
        if (isNullish(value)) return;
        if (best === undefined || compareValues(value, best) * sign > 0) best = value;
      },
      result: () => best ?? null,
    };
  };
}

const first: Starter = (argument) => () => {
  let seen = false;
  let value: Maybe;
  return {
    add: (scope) => {
      if (!seen) value = argument.evaluate(scope);
      seen = true;
    },
    result: () => value ?? null,
  };
};

const last: Starter = (argument) => () => {
  let value: Maybe;
  return {
    add: (scope) => {
      value = argument.evaluate(scope);
    },
    result: () => value ?? null,
  };
};

const push: Starter = (argument) => () => {
  const values: Value[] = [];
  return {
    add: (scope) => {
      const value = argument.evaluate(scope);
      if (value !== undefined) values.push(value);
    },
    result: () => values,
  };
};

const addToSet: Starter = (argument) => () => {
  const values = new Map<string, Value>();
  return {
    add: (scope) => {
      const value = argument.evaluate(scope);
      if (value === undefined) return;
      const text = hashKey(value);
      if (!values.has(text)) values.set(text, value);
    },
    result: () => [...values.values()],
  };
};

const mergeObjects: Starter = (argument) => () => {
  const merged: Doc = new Map();
  return {
    add: (scope) => {
      const value = argument.evaluate(scope);
      if (isNullish(value)) return;
      if (!isDoc(value)) throw new CommandError(40400, '$mergeObjects requires object inputs');
      for (const [name, inner] of value) merged.set(name, inner);
    },
    result: () => merged,
  };
};

/** Every accumulator that takes one expression. */
const accumulators: Readonly<Record<string, Starter>> = {
  $sum: sum,
  $avg: avg,
  $min: extreme(-1),
  $max: extreme(1),
  $first: first,
  $last: last,
  $push: push,
  $addToSet: addToSet,
  $mergeObjects: mergeObjects,
};

export const accumulatorNames = [...Object.keys(accumulators), '$count', '$percentile', '$median'];

export function compileAccumulator(name: string, spec: Value): AccumulatorMaker {
  if (!isDoc(spec) || spec.size !== 1) {
    throw new CommandError(40234, `The field '${name}' must be an accumulator object`);
  }
  const [operator, operand] = spec.entries().next().value as [string, Value];
  if (operator === '$count') {
    if (!isDoc(operand) || operand.size > 0)
      throw new CommandError(9, '$count takes no arguments, i.e. $count:{}');
    return { fields: new Set(), counts: true, start: sum({ fields: new Set(), evaluate: () => int(1) }) };
  }
  if (operator === '$percentile' || operator === '$median') {
    return percentiles(operand, operator === '$median', operator);
  }
  const starter = accumulators[operator];
  if (!starter) throw new CommandError(15952, `unknown group operator '${operator}'`);
  const argument = compileExpression(operand);
  const counts = operator === '$sum' && operand instanceof Int && operand.value === 1;
  return { fields: argument.fields, counts, start: starter(argument) };
}

function percentiles(operand: Value, median: boolean, name: string): AccumulatorMaker {
  const { input, wanted } = percentileOperands(operand, compileExpression, median, name);
  return {
    fields: input.fields,
    start: () => {
      const values: NumberValue[] = [];
      return {
        add: (scope) => {
          const value = input.evaluate(scope);
          if (isNumber(value)) values.push(value);
        },
        result: () => (median ? percentile(values, 0.5) : wanted.map((p) => percentile(values, p))),
      };
    },
  };
}
