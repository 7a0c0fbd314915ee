import { describeValue } from '../bson/describe.js';
import { type TypeName, typeNumbers } from '../bson/types.js';
import { Binary, type Maybe, Regex, type Value } from '../bson/values.js';
import { isNumber, plainNumber } from '../codec/exact.js';
import { badValue, CommandError, codes, failedToParse } from '../errors.js';
import type { BitsMode, Test } from './filter-types.js';
import { compileRegex } from './regex.js';

export function regexTest(regex: Regex): Test {
  compileRegex(regex);
  return { op: 'regex', regex };
}

export function parseRegex(operand: Value, options: Maybe): Regex {
  if (options !== undefined && typeof options !== 'string') throw badValue('$options has to be a string');
  if (operand instanceof Regex) {
    if (options !== undefined && operand.options !== '') {
      throw new CommandError(51075, 'options set in both $regex and $options');
    }
    return options === undefined ? operand : new Regex(operand.pattern, options as string);
  }
  if (typeof operand !== 'string') throw badValue('$regex has to be a string');
  return new Regex(operand, (options as string | undefined) ?? '');
}

export function parseTypes(operand: Value): Set<TypeName> {
  const wanted = Array.isArray(operand) ? operand : [operand];
  if (wanted.length === 0) throw badValue('$type must match at least one type');
  const types = new Set<TypeName>();
  for (const entry of wanted) {
    if (entry === 'number') for (const name of ['int', 'long', 'double', 'decimal'] as const) types.add(name);
    else if (typeof entry === 'string') {
      if (!(entry in typeNumbers)) throw badValue(`Unknown type name alias: ${entry}`);
      types.add(entry as TypeName);
    } else if (isNumber(entry)) {
      const number = plainNumber(entry);
      const found = Object.entries(typeNumbers).find(([, code]) => code === number);
      if (!found) throw badValue(`Invalid numerical type code: ${describeValue(entry)}`);
      types.add(found[0] as TypeName);
    } else throw new CommandError(codes.typeMismatch, 'type must be represented as a number or a string');
  }
  return types;
}

export function parseMod(operand: Value): Test {
  if (!Array.isArray(operand)) throw badValue('malformed mod, needs to be an array');
  if (operand.length < 2) throw badValue('malformed mod, not enough elements');
  if (operand.length > 2) throw badValue('malformed mod, too many elements');
  const [divisor, remainder] = operand.map((part, at) => {
    if (!isNumber(part)) throw badValue(`malformed mod, ${at === 0 ? 'divisor' : 'remainder'} not a number`);
    const number = plainNumber(part);
    if (!(Math.abs(number) <= 2 ** 63))
      throw badValue(`malformed mod, ${at === 0 ? 'divisor' : 'remainder'} value is invalid`);
    return typeof part === 'bigint' ? part : BigInt(Math.trunc(number));
  }) as [bigint, bigint];
  if (divisor === 0n) throw badValue('divisor cannot be 0');
  return { op: 'mod', divisor, remainder };
}

export function parseBits(operator: string, operand: Value): Test {
  const mode = (operator[5] as string).toLowerCase() + operator.slice(6);
  return { op: 'bits', mode: mode as BitsMode, mask: bitMask(operator, operand) };
}

function bitMask(operator: string, operand: Value): bigint {
  if (operand instanceof Binary) return bitsOf(operand);
  if (Array.isArray(operand)) {
    let mask = 0n;
    for (const entry of operand) {
      const bit = isNumber(entry) ? plainNumber(entry) : -1;
      if (!Number.isInteger(bit) || bit < 0) throw badValue('bit positions must be an integer >= 0');
      mask |= 1n << BigInt(Math.min(bit, 4096));
    }
    return mask;
  }
  if (!isNumber(operand)) throw badValue(`${operator} takes an Array, a number, or a BinData`);
  const number = plainNumber(operand);
  if (!Number.isInteger(number)) throw failedToParse(`Expected an integer: ${operator}`);
  if (number < 0) throw failedToParse(`Expected a non-negative number in: ${operator}`);
  if (number > 2 ** 63) throw failedToParse(`Cannot represent as a 64-bit integer: ${operator}`);
  return typeof operand === 'bigint' ? operand : BigInt(number);
}

/** The bits of binary data, the first byte's first; beyond its end they are clear. */
export function bitsOf({ bytes }: Binary): bigint {
  return BigInt(`0x0${Buffer.from(bytes).reverse().toString('hex')}`);
}
