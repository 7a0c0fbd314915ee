import { typeName } from '../bson/types.js';
import { type Doc, int, isDoc, type Maybe, type Value } from '../bson/values.js';
import { compareValues, equalValues } from '../codec/compare.js';
import { isNumber } from '../codec/exact.js';
import { hashKey } from '../codec/key.js';
import { CommandError } from '../errors.js';
import { parseSort, sortKey } from '../query/sort.js';
import { toDouble } from './numbers.js';
import { bind, namedOperand, unary, withArguments } from './operator.js';
import { isNullish, truthy } from './truth.js';
import { mergeFields, type OperatorCompiler } from './types.js';
import { declaring } from './variables.js';

function needArray(value: Maybe, name: string, code: number): Value[] {
  if (Array.isArray(value)) return value;
  throw new CommandError(
    code,
    `The argument to ${name} must be an array, but was of type: ${typeName(value)}`,
  );
}

function wholeNumber(value: Maybe, name: string): number {
  const number = isNumber(value) ? toDouble(value) : Number.NaN;
  if (!Number.isInteger(number)) {
    throw new CommandError(
      28691,
      `${name}'s argument must be representable as a 32-bit integer: ${typeName(value)}`,
    );
  }
  return number;
}

function elementAt(list: Maybe, index: Maybe): Maybe {
  if (isNullish(list) || isNullish(index)) return null;
  const array = needArray(list, '$arrayElemAt', 28689);
  return array.at(wholeNumber(index, '$arrayElemAt'));
}

function slice(args: Maybe[]): Maybe {
  if (args.some(isNullish)) return null;
  const array = needArray(args[0], '$slice', 28724);
  const first = wholeNumber(args[1], '$slice');
  if (args.length === 2) return first >= 0 ? array.slice(0, first) : array.slice(first);
  const length = wholeNumber(args[2], '$slice');
  if (length <= 0) throw new CommandError(28729, `Third argument to $slice must be positive: ${length}`);
  const start = first >= 0 ? first : Math.max(0, array.length + first);
  return array.slice(start, start + length);
}

function indexOfArray(args: Maybe[]): Maybe {
  if (isNullish(args[0])) return null;
  const array = needArray(args[0], '$indexOfArray', 40090);
  const start = args[2] === undefined ? 0 : wholeNumber(args[2], '$indexOfArray');
  const end = args[3] === undefined ? array.length : wholeNumber(args[3], '$indexOfArray');
  for (let at = start; at < Math.min(end, array.length); at += 1)
    if (equalValues(array[at], args[1])) return int(at);
  return int(-1);
}

function range(args: Maybe[]): Maybe {
  const [start, end, step = 1] = args.map((value) => wholeNumber(value, '$range')) as [
    number,
    number,
    number?,
  ];
  if (step === 0) throw new CommandError(34449, '$range requires a non-zero step value');
  if (Math.abs((end - start) / step) > 1_000_000)
    throw new CommandError(34450, '$range would make too large an array');
  const values: Value[] = [];
  for (let at = start; step > 0 ? at < end : at > end; at += step) values.push(int(at));
  return values;
}

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
      const keyed = array.map((value) => ({ value, key: sortKey(isDoc(value) ? value : new Map(), fields) }));
      return keyed.sort((a, b) => Buffer.compare(a.key, b.key)).map(({ value }) => value);
    },
  };
};

function concatArrays(args: Maybe[]): Maybe {
  const result: Value[] = [];
  for (const value of args) {
    if (isNullish(value)) return null;
    result.push(...needArray(value, '$concatArrays', 28664));
  }
  return result;
}

function asSet(values: Value[]): Map<string, Value> {
  const set = new Map<string, Value>();
  for (const value of values) {
    const key = hashKey(value);
    if (!set.has(key)) set.set(key, value);
  }
  return set;
}

function sets(args: Maybe[], name: string): Map<string, Value>[] | undefined {
  if (args.some(isNullish)) return undefined;
  return args.map((value) => asSet(needArray(value, name, 17043)));
}

function union(args: Maybe[]): Maybe {
  const all = sets(args, '$setUnion');
  return all ? [...new Map(all.flatMap((set) => [...set])).values()].sort(compareValues) : null;
}

function intersection(args: Maybe[]): Maybe {
  const all = sets(args, '$setIntersection');
  if (!all) return null;
  const [first, ...rest] = all;
  return [...(first ?? new Map<string, Value>())]
    .filter(([key]) => rest.every((set) => set.has(key)))
    .map(([, value]) => value)
    .sort(compareValues);
}

function difference(args: Maybe[]): Maybe {
  const all = sets(args, '$setDifference');
  if (!all) return null;
  const [first, second] = all as [Map<string, Value>, Map<string, Value>];
  return [...first].filter(([key]) => !second.has(key)).map(([, value]) => value);
}

function strictSets(args: Maybe[], name: string): Map<string, Value>[] {
  return args.map((value) => asSet(needArray(value, name, 17046)));
}

function setEquals(args: Maybe[]): Maybe {
  const [first, ...rest] = strictSets(args, '$setEquals') as [Map<string, Value>, ...Map<string, Value>[]];
  return rest.every((set) => set.size === first.size && [...set.keys()].every((key) => first.has(key)));
}

function setIsSubset(args: Maybe[]): Maybe {
  const [first, second] = strictSets(args, '$setIsSubset') as [Map<string, Value>, Map<string, Value>];
  return [...first.keys()].every((key) => second.has(key));
}

function includes(value: Maybe, list: Maybe): Maybe {
  if (!Array.isArray(list))
    throw new CommandError(40081, `$in requires an array as a second argument, found: ${typeName(list)}`);
  return list.some((element) => equalValues(element, value));
}

function zip(operand: Value, compile: (value: Value) => import('./types.js').Expression, name: string) {
  const given = namedOperand(operand, ['inputs'], ['useLongestLength'], name);
  const inputs = compile(given.get('inputs') as Value);
  const longest = given.get('useLongestLength') === true;
  return {
    fields: inputs.fields,
    evaluate: (scope: import('./types.js').Scope): Maybe => {
      const lists = inputs.evaluate(scope) as Value[];
      if (lists.some(isNullish)) return null;
      const arrays = lists.map((list) => needArray(list, '$zip', 34468));
      const lengths = arrays.map((array) => array.length);
      const length = longest ? Math.max(...lengths) : Math.min(...lengths);
      return Array.from({ length }, (_, at) => arrays.map((array) => array[at] ?? null));
    },
  };
}

function mergeObjects(args: Maybe[]): Maybe {
  const result: Doc = new Map();
  for (const value of args.length === 1 && Array.isArray(args[0]) ? args[0] : args) {
    if (isNullish(value)) continue;
    if (!isDoc(value))
      throw new CommandError(
        40400,
        `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`,
      );
    for (const [name, inner] of value) result.set(name, inner);
  }
  return result;
}

function objectToArray(value: Maybe): Maybe {
  if (isNullish(value)) return null;
  if (!isDoc(value))
    throw new CommandError(40390, `$objectToArray requires a document input, found: ${typeName(value)}`);
  return [...value].map(
    ([k, v]) =>
      new Map<string, Value>([
        ['k', k],
        ['v', v],
      ]),
  );
}

function arrayToObject(value: Maybe): Maybe {
  if (isNullish(value)) return null;
  const result: Doc = new Map();
  for (const entry of needArray(value, '$arrayToObject', 40386)) {
    const [k, v] = Array.isArray(entry) ? entry : isDoc(entry) ? [entry.get('k'), entry.get('v')] : [];
    if (typeof k !== 'string' || v === undefined)
      throw new CommandError(40392, '$arrayToObject requires pairs of a string key and a value');
    result.set(k, v);
  }
  return result;
}

export const arrays: Record<string, OperatorCompiler> = {
  $size: unary((value) => int(needArray(value, '$size', 17124).length)),
  $isArray: unary((value) => Array.isArray(value)),
  $arrayElemAt: withArguments(2, 2, ([list, index]) => elementAt(list, index)),
  $first: unary((value) => (isNullish(value) ? null : needArray(value, '$first', 28689)[0])),
  $last: unary((value) => (isNullish(value) ? null : needArray(value, '$last', 28689).at(-1))),
  $slice: withArguments(2, 3, slice),
  $in: withArguments(2, 2, ([value, list]) => includes(value, list)),
  $indexOfArray: withArguments(2, 4, indexOfArray),
  $concatArrays: withArguments(0, Number.MAX_SAFE_INTEGER, concatArrays),
  $reverseArray: unary((value) =>
    isNullish(value) ? null : [...needArray(value, '$reverseArray', 34435)].reverse(),
  ),
  $range: withArguments(2, 3, range),
  $filter: filter,
  $map: map,
  $reduce: reduce,
  $let: letOperator,
  $sortArray: sortArray,
  $zip: zip,
  $setUnion: withArguments(0, Number.MAX_SAFE_INTEGER, union),
  $setIntersection: withArguments(0, Number.MAX_SAFE_INTEGER, intersection),
  $setDifference: withArguments(2, 2, difference),
  $setEquals: withArguments(2, Number.MAX_SAFE_INTEGER, setEquals),
  $setIsSubset: withArguments(2, 2, setIsSubset),
  $anyElementTrue: unary((value) => needArray(value, '$anyElementTrue', 17041).some(truthy)),
  $allElementsTrue: unary((value) => needArray(value, '$allElementsTrue', 17040).every(truthy)),
  $mergeObjects: withArguments(0, Number.MAX_SAFE_INTEGER, mergeObjects),
  $objectToArray: unary(objectToArray),
  $arrayToObject: unary(arrayToObject),
};
