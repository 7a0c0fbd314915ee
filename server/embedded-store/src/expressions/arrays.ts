import { typeName } from '../bson/types.js';
import { type Doc, int, isDoc, type Maybe, type Value } from '../bson/values.js';
import { equalValues } from '../codec/compare.js';
import { CommandError } from '../errors.js';
import { needArray, wholeNumber } from './array-operands.js';
import { namedOperand, unary, withArguments } from './operator.js';
import { isNullish } from './truth.js';
import { mergeFields, type OperatorCompiler } from './types.js';

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
  const start = args.length < 3 ? 0 : wholeNumber(args[2], '$indexOfArray');
  const end = args.length < 4 ? array.length : wholeNumber(args[3], '$indexOfArray');
  if (start < 0 || end < 0)
    throw new CommandError(40097, '$indexOfArray requires a nonnegative start and end index');
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

function concatArrays(args: Maybe[]): Maybe {
  const result: Value[] = [];
  for (const value of args) {
    if (isNullish(value)) return null;
    result.push(...needArray(value, '$concatArrays', 28664));
  }
  return result;
}

function includes(value: Maybe, list: Maybe): Maybe {
  if (!Array.isArray(list))
    throw new CommandError(40081, `$in requires an array as a second argument, found: ${typeName(list)}`);
  return list.some((element) => equalValues(element, value));
}

const zip: OperatorCompiler = (operand, compile, name) => {
  const given = namedOperand(operand, ['inputs'], ['useLongestLength', 'defaults'], name);
  const list = given.get('inputs');
  if (!Array.isArray(list))
    throw new CommandError(34461, `inputs must be an array of expressions, found ${typeName(list)}`);
  if (list.length === 0) throw new CommandError(34465, '$zip requires at least one input array');
  const longest = given.get('useLongestLength') ?? false;
  if (typeof longest !== 'boolean')
    throw new CommandError(34463, `useLongestLength must be a bool, found ${typeName(longest)}`);
  const fillers = given.get('defaults') ?? [];
  if (given.has('defaults') && !longest)
    throw new CommandError(34466, 'cannot specify defaults unless useLongestLength is true');
  if (!Array.isArray(fillers) || (given.has('defaults') && fillers.length !== list.length))
    throw new CommandError(34467, 'defaults and inputs must have the same length');
  const inputs = list.map(compile);
  const defaults = fillers.map(compile);
  return {
    fields: mergeFields([...inputs, ...defaults]),
    evaluate: (scope) => {
      const values = inputs.map((input) => input.evaluate(scope));
      if (values.some(isNullish)) return null;
      const arrays = values.map((value) => needArray(value, '$zip', 34468));
      const fill = defaults.map((value) => value.evaluate(scope) ?? null);
      const lengths = arrays.map((array) => array.length);
      const length = longest ? Math.max(...lengths) : Math.min(...lengths);
      return Array.from({ length }, (_, at) =>
        arrays.map((array, which) => (at < array.length ? (array[at] as Value) : (fill[which] ?? null))),
      );
    },
  };
};

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
  $zip: zip,
  $mergeObjects: withArguments(0, Number.MAX_SAFE_INTEGER, mergeObjects),
  $objectToArray: unary(objectToArray),
  $arrayToObject: unary(arrayToObject),
};
