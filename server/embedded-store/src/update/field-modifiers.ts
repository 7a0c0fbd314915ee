import { describeValue } from '../bson/describe.js';
import { typeName } from '../bson/types.js';
import { cloneValue, DateTime, type Doc, Int, int, isDoc, type Value } from '../bson/values.js';
import { compareValues } from '../codec/compare.js';
import { isNumber, type NumberValue } from '../codec/exact.js';
import { badValue, CommandError, codes, typeMismatch } from '../errors.js';
import { add, fitsLong, multiply } from '../expressions/numbers.js';
import { currentTimestamp } from '../expressions/variables.js';
import type { ModifierMaker } from './modifier.js';
import { getAt, setAt, unsetAt, viableAt } from './paths.js';

const set: ModifierMaker = (operand) => ({
  run: (document, parts) => setAt(document, parts, cloneValue(operand)),
});

const setOnInsert: ModifierMaker = (operand, path) => ({ ...set(operand, path), onlyOnInsert: true });

const unset: ModifierMaker = () => ({ run: (document, parts) => void unsetAt(document, parts) });

function numeric(
  operator: string,
  combine: (a: NumberValue, b: NumberValue) => NumberValue | undefined,
  ifMissing: (operand: NumberValue) => NumberValue,
): ModifierMaker {
  const verb = operator === '$inc' ? 'increment' : 'multiply';
  return (operand, path) => {
    if (!isNumber(operand)) {
      throw typeMismatch(`Cannot ${verb} with non-numeric argument: {${path}: ${describeValue(operand)}}`);
    }
    return {
      run: (document, parts) => {
        const current = getAt(document, parts);
        if (current !== undefined && !isNumber(current)) {
          throw typeMismatch(
            `Cannot apply ${operator} to a value of non-numeric type. {_id: ${describeValue(document.get('_id'))}} has the field '${parts[parts.length - 1]}' of non-numeric type ${typeName(current)}`,
          );
        }
        const result = current === undefined ? ifMissing(operand) : combine(current, operand);
        if (result === undefined) {
          throw badValue(
            `Failed to apply ${operator} operations to current value (${describeValue(current)})`,
          );
        }
        setAt(document, parts, result);
      },
    };
  };
}

function extreme(keeps: (order: number) => boolean): ModifierMaker {
  return (operand) => ({
    run: (document, parts) => {
      const current = getAt(document, parts);
      if (current === undefined || !keeps(compareValues(current, operand))) {
        setAt(document, parts, cloneValue(operand));
      }
    },
  });
}

/** $rename moves nothing out of an array nor into one. */
function refuseArrays(document: Doc, path: readonly string[]): void {
  for (let length = 1; length < path.length; length += 1) {
    if (!Array.isArray(getAt(document, path.slice(0, length)))) continue;
    throw badValue(
      `The source and destination field of $rename cannot be an array element, '${path.join('.')}' has an array field`,
    );
  }
}

const rename: ModifierMaker = (operand, path) => {
  if (typeof operand !== 'string')
    throw badValue(`The 'to' field for $rename must be a string: ${path}: ${describeValue(operand)}`);
  if (operand === path)
    throw badValue(`The source and target field for $rename must differ: ${path}: "${operand}"`);
  if ([path, operand].some((name) => name.split('.').some((part) => part.startsWith('$')))) {
    throw badValue(`The source or target field for $rename may not be dynamic: ${path}`);
  }
  const target = operand.split('.');
  if (operand.startsWith(`${path}.`) || path.startsWith(`${operand}.`))
    throw badValue(
      `The source and target field for $rename must not be on the same path: ${path}: "${operand}"`,
    );
  if (target.includes(''))
    throw new CommandError(
      56,
      `The update path '${operand}' contains an empty field name, which is not allowed.`,
    );
  return {
    alsoWrites: target,
    run: (document, parts) => {
      refuseArrays(document, parts);
      const value = viableAt(document, parts);
      if (value === undefined) return;
      refuseArrays(document, target);
      // A target that exists keeps its place.
      setAt(document, target, value);
      unsetAt(document, parts);
    },
  };
};

const currentDate: ModifierMaker = (operand) => {
  let type: Value | undefined = operand;
  if (isDoc(operand)) {
    type = operand.get('$type');
    if (operand.size !== 1 || (type !== 'date' && type !== 'timestamp')) {
      throw badValue("The '$type' string field is required to be 'date' or 'timestamp'");
    }
  } else if (typeof operand !== 'boolean') {
    throw badValue(
      `${typeName(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression`,
    );
  }
  return {
    always: true,
    run: (document, parts) =>
      setAt(document, parts, type === 'timestamp' ? currentTimestamp() : new DateTime(Date.now())),
  };
};

const bit: ModifierMaker = (operand, path) => {
  if (!isDoc(operand) || operand.size === 0)
    throw badValue(`The $bit modifier is not compatible with this argument at ${path}`);
  const steps = [...operand].map(([name, value]) => {
    if (!['and', 'or', 'xor'].includes(name))
      throw badValue(`The $bit modifier only supports 'and', 'or', and 'xor', not '${name}'`);
    if (!(value instanceof Int) && typeof value !== 'bigint')
      throw badValue(`The $bit modifier field must be an Integer(32/64 bit)`);
    return { name, value };
  });
  return {
    run: (document, parts) => {
      let current = getAt(document, parts);
      // Only what is missing counts as 0; null is refused.
      if (current === undefined) current = int(0);
      for (const { name, value } of steps) {
        if (!(current instanceof Int) && typeof current !== 'bigint') {
          throw badValue(`Cannot apply $bit to a value of non-integral type ${typeName(current)}`);
        }
        const wide: boolean = typeof current === 'bigint' || typeof value === 'bigint';
        const a: bigint = current instanceof Int ? BigInt(current.value) : current;
        const b: bigint = value instanceof Int ? BigInt(value.value) : value;
        const result: bigint = name === 'and' ? a & b : name === 'or' ? a | b : a ^ b;
        if (!fitsLong(result)) throw new CommandError(codes.overflow, 'bit result out of range');
        current = wide ? result : int(Number(result));
      }
      setAt(document, parts, current);
    },
  };
};

export const fieldModifiers: Record<string, ModifierMaker> = {
  $set: set,
  $setOnInsert: setOnInsert,
  $unset: unset,
  $inc: numeric('$inc', add, (operand) => operand),
  // A missing field counts as the int 0: so -0 and NaN come about.
  $mul: numeric('$mul', multiply, (operand) => multiply(int(0), operand) as NumberValue),
  $min: extreme((order) => order <= 0),
  $max: extreme((order) => order >= 0),
  $rename: rename,
  $currentDate: currentDate,
  $bit: bit,
};
