import { type Doc, isDoc, type Value } from '../bson/values.js';
import { isNumber, plainNumber } from '../codec/exact.js';
import { CommandError } from '../errors.js';
import type { SortField } from '../query/sort.js';
import { parseSort } from '../query/sort.js';

export function positiveCount(operand: Value, stage: string, least: number): number {
  const number = isNumber(operand) ? plainNumber(operand) : Number.NaN;
  if (!Number.isInteger(number)) {
    throw new CommandError(
      stage === '$limit' ? 5107201 : 5107200,
      `invalid argument to ${stage} stage: Expected an integer`,
    );
  }
  if (number < least) {
    throw new CommandError(
      stage === '$limit' ? 15958 : 5107200,
      stage === '$limit'
        ? 'the limit must be positive'
        : `invalid argument to ${stage} stage: Expected a non-negative number`,
    );
  }
  return number;
}

export function matchFilter(operand: Value): Doc {
  if (!isDoc(operand)) throw new CommandError(15959, 'the match filter must be an expression in an object');
  return operand;
}

export function sortFields(operand: Value): SortField[] {
  if (!isDoc(operand)) throw new CommandError(15973, 'the $sort key specification must be an object');
  if (operand.size === 0) throw new CommandError(15976, '$sort stage must have at least one sort key');
  return parseSort(operand);
}
