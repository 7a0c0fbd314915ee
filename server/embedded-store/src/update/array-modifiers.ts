import { describeValue } from '../bson/describe.js';
import { typeName } from '../bson/types.js';
import { cloneValue, type Doc, isDoc, type Maybe, Regex, type Value } from '../bson/values.js';
import { compareValues, equalValues } from '../codec/compare.js';
import { isNumber, plainNumber } from '../codec/exact.js';
import { hashKey } from '../codec/key.js';
import { badValue, failedToParse, typeMismatch } from '../errors.js';
import { isOperatorDocument } from '../query/filter.js';
import { compileFilter } from '../query/match.js';
import { compareByFields, parseSort } from '../query/sort.js';
import type { ModifierMaker } from './modifier.js';
import { getAt, setAt, viableAt } from './paths.js';

function arrayAt(document: Doc, parts: readonly string[], operator: string): Value[] | undefined {
  const current = getAt(document, parts);
  if (current === undefined) return undefined;
  if (!Array.isArray(current)) {
    throw badValue(
      `The field '${parts.join('.')}' must be an array but is of type ${typeName(current)} in document {_id: ${describeValue(document.get('_id'))}} (${operator})`,
    );
  }
  return current;
}

function integer(value: Maybe, name: string): number | undefined {
  if (value === undefined) return undefined;
  const number = isNumber(value) ? plainNumber(value) : Number.NaN;
  if (!Number.isInteger(number))
    throw badValue(`The value for ${name} must be an integer value but was given type: ${typeName(value)}`);
  return number;
}

function eachOf(operand: Value, operator: string): Value[] | undefined {
  if (!isDoc(operand) || !operand.has('$each')) return undefined;
  const each = operand.get('$each');
  if (!Array.isArray(each))
    throw badValue(
      `The argument to $each in ${operator} must be an array but it was of type ${typeName(each)}`,
    );
  return each;
}

const push: ModifierMaker = (operand) => {
  const each = eachOf(operand, '$push');
  if (!each) return { run: (document, parts) => pushInto(document, parts, [operand], {}) };
  const options = operand as Doc;
  for (const name of options.keys()) {
    if (!['$each', '$slice', '$sort', '$position'].includes(name))
      throw badValue(`Unrecognized clause in $push: ${name}`);
  }
  const how = {
    slice: integer(options.get('$slice'), '$slice'),
    position: integer(options.get('$position'), '$position'),
    order: orderOf(options.get('$sort')),
  };
  return {
    always: each.length > 0 || how.order !== undefined,
    run: (document, parts) => pushInto(document, parts, each, how),
  };
};

type Order = (a: Value, b: Value) => number;

function orderOf(sort: Maybe): Order | undefined {
  if (sort === undefined) return undefined;
  if (isDoc(sort)) {
    const fields = parseSort(sort);
    if (fields.length === 0) throw badValue('The $sort pattern is empty when it should be a set of fields.');
    return (a, b) => compareByFields(a, b, fields);
  }
  const direction = isNumber(sort) ? plainNumber(sort) : 0;
  if (direction !== 1 && direction !== -1) {
    throw badValue('The $sort element value must be either 1 or -1');
  }
  return (a, b) => compareValues(a, b) * direction;
}

function pushInto(
  document: Doc,
  parts: readonly string[],
  added: Value[],
  how: { slice?: number | undefined; position?: number | undefined; order?: Order | undefined },
): void {
  const array = [...(arrayAt(document, parts, '$push') ?? [])];
  const at = how.position ?? array.length;
  array.splice(at < 0 ? Math.max(0, array.length + at) : at, 0, ...added.map(cloneValue));
  if (how.order) array.sort(how.order);
  let result = array;
  if (how.slice !== undefined) result = how.slice >= 0 ? array.slice(0, how.slice) : array.slice(how.slice);
  setAt(document, parts, result);
}

const addToSet: ModifierMaker = (operand) => {
  const each = eachOf(operand, '$addToSet');
  if (each && (operand as Doc).size > 1) throw badValue('Found unexpected fields after $each in $addToSet');
  return {
    run: (document, parts) => {
      const array = [...(arrayAt(document, parts, '$addToSet') ?? [])];
      if (!each) {
        if (!array.some((known) => equalValues(known, operand))) array.push(cloneValue(operand));
      } else {
        // Many against many: looked up, not compared one by one.
        const known = new Set(array.map(hashKey));
        for (const value of each) {
          const key = hashKey(value);
          if (known.has(key)) continue;
          known.add(key);
          array.push(cloneValue(value));
        }
      }
      setAt(document, parts, array);
    },
  };
};

const pop: ModifierMaker = (operand, path) => {
  const direction = isNumber(operand) ? plainNumber(operand) : Number.NaN;
  if (direction !== 1 && direction !== -1)
    throw failedToParse(`$pop expects 1 or -1, found: ${describeValue(operand)} at ${path}`);
  return {
    run: (document, parts) => {
      const current = viableAt(document, parts);
      if (current === undefined) return;
      if (!Array.isArray(current)) {
        throw typeMismatch(`Path '${path}' contains an element of non-array type '${typeName(current)}'`);
      }
      setAt(document, parts, direction === 1 ? current.slice(0, -1) : current.slice(1));
    },
  };
};

function remover(operator: string, removes: (value: Value) => boolean): ReturnType<ModifierMaker> {
  return {
    run: (document, parts) => {
      const current = viableAt(document, parts);
      if (current === undefined) return;
      if (!Array.isArray(current)) throw badValue(`Cannot apply ${operator} to a non-array value`);
      setAt(
        document,
        parts,
        current.filter((value) => !removes(value)),
      );
    },
  };
}

const pullAll: ModifierMaker = (operand) => {
  if (!Array.isArray(operand))
    throw badValue(`$pullAll requires an array argument but was given a ${typeName(operand)}`);
  const unwanted = new Set(operand.map(hashKey));
  return remover('$pullAll', (value) => unwanted.has(hashKey(value)));
};

/** A document of conditions is a query on each element; operators or a plain value are about the element itself. */
const pull: ModifierMaker = (operand) => {
  if (isDoc(operand) && !isOperatorDocument(operand)) {
    const { predicate } = compileFilter(operand);
    return remover('$pull', (value) => isDoc(value) && predicate(value));
  }
  if (isOperatorDocument(operand) || operand instanceof Regex) {
    const { predicate } = compileFilter(new Map([['x', operand]]));
    return remover('$pull', (value) => predicate(new Map([['x', value]])));
  }
  return remover('$pull', (value) => equalValues(value, operand));
};

export const arrayModifiers: Record<string, ModifierMaker> = {
  $push: push,
  $addToSet: addToSet,
  $pop: pop,
  $pull: pull,
  $pullAll: pullAll,
};
