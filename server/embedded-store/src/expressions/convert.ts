import { Decimal, parseDecimal } from '../bson/decimal.js';
import { type TypeName, typeName, typeNumbers } from '../bson/types.js';
import { DateTime, Int, int, isDoc, type Maybe, ObjectId, type Value } from '../bson/values.js';
import { isNumber, type NumberValue } from '../codec/exact.js';
import { CommandError, isConversionFailure, notBuilt } from '../errors.js';
import { parseDate } from './calendar.js';
import { fitsLong, toDecimal, toDouble } from './numbers.js';
import { namedOperand, unary } from './operator.js';
import { isNullish, truthy } from './truth.js';
import { mergeFields, type OperatorCompiler } from './types.js';

function failed(value: Maybe, to: string, why = ''): CommandError {
  return new CommandError(
    241,
    `Failed to convert ${typeName(value)} to ${to} in $convert with no onError value${why ? `: ${why}` : ''}`,
  );
}

function unsupported(value: Maybe, to: string): CommandError {
  return new CommandError(
    241,
    `Unsupported conversion from ${typeName(value)} to ${to} in $convert with no onError value`,
  );
}

export function describeNumber(value: NumberValue): string {
  if (value instanceof Int) return String(value.value);
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return 'NaN';
    if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
    return doubleText(value);
  }
  return String(value);
}

/**
 * A double as text. Servers up to some 7.x print six digits, later ones as many as it takes: what both print alike
 * is printed, the rest is refused.
 */
function doubleText(value: number): string {
  if (Object.is(value, -0)) return '-0';
  const [mantissa, power] = value.toExponential(5).split('e') as [string, string];
  const exponent = Number(power);
  if (Number(value.toPrecision(6)) !== value || (exponent >= 6 && exponent < 16))
    throw notBuilt('a double of more than six digits as text: make it a decimal or a long first');
  if (exponent >= -4 && exponent < 6) return String(value);
  return `${Number(mantissa)}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function toWhole(value: Maybe, to: 'int' | 'long'): Value {
  let whole: bigint;
  if (typeof value === 'boolean') whole = value ? 1n : 0n;
  else if (typeof value === 'string') {
    if (!/^[+-]?\d+$/.test(value)) throw failed(value, to, 'the text is not a whole number');
    whole = BigInt(value.replace('+', ''));
  } else if (value instanceof DateTime && to === 'long') whole = BigInt(value.ms);
  else if (value instanceof Int) whole = BigInt(value.value);
  else if (typeof value === 'bigint') whole = value;
  else if (isNumber(value)) {
    const number = toDouble(value);
    if (!Number.isFinite(number)) throw failed(value, to, 'not a finite number');
    whole = value instanceof Decimal ? truncated(value) : BigInt(Math.trunc(number));
  } else throw unsupported(value, to);
  if (to === 'int') {
    if (whole > 2147483647n || whole < -2147483648n) throw failed(value, to, 'it would overflow');
    return int(Number(whole));
  }
  if (!fitsLong(whole)) throw failed(value, to, 'it would overflow');
  return whole;
}

function truncated(value: Decimal): bigint {
  const unit = 10n ** BigInt(Math.abs(value.exponent));
  return value.exponent < 0 ? value.signed / unit : value.signed * unit;
}

function toDoubleValue(value: Maybe): Value {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof DateTime) return value.ms;
  if (isNumber(value)) return toDouble(value);
  if (typeof value === 'string') {
    const word = /^([+-]?)(?:(nan)|inf(?:inity)?)$/i.exec(value);
    if (word) return word[2] ? Number.NaN : word[1] === '-' ? -Infinity : Infinity;
    if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value))
      throw failed(value, 'double', 'the text is not a number');
    const number = Number(value);
    const lost = number === 0 && /[1-9]/.test(value.replace(/e.*/i, ''));
    if (!Number.isFinite(number) || lost) throw failed(value, 'double', 'out of range');
    return number;
  }
  throw unsupported(value, 'double');
}

function toDecimalValue(value: Maybe): Value {
  if (typeof value === 'boolean') return toDecimal(int(value ? 1 : 0));
  if (value instanceof DateTime) return toDecimal(BigInt(value.ms));
  if (isNumber(value)) return toDecimal(value);
  if (typeof value === 'string') {
    const parsed = parseDecimal(value);
    if (!parsed) throw failed(value, 'decimal', 'the text is not a number');
    return parsed;
  }
  throw unsupported(value, 'decimal');
}

function toText(value: Maybe): Value {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (isNumber(value)) return describeNumber(value);
  if (value instanceof ObjectId) return value.toHex();
  if (value instanceof DateTime) return new Date(value.ms).toISOString();
  throw unsupported(value, 'string');
}

function toDate(value: Maybe): Value {
  if (value instanceof DateTime) return value;
  if (value instanceof ObjectId) return new DateTime(Buffer.from(value.bytes).readInt32BE(0) * 1000);
  if (typeof value === 'string') return parseDate(value, undefined);
  if (isNumber(value) && !(value instanceof Int)) {
    const ms = Math.trunc(toDouble(value));
    if (!Number.isSafeInteger(ms)) throw failed(value, 'date', 'it would overflow');
    return new DateTime(ms);
  }
  throw unsupported(value, 'date');
}

function toObjectId(value: Maybe): Value {
  if (value instanceof ObjectId) return value;
  if (typeof value === 'string') {
    if (!/^[0-9a-fA-F]{24}$/.test(value))
      throw failed(value, 'objectId', 'the text is not 24 hexadecimal digits');
    return new ObjectId(Uint8Array.from(Buffer.from(value, 'hex')));
  }
  throw unsupported(value, 'objectId');
}

const converters: Partial<Record<TypeName, (value: Maybe) => Value>> = {
  int: (value) => toWhole(value, 'int'),
  long: (value) => toWhole(value, 'long'),
  double: toDoubleValue,
  decimal: toDecimalValue,
  string: toText,
  bool: (value) => truthy(value),
  date: toDate,
  objectId: toObjectId,
};

function shortcut(to: TypeName): OperatorCompiler {
  return unary((value) => (isNullish(value) ? null : (converters[to] as (value: Maybe) => Value)(value)));
}

function targetType(to: Maybe): TypeName {
  const name =
    typeof to === 'string'
      ? to
      : isNumber(to)
        ? Object.entries(typeNumbers).find(([, code]) => code === toDouble(to))?.[0]
        : '';
  if (!name || !converters[name as TypeName])
    throw new CommandError(2, `Unknown type name in $convert: ${String(name)}`);
  return name as TypeName;
}

const convert: OperatorCompiler = (operand, compile, name) => {
  const given = namedOperand(operand, ['input', 'to'], ['onError', 'onNull'], name);
  const compiled = (key: string) => (given.has(key) ? compile(given.get(key) as Value) : undefined);
  const input = compile(given.get('input') as Value);
  const to = given.get('to') as Value;
  const target = isDoc(to) ? compile(to.get('type') as Value) : compile(to);
  const onError = compiled('onError');
  const onNull = compiled('onNull');
  return {
    fields: mergeFields([input, target, ...(onError ? [onError] : []), ...(onNull ? [onNull] : [])]),
    evaluate: (scope) => {
      const value = input.evaluate(scope);
      if (isNullish(value)) return onNull ? onNull.evaluate(scope) : null;
      const wanted = target.evaluate(scope);
      if (isNullish(wanted)) return null;
      const converter = converters[targetType(wanted)] as (value: Maybe) => Value;
      try {
        return converter(value);
      } catch (error) {
        if (onError && isConversionFailure(error)) return onError.evaluate(scope);
        throw error;
      }
    },
  };
};

export const conversions: Record<string, OperatorCompiler> = {
  $type: unary(typeName),
  $convert: convert,
  $toInt: shortcut('int'),
  $toLong: shortcut('long'),
  $toDouble: shortcut('double'),
  $toDecimal: shortcut('decimal'),
  $toString: shortcut('string'),
  $toBool: shortcut('bool'),
  $toDate: shortcut('date'),
  $toObjectId: shortcut('objectId'),
};
