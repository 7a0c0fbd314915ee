/** Decimal128: a finite value is sign * coefficient * 10^exponent, kept as sent (1.10 stays 1.10). */
export class Decimal {
  readonly kind: 'finite' | 'infinity' | 'nan';
  readonly negative: boolean;
  readonly coefficient: bigint;
  readonly exponent: number;

  constructor(kind: 'finite' | 'infinity' | 'nan', negative: boolean, coefficient = 0n, exponent = 0) {
    this.kind = kind;
    this.negative = negative;
    this.coefficient = coefficient;
    this.exponent = exponent;
  }

  /** Signed coefficient. */
  get signed(): bigint {
    return this.negative ? -this.coefficient : this.coefficient;
  }

  toNumber(): number {
    if (this.kind === 'nan') return Number.NaN;
    if (this.kind === 'infinity') return this.negative ? -Infinity : Infinity;
    return Number(`${this.negative ? '-' : ''}${this.coefficient}e${this.exponent}`);
  }

  toString(): string {
    if (this.kind === 'nan') return 'NaN';
    if (this.kind === 'infinity') return this.negative ? '-Infinity' : 'Infinity';
    const digits = this.coefficient.toString();
    const sign = this.negative ? '-' : '';
    const adjusted = this.exponent + digits.length - 1;
    if (this.exponent <= 0 && adjusted >= -6) {
      if (this.exponent === 0) return sign + digits;
      const padded = digits.padStart(1 - this.exponent, '0');
      const point = padded.length + this.exponent;
      return `${sign}${padded.slice(0, point)}.${padded.slice(point)}`;
    }
    const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
    return `${sign}${mantissa}E${adjusted >= 0 ? '+' : ''}${adjusted}`;
  }
}

export const decimalNaN = new Decimal('nan', false);
const maxDigits = 34;
const minExponent = -6176;
const maxExponent = 6111;
const bias = 6176n;

/** Round to 34 digits, half to even, and bring the exponent into range. */
export function makeDecimal(signed: bigint, exponent: number): Decimal {
  const negative = signed < 0n;
  let coefficient = negative ? -signed : signed;
  let power = exponent;
  const excess = Math.max(coefficient.toString().length - maxDigits, minExponent - power);
  if (excess > 0) {
    coefficient = divideHalfEven(coefficient, 10n ** BigInt(excess));
    power += excess;
    if (coefficient.toString().length > maxDigits) {
      coefficient /= 10n;
      power += 1;
    }
  }
  while (power > maxExponent && coefficient !== 0n && coefficient.toString().length < maxDigits) {
    coefficient *= 10n;
    power -= 1;
  }
  if (power > maxExponent) {
    if (coefficient !== 0n) return new Decimal('infinity', negative);
    power = maxExponent;
  }
  return new Decimal('finite', negative, coefficient, power);
}

function divideHalfEven(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  const twice = (value % divisor) * 2n;
  if (twice > divisor || (twice === divisor && quotient % 2n === 1n)) return quotient + 1n;
  return quotient;
}

export function parseDecimal(text: string): Decimal | undefined {
  const special = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(text);
  if (special) {
    if (special[2]?.toLowerCase() === 'nan') return decimalNaN;
    return new Decimal('infinity', special[1] === '-');
  }
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text);
  if (!match || !(match[2] || match[3])) return undefined;
  const fraction = match[3] ?? '';
  const coefficient = BigInt(`${match[2] ?? ''}${fraction}`);
  const parsed = makeDecimal(coefficient, Number(match[4] ?? 0) - fraction.length);
  return match[1] === '-' ? new Decimal(parsed.kind, true, parsed.coefficient, parsed.exponent) : parsed;
}

export function decimalFromBytes(bytes: Buffer, offset: number): Decimal {
  const low = bytes.readBigUInt64LE(offset);
  const high = bytes.readBigUInt64LE(offset + 8);
  const negative = high >> 63n === 1n;
  const combination = Number((high >> 58n) & 0x1fn);
  if (combination === 0x1f) return decimalNaN;
  if (combination === 0x1e) return new Decimal('infinity', negative);
  // The second form (11xx) only encodes coefficients above 10^34, which the format reads as zero.
  if (combination >>> 3 === 3) {
    return new Decimal('finite', negative, 0n, Number(((high >> 47n) & 0x3fffn) - bias));
  }
  const exponent = Number(((high >> 49n) & 0x3fffn) - bias);
  const coefficient = ((high & 0x1ffffffffffffn) << 64n) | low;
  const valid = coefficient < 10n ** 34n;
  return new Decimal('finite', negative, valid ? coefficient : 0n, exponent);
}

export function decimalToBytes(value: Decimal, target: Buffer, offset: number): void {
  let high: bigint;
  let low = 0n;
  if (value.kind === 'nan') high = 0x7cn << 56n;
  else if (value.kind === 'infinity') high = 0x78n << 56n;
  else {
    low = value.coefficient & 0xffffffffffffffffn;
    high = ((BigInt(value.exponent) + bias) << 49n) | (value.coefficient >> 64n);
  }
  if (value.negative) high |= 1n << 63n;
  target.writeBigUInt64LE(low, offset);
  target.writeBigUInt64LE(high, offset + 8);
}

export function addDecimal(a: Decimal, b: Decimal): Decimal {
  if (a.kind !== 'finite' || b.kind !== 'finite') {
    if (a.kind === 'nan' || b.kind === 'nan') return decimalNaN;
    if (a.kind === 'infinity' && b.kind === 'infinity') return a.negative === b.negative ? a : decimalNaN;
    return a.kind === 'infinity' ? a : b;
  }
  const exponent = Math.min(a.exponent, b.exponent);
  if (a.coefficient === 0n && b.coefficient === 0n)
    return new Decimal('finite', a.negative && b.negative, 0n, exponent);
  if (a.coefficient === 0n && a.exponent >= b.exponent) return b;
  if (b.coefficient === 0n && b.exponent >= a.exponent) return a;
  return makeDecimal(
    a.signed * 10n ** BigInt(a.exponent - exponent) + b.signed * 10n ** BigInt(b.exponent - exponent),
    exponent,
  );
}

/** Zero has a sign as well. */
function signed(negative: boolean, { kind, coefficient, exponent }: Decimal): Decimal {
  return new Decimal(kind, negative, coefficient, exponent);
}

export function negateDecimal(value: Decimal): Decimal {
  return new Decimal(value.kind, !value.negative, value.coefficient, value.exponent);
}

export function multiplyDecimal(a: Decimal, b: Decimal): Decimal {
  if (a.kind === 'nan' || b.kind === 'nan') return decimalNaN;
  const negative = a.negative !== b.negative;
  if (a.kind === 'infinity' || b.kind === 'infinity') {
    const other = a.kind === 'infinity' ? b : a;
    if (other.kind === 'finite' && other.coefficient === 0n) return decimalNaN;
    return new Decimal('infinity', negative);
  }
  return signed(negative, makeDecimal(a.coefficient * b.coefficient, a.exponent + b.exponent));
}

export function divideDecimal(a: Decimal, b: Decimal): Decimal {
  if (a.kind === 'nan' || b.kind === 'nan') return decimalNaN;
  const negative = a.negative !== b.negative;
  if (a.kind === 'infinity') return b.kind === 'infinity' ? decimalNaN : new Decimal('infinity', negative);
  if (b.kind === 'infinity') return new Decimal('finite', negative, 0n, minExponent);
  if (b.coefficient === 0n) return a.coefficient === 0n ? decimalNaN : new Decimal('infinity', negative);
  const ideal = a.exponent - b.exponent;
  const scale = Math.max(
    0,
    maxDigits + 3 + b.coefficient.toString().length - a.coefficient.toString().length,
  );
  const numerator = a.coefficient * 10n ** BigInt(scale);
  let quotient = numerator / b.coefficient;
  let exponent = ideal - scale;
  if (numerator % b.coefficient !== 0n) {
    // A sticky digit keeps the later rounding to 34 digits right.
    quotient = quotient * 10n + 1n;
    exponent -= 1;
  } else {
    while (exponent < ideal && quotient % 10n === 0n) {
      quotient /= 10n;
      exponent += 1;
    }
  }
  return signed(negative, makeDecimal(quotient, exponent));
}

/** Fifteen significant digits, as MongoDB converts a double that meets a decimal. */
export function decimalFromNumber(value: number): Decimal {
  if (Number.isNaN(value)) return decimalNaN;
  if (!Number.isFinite(value)) return new Decimal('infinity', value < 0);
  if (value === 0) return new Decimal('finite', Object.is(value, -0));
  const parsed = parseDecimal(value.toPrecision(15));
  return parsed ?? decimalNaN;
}

export function decimalFromBigint(value: bigint): Decimal {
  return makeDecimal(value, 0);
}
