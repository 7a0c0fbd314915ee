import { Decimal, decimalNaN, makeDecimal } from '../bson/decimal.js';
import { typeName } from '../bson/types.js';
import { Int, int, type Maybe } from '../bson/values.js';
import { exactOf, exactOfDouble, isNumber, type NumberValue } from '../codec/exact.js';
import { CommandError } from '../errors.js';
import { fitsInt, fitsLong, toDecimal, toDouble } from './numbers.js';
import { unary, withArguments } from './operator.js';
import { isNullish } from './truth.js';
import type { OperatorCompiler } from './types.js';

function numeric(name: string, run: (value: NumberValue) => Maybe): OperatorCompiler {
  return unary((value) => {
    if (isNullish(value)) return null;
    if (!isNumber(value))
      throw new CommandError(28765, `${name} only supports numeric types, not ${typeName(value)}`);
    return run(value);
  });
}

/** Functions whose result is a double; over decimals they would lose digits, so those are refused. */
function real(
  name: string,
  run: (value: number) => number,
  allowed: (value: number) => boolean,
  code: number,
) {
  return numeric(name, (value) => {
    refuseDecimal(value, name);
    const number = toDouble(value);
    if (!Number.isNaN(number) && !allowed(number))
      throw new CommandError(code, `${name}'s argument is out of range`);
    return run(number);
  });
}

function refuseDecimal(value: NumberValue, name: string): void {
  if (value instanceof Decimal) {
    throw new CommandError(115, `The embedded store does not support ${name} on decimal values`);
  }
}

function absolute(value: NumberValue): Maybe {
  if (value instanceof Decimal) return new Decimal(value.kind, false, value.coefficient, value.exponent);
  if (typeof value === 'number') return Math.abs(value);
  if (typeof value === 'bigint') {
    if (!fitsLong(-value)) throw new CommandError(28680, "can't take $abs of long long min");
    return value < 0n ? -value : value;
  }
  const result = Math.abs(value.value);
  return fitsInt(result) ? int(result) : BigInt(result);
}

type Rounding = 'floor' | 'ceil' | 'trunc' | 'halfEven';

/** Round at a decimal place, exactly, whatever the type; the type stays. */
export function roundTo(value: NumberValue, place: number, mode: Rounding): NumberValue {
  if (value instanceof Decimal) {
    if (value.kind !== 'finite') return value;
    return value.exponent >= -place ? padded(value, place) : cutOff(value, place, mode);
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || value === 0) return value;
    const exact = exactOfDouble(value);
    if (exact.exponent >= -place) return value;
    const digits = rounded(exact.signed, 10n ** BigInt(-place - exact.exponent), mode);
    const result = Number(`${digits}e${-place}`);
    return result === 0 && value < 0 ? -0 : result;
  }
  if (place >= 0) return value;
  const unit = 10n ** BigInt(-place);
  const result = rounded(exactOf(value).signed, unit, mode) * unit;
  if (value instanceof Int && fitsInt(Number(result))) return int(Number(result));
  if (!fitsLong(result)) throw new CommandError(51080, 'the rounded value does not fit a long');
  return result;
}

/** A decimal that cannot be written without an exponent has no whole number here, as in MongoDB. */
function toWhole(value: NumberValue, mode: Rounding): NumberValue {
  const result = roundTo(value, 0, mode);
  return result instanceof Decimal && (result.kind !== 'finite' || result.exponent > 0) ? decimalNaN : result;
}

/** With zeros up to that place, as far as they fit into a decimal's 34 digits. */
function padded(value: Decimal, place: number): Decimal {
  const room = value.coefficient === 0n ? Number.POSITIVE_INFINITY : 34 - String(value.coefficient).length;
  const zeros = Math.min(value.exponent + place, room);
  const coefficient = value.coefficient * 10n ** BigInt(zeros);
  return new Decimal('finite', value.negative, coefficient, value.exponent - zeros);
}

function cutOff(value: Decimal, place: number, mode: Rounding): Decimal {
  const { coefficient } = makeDecimal(
    rounded(value.signed, 10n ** BigInt(-place - value.exponent), mode),
    -place,
  );
  return new Decimal('finite', value.negative, coefficient, -place);
}

function rounded(value: bigint, unit: bigint, mode: Rounding): bigint {
  const quotient = value / unit;
  const rest = value % unit;
  if (rest === 0n || mode === 'trunc') return quotient;
  if (mode === 'floor') return value < 0n ? quotient - 1n : quotient;
  if (mode === 'ceil') return value > 0n ? quotient + 1n : quotient;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  const away = twice > unit || (twice === unit && quotient % 2n !== 0n);
  return away ? quotient + (value < 0n ? -1n : 1n) : quotient;
}

function placed(name: string, mode: Rounding): OperatorCompiler {
  return withArguments(1, 2, (args) => {
    const [value, place] = args;
    if (isNullish(value) || (args.length === 2 && isNullish(place))) return null;
    if (!isNumber(value))
      throw new CommandError(51081, `${name} only supports numeric types, not ${typeName(value)}`);
    const at = place === undefined ? 0 : isNumber(place) ? toDouble(place) : Number.NaN;
    if (!Number.isInteger(at) || at < -20 || at > 100) {
      throw new CommandError(
        51083,
        `cannot apply ${name} with this precision value; it must be in [-20, 100]`,
      );
    }
    return roundTo(value, at, mode);
  });
}

function modulo(a: Maybe, b: Maybe): Maybe {
  if (isNullish(a) || isNullish(b)) return null;
  if (!isNumber(a) || !isNumber(b)) {
    throw new CommandError(16611, `$mod only supports numeric types, not ${typeName(a)} and ${typeName(b)}`);
  }
  if (toDouble(b) === 0) throw new CommandError(16610, "can't $mod by zero");
  if (a instanceof Decimal || b instanceof Decimal) return decimalModulo(toDecimal(a), toDecimal(b));
  if (typeof a === 'number' || typeof b === 'number') return toDouble(a) % toDouble(b);
  if (a instanceof Int && b instanceof Int) return int((a.value % b.value) + 0);
  return exactOf(a).signed % exactOf(b).signed;
}

function decimalModulo(a: Decimal, b: Decimal): Decimal {
  if (a.kind !== 'finite' || b.kind === 'nan') return decimalNaN;
  if (b.kind === 'infinity') return a;
  const exponent = Math.min(a.exponent, b.exponent);
  const left = a.signed * 10n ** BigInt(a.exponent - exponent);
  const rest = makeDecimal(left % (b.signed * 10n ** BigInt(b.exponent - exponent)), exponent);
  return new Decimal('finite', a.negative, rest.coefficient, rest.exponent);
}

function power(a: Maybe, b: Maybe): Maybe {
  if (isNullish(a) || isNullish(b)) return null;
  if (!isNumber(a) || !isNumber(b)) throw new CommandError(28762, "$pow's arguments must be numeric");
  refuseDecimal(a, '$pow');
  refuseDecimal(b, '$pow');
  if (toDouble(a) === 0 && toDouble(b) < 0)
    throw new CommandError(28764, '$pow cannot take a base of 0 and a negative exponent');
  const unit = Math.abs(toDouble(a)) === 1;
  // JavaScript has no number for a one that is raised to infinity, nor to what is no number.
  if ((unit && !Number.isFinite(toDouble(b)) && !Number.isNaN(toDouble(b))) || toDouble(a) === 1) {
    if (typeof a === 'number' || typeof b === 'number') return 1;
  }
  const result = toDouble(a) ** toDouble(b);
  if (typeof a === 'number' || typeof b === 'number' || (toDouble(b) < 0 && !unit)) return result;
  if (unit) return a instanceof Int && b instanceof Int ? int(result) : BigInt(result);
  const whole = Math.abs(result) < 2 ** 64 ? exactOf(a).signed ** exactOf(b).signed : undefined;
  if (whole === undefined || !fitsLong(whole)) return result;
  return a instanceof Int && b instanceof Int && fitsInt(Number(whole)) ? int(Number(whole)) : whole;
}

function logarithm(a: Maybe, base: Maybe): Maybe {
  if (isNullish(a) || isNullish(base)) return null;
  if (!isNumber(a) || !isNumber(base)) throw new CommandError(28756, "$log's arguments must be numeric");
  refuseDecimal(a, '$log');
  refuseDecimal(base, '$log');
  if (toDouble(a) <= 0) throw new CommandError(28758, "$log's argument must be a positive number");
  if (toDouble(base) <= 0 || toDouble(base) === 1)
    throw new CommandError(28759, "$log's base must be a positive number not equal to 1");
  return Math.log(toDouble(a)) / Math.log(toDouble(base));
}

export const functions: Record<string, OperatorCompiler> = {
  $abs: numeric('$abs', absolute),
  $ceil: numeric('$ceil', (value) => toWhole(value, 'ceil')),
  $floor: numeric('$floor', (value) => toWhole(value, 'floor')),
  $round: placed('$round', 'halfEven'),
  $trunc: placed('$trunc', 'trunc'),
  $mod: withArguments(2, 2, ([a, b]) => modulo(a, b)),
  $pow: withArguments(2, 2, ([a, b]) => power(a, b)),
  $log: withArguments(2, 2, ([a, b]) => logarithm(a, b)),
  $sqrt: real('$sqrt', Math.sqrt, (value) => value >= 0, 28714),
  $exp: real('$exp', Math.exp, () => true, 0),
  $ln: real('$ln', Math.log, (value) => value > 0, 28766),
  $log10: real('$log10', Math.log10, (value) => value > 0, 28761),
  $isNumber: unary(isNumber),
};
