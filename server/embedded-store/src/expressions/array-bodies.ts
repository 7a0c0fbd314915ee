import { isDoc, type Maybe, type Value } from '../bson/values.js';
import { compareValues } from '../codec/compare.js';
import { isNumber } from '../codec/exact.js';
import { CommandError } from '../errors.js';
import { compareByFields, parseSort } from '../query/sort.js';
import { needArray, wholeNumber } from './array-operands.js';
import { toDouble } from './numbers.js';
import { bind, namedOperand } from './operator.js';
import { isNullish, truthy } from './truth.js';
import { mergeFields, type OperatorCompiler } from './types.js';
import { declaring } from './variables.js';

/** $filter, $map: an expression per element with the element as a variable. */
function perElement(
  required: string[],
  optional: string[],
  bodyName: string,
  run: (array: Value[], each: (element: Value) => Maybe, limit: number) => Value[],
): OperatorCompiler {
  return (operand, compile, name) => {
    const given = namedOperand(operand, required, optional, name);
    const input = compile(given.get('input') as Value);
    const as = (given.get('as') as string | undefined) ?? 'this';
    const limit = given.has('limit') ? compile(given.get('limit') as Value) : undefined;
    const body = declaring([{ name: as }], () => compile(given.get(bodyName) as Value));
    return {
      fields: mergeFields([input, body, ...(limit ? [limit] : [])]),
      evaluate: (scope) => {
        const list = input.evaluate(scope);
        if (isNullish(list)) return null;
        const array = needArray(list, name, 28651);
        const most = limit?.evaluate(scope);
        const count = isNullish(most) ? Number.MAX_SAFE_INTEGER : wholeNumber(most, name);
        if (count < 1) throw new CommandError(327392, '$filter: limit must be greater than 0');
        return run(array, (element) => body.evaluate(bind(scope, as, element)), count);
      },
    };
  };
}

const filter = perElement(['input', 'cond'], ['as', 'limit'], 'cond', (array, each, limit) => {
  const kept: Value[] = [];
  for (const element of array) {
    if (kept.length === limit) break;
    if (truthy(each(element))) kept.push(element);
  }
  return kept;
});

const map = perElement(['input', 'in'], ['as'], 'in', (array, each) =>
  array.map((element) => each(element) ?? null),
);

const reduce: OperatorCompiler = (operand, compile, name) => {
  const given = namedOperand(operand, ['input', 'initialValue', 'in'], [], name);
  const input = compile(given.get('input') as Value);
  const initial = compile(given.get('initialValue') as Value);
  const body = declaring([{ name: 'this' }, { name: 'value' }], () => compile(given.get('in') as Value));
  return {
    fields: mergeFields([input, initial, body]),
    evaluate: (scope) => {
      const list = input.evaluate(scope);
      if (isNullish(list)) return null;
      let value = initial.evaluate(scope);
      for (const element of needArray(list, '$reduce', 40080)) {
        value = body.evaluate(bind(bind(scope, 'this', element), 'value', value));
      }
      return value;
    },
  };
};

const letOperator: OperatorCompiler = (operand, compile, name) => {
  const given = namedOperand(operand, ['vars', 'in'], [], name);
  const vars = given.get('vars');
  if (!isDoc(vars)) throw new CommandError(16874, 'invalid parameter: expected an object (vars)');
  const parts = [...vars].map(([variable, value]) => ({ name: variable, expression: compile(value) }));
  const body = declaring(
    parts.map((part) => ({ name: part.name })),
    () => compile(given.get('in') as Value),
  );
  return {
    fields: mergeFields([body, ...parts.map((part) => part.expression)]),
    evaluate: (scope) => {
      let inner = scope;
      for (const part of parts) inner = bind(inner, part.name, part.expression.evaluate(scope));
      return body.evaluate(inner);
    },
  };
};

const sortArray: OperatorCompiler = (operand, compile, name) => {
  const given = namedOperand(operand, ['input', 'sortBy'], [], name);
  const input = compile(given.get('input') as Value);
  const by = given.get('sortBy') as Value;
  const fields = isDoc(by) ? parseSort(by) : undefined;
  const direction = isNumber(by) ? toDouble(by) : 0;
  if (!fields && direction !== 1 && direction !== -1)
    throw new CommandError(2942501, '$sortArray sortBy must be 1, -1 or an object');
  return {
    fields: input.fields,
    evaluate: (scope) => {
      const list = input.evaluate(scope);
      if (isNullish(list)) return null;
      const array = needArray(list, '$sortArray', 2942504);
      if (!fields) return [...array].sort((a, b) => compareValues(a, b) * direction);
      return [...array].sort((a, b) => compareByFields(a, b, fields));
    },
  };
};

/** Operators that hold an expression of their own, with variables. */
export const arrayBodies: Record<string, OperatorCompiler> = {
  $filter: filter,
  $map: map,
  $reduce: reduce,
  $let: letOperator,
  $sortArray: sortArray,
};
