import { average, percentile, percentileOperands, Sum } from '../aggregate/totals.js';
import type { Maybe } from '../bson/values.js';
import { compareValues } from '../codec/compare.js';
import { isNumber } from '../codec/exact.js';
import { isNullish } from './truth.js';
import { mergeFields, type OperatorCompiler } from './types.js';

/** The accumulators that also work on a list of values: one array, or several arguments. */
function overValues(run: (values: Maybe[]) => Maybe): OperatorCompiler {
  return (operand, compile) => {
    const list = Array.isArray(operand) ? operand : [operand];
    const parts = list.map(compile);
    return {
      fields: mergeFields(parts),
      constant: parts.every((part) => part.constant),
      evaluate: (scope) => {
        const values = parts.map((part) => part.evaluate(scope));
        return run(values.length === 1 && Array.isArray(values[0]) ? values[0] : values);
      },
    };
  };
}

function sum(values: Maybe[]): Maybe {
  const total = new Sum();
  for (const value of values) total.add(value);
  return total.result();
}

function avg(values: Maybe[]): Maybe {
  const numbers = values.filter(isNumber);
  return average(sum(numbers) as ReturnType<Sum['result']>, numbers.length);
}

function extreme(sign: number): OperatorCompiler {
  return overValues((values) => {
    let best: Maybe;
    for (const value of values) {
      if (!isNullish(value) && (best === undefined || compareValues(value, best) * sign > 0)) best = value;
    }
    return best ?? null;
  });
}

function percentiles(median: boolean): OperatorCompiler {
  return (operand, compile, name) => {
    const { input, wanted } = percentileOperands(operand, compile, median, name);
    return {
      fields: input.fields,
      evaluate: (scope) => {
        const value = input.evaluate(scope);
        const numbers = (Array.isArray(value) ? value : [value]).filter(isNumber);
        const results = wanted.map((p) => percentile(numbers, p));
        return median ? (results[0] ?? null) : results;
      },
    };
  };
}

export const totals: Record<string, OperatorCompiler> = {
  $sum: overValues(sum),
  $avg: overValues(avg),
  $min: extreme(-1),
  $max: extreme(1),
  $percentile: percentiles(false),
  $median: percentiles(true),
};
