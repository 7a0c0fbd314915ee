import { typeName } from '../bson/types.js';
import { DateTime, int, type Maybe, Regex, SymbolValue, type Value } from '../bson/values.js';
import { compareStrings } from '../codec/compare.js';
import { isNumber } from '../codec/exact.js';
import { CommandError } from '../errors.js';
import { withFlag } from '../query/bounded-regex.js';
import { compileRegex } from '../query/regex.js';
import { describeNumber } from './convert.js';
import { toDouble } from './numbers.js';
import { unary, withArguments, withNames } from './operator.js';
import { isNullish } from './truth.js';
import type { OperatorCompiler } from './types.js';

function needText(value: Maybe, name: string, code: number): string {
  if (typeof value === 'string') return value;
  throw new CommandError(code, `${name} requires a string argument, found: ${typeName(value)}`);
}

/** What case and substring operators accept besides text. */
function looseText(value: Maybe, name: string): string {
  if (isNullish(value)) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && !Number.isFinite(value))
    return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  if (isNumber(value)) return describeNumber(value);
  if (value instanceof DateTime) return new Date(value.ms).toISOString();
  if (value instanceof SymbolValue) return value.text;
  throw new CommandError(16007, `can't convert from BSON type ${typeName(value)} to String in ${name}`);
}

function index(value: Maybe, name: string): number {
  const number = isNumber(value) ? toDouble(value) : Number.NaN;
  if (!Number.isInteger(number))
    throw new CommandError(34450, `${name} requires an integral index, found ${typeName(value)}`);
  return number;
}

function concat(args: Maybe[]): Maybe {
  let text = '';
  for (const value of args) {
    if (isNullish(value)) return null;
    if (typeof value !== 'string')
      throw new CommandError(16702, `$concat only supports strings, not ${typeName(value)}`);
    text += value;
  }
  return text;
}

function substringBytes(args: Maybe[]): Maybe {
  const bytes = Buffer.from(looseText(args[0], '$substrBytes'));
  const start = index(args[1], '$substrBytes');
  const length = index(args[2], '$substrBytes');
  if (start < 0) throw new CommandError(50752, '$substrBytes: starting index must be non-negative');
  const end = length < 0 ? bytes.length : Math.min(bytes.length, start + length);
  const inside = (at: number) => at < bytes.length && ((bytes[at] as number) & 0xc0) === 0x80;
  if (inside(start) || inside(end))
    throw new CommandError(
      28656,
      '$substrBytes: Invalid range, starting or ending in the middle of a UTF-8 character.',
    );
  return bytes.toString('utf8', Math.min(start, bytes.length), end);
}

function substringPoints(args: Maybe[]): Maybe {
  const points = [...looseText(args[0], '$substrCP')];
  const start = index(args[1], '$substrCP');
  const length = index(args[2], '$substrCP');
  if (start < 0) throw new CommandError(34452, '$substrCP: starting index must be non-negative');
  if (length < 0) throw new CommandError(34453, '$substrCP: length must be a nonnegative integer.');
  return points.slice(start, start + length).join('');
}

function split(args: Maybe[]): Maybe {
  if (isNullish(args[0]) || isNullish(args[1])) return null;
  const separator = needText(args[1], '$split', 40086);
  if (separator === '') throw new CommandError(40087, '$split requires a non-empty separator');
  return needText(args[0], '$split', 40085).split(separator);
}

function place(value: Maybe): number {
  const number = index(value, '$indexOf');
  if (number < 0)
    throw new CommandError(40097, `$indexOf requires a nonnegative start or end index, found: ${number}`);
  return number;
}

function position(args: Maybe[], units: (text: string) => string[] | Buffer, emptyAtEnd: boolean): Maybe {
  if (isNullish(args[0])) return null;
  const text = units(needText(args[0], '$indexOf', 40091));
  const sought = units(needText(args[1], '$indexOf', 40092));
  const start = args.length < 3 ? 0 : place(args[2]);
  const end = args.length < 4 ? text.length : Math.min(place(args[3]), text.length);
  for (let at = start; at + sought.length <= end; at += 1) {
    let same = true;
    for (let offset = 0; offset < sought.length && same; offset += 1)
      same = text[at + offset] === sought[offset];
    // By characters MongoDB finds nothing at the end of a text, not even an empty one.
    if (same && (emptyAtEnd || at < end || text.length === 0)) return int(at);
  }
  return int(-1);
}

const blanks = '\0 \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a';

function trim(left: boolean, right: boolean): OperatorCompiler {
  return withNames(['input'], ['chars'], ({ input, chars }) => {
    if (isNullish(input) || chars === null) return null;
    const points = [...needText(input, '$trim', 50699)];
    const unwanted = new Set(chars === undefined ? blanks : needText(chars, '$trim', 50700));
    let start = 0;
    let end = points.length;
    while (left && start < end && unwanted.has(points[start] as string)) start += 1;
    while (right && end > start && unwanted.has(points[end - 1] as string)) end -= 1;
    return points.slice(start, end).join('');
  });
}

function replace(all: boolean): OperatorCompiler {
  return withNames(['input', 'find', 'replacement'], [], ({ input, find, replacement }) => {
    if (isNullish(input) || isNullish(find) || isNullish(replacement)) return null;
    const text = needText(input, '$replace', 51746);
    const sought = needText(find, '$replace', 51745);
    const by = needText(replacement, '$replace', 51744);
    return all ? text.replaceAll(sought, () => by) : text.replace(sought, () => by);
  });
}

function patternOf(regex: Maybe, options: Maybe): RegExp {
  if (!(regex instanceof Regex) && typeof regex !== 'string') {
    throw new CommandError(51105, "$regexMatch needs 'regex' to be of type string or regex");
  }
  const text = options === undefined || options === null ? '' : needText(options, '$regexMatch', 51106);
  return compileRegex(
    regex instanceof Regex ? new Regex(regex.pattern, regex.options || text) : new Regex(regex, text),
  );
}

function found(match: RegExpMatchArray): Value {
  const before = (match.input as string).slice(0, match.index);
  return new Map<string, Value>([
    ['match', match[0]],
    ['idx', int([...before].length)],
    ['captures', match.slice(1).map((capture) => capture ?? null)],
  ]);
}

function withPattern(run: (text: string | undefined, pattern: RegExp) => Maybe): OperatorCompiler {
  return withNames(['input', 'regex'], ['options'], ({ input, regex, options }) => {
    if (isNullish(regex)) return run(undefined, /(?!)/);
    const pattern = patternOf(regex, options);
    return run(isNullish(input) ? undefined : needText(input, '$regexMatch', 51104), pattern);
  });
}

/** ASCII only, as MongoDB does without a collation. */
const lower = (text: string): string => text.replace(/[A-Z]+/g, (part) => part.toLowerCase());
const upper = (text: string): string => text.replace(/[a-z]+/g, (part) => part.toUpperCase());

/** MongoDB looks for another match only while there is text left, so none is empty at the end but a first one. */
function allMatches(text: string, pattern: RegExp): RegExpMatchArray[] {
  const matches = [...text.matchAll(pattern)];
  const last = matches.at(-1);
  const before = matches.at(-2);
  if (!last || !before || last.index !== text.length) return matches;
  const next = before.index + (before[0].length || 1);
  return next >= text.length ? matches.slice(0, -1) : matches;
}

export const strings: Record<string, OperatorCompiler> = {
  $concat: withArguments(0, Number.MAX_SAFE_INTEGER, concat),
  $toLower: unary((value) => lower(looseText(value, '$toLower'))),
  $toUpper: unary((value) => upper(looseText(value, '$toUpper'))),
  $substr: withArguments(3, 3, substringBytes),
  $substrBytes: withArguments(3, 3, substringBytes),
  $substrCP: withArguments(3, 3, substringPoints),
  $strLenBytes: unary((value) => int(Buffer.byteLength(needText(value, '$strLenBytes', 34473)))),
  $strLenCP: unary((value) => int([...needText(value, '$strLenCP', 34471)].length)),
  $strcasecmp: withArguments(2, 2, ([a, b]) =>
    int(Math.sign(compareStrings(upper(looseText(a, '$strcasecmp')), upper(looseText(b, '$strcasecmp'))))),
  ),
  $split: withArguments(2, 2, split),
  $indexOfBytes: withArguments(2, 4, (args) => position(args, (text) => Buffer.from(text), true)),
  $indexOfCP: withArguments(2, 4, (args) => position(args, (text) => [...text], false)),
  $trim: trim(true, true),
  $ltrim: trim(true, false),
  $rtrim: trim(false, true),
  $replaceOne: replace(false),
  $replaceAll: replace(true),
  $regexMatch: withPattern((text, pattern) => text !== undefined && pattern.test(text)),
  $regexFind: withPattern((text, pattern) => {
    const match = text === undefined ? null : text.match(pattern);
    return match ? found(match) : null;
  }),
  $regexFindAll: withPattern((text, pattern) =>
    text === undefined ? [] : allMatches(text, withFlag(pattern, 'g')).map(found),
  ),
};
