import { Regex } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { boundedRegExp } from './bounded-regex.js';

const cache = new Map<string, RegExp>();

/** A PCRE pattern as a JavaScript one. What has no JavaScript counterpart is refused, not approximated. */
export function compileRegex(regex: Regex): RegExp {
  const key = `${regex.options}/${regex.pattern}`;
  const known = cache.get(key);
  if (known) return known;
  const { pattern, options } = leadingOptions(regex);
  for (const option of options) {
    if (!'imsxu'.includes(option)) throw new CommandError(51108, `invalid flag in regex options: ${option}`);
  }
  const compiled = construct(translate(pattern, options), options.includes('i') ? 'iu' : 'u');
  if (cache.size > 500) cache.clear();
  cache.set(key, compiled);
  return compiled;
}

function construct(source: string, flags: string): RegExp {
  try {
    return boundedRegExp(source, flags);
  } catch (error) {
    throw new CommandError(51091, `Regular expression is invalid: ${(error as Error).message}`);
  }
}

function leadingOptions(regex: Regex): { pattern: string; options: string } {
  const inline = /^\(\?([imsx]+)\)/.exec(regex.pattern);
  if (!inline) return { pattern: regex.pattern, options: regex.options };
  return { pattern: regex.pattern.slice(inline[0].length), options: regex.options + inline[1] };
}

function refused(what: string): CommandError {
  return new CommandError(
    51091,
    `Regular expression uses ${what}, which the embedded store does not support`,
  );
}

/** Only a newline ends a line, only ASCII blanks are blank: JavaScript has more of both. */
const anchors = { start: '^', end: '$', lastEnd: '(?=\\n?$)' };
const blank = '\\t\\n\\v\\f\\r ';
const across = '\\t \\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000';
const down = '\\n\\v\\f\\r\\x85\\u2028\\u2029';

/** Escapes outside a class, where they differ from JavaScript's. */
const outside: Record<string, string> = {
  A: anchors.start,
  z: anchors.end,
  Z: anchors.lastEnd,
  s: `[${blank}]`,
  S: `[^${blank}]`,
  h: `[${across}]`,
  H: `[^${across}]`,
  v: `[${down}]`,
  V: `[^${down}]`,
  N: '[^\\n]',
  a: '\\x07',
  e: '\\x1b',
};

/** Escapes inside a class. */
const inside: Record<string, string> = {
  s: blank,
  h: across,
  v: down,
  a: '\\x07',
  e: '\\x1b',
  b: '\\x08',
};

/** One escape at `at`, and how many characters of the pattern it takes. */
function escaped(pattern: string, at: number, inClass: boolean): { text: string; length: number } {
  const rest = pattern.slice(at + 1);
  const letter = [...rest][0];
  if (letter === undefined)
    throw new CommandError(51091, 'Regular expression is invalid: \\ at end of pattern');
  const known = (inClass ? inside : outside)[letter];
  if (known !== undefined) return { text: known, length: 2 };
  if (/[dDwWnrtf]/.test(letter) || (letter === 'b' && !inClass) || (letter === 'B' && !inClass))
    return { text: `\\${letter}`, length: 2 };
  const coded = /^(?:x[0-9a-fA-F]{2}|c[A-Za-z]|[pP]\{\^?\w+\}|[1-9](?!\d)|k<\w+>)/.exec(rest);
  if (coded && !(inClass && /^[1-9k]/.test(coded[0])) && !coded[0].includes('^'))
    return { text: `\\${coded[0]}`, length: coded[0].length + 1 };
  const wide = /^x\{([0-9a-fA-F]{1,6})\}/.exec(rest);
  if (wide) return { text: `\\u{${wide[1]}}`, length: wide[0].length + 1 };
  if (/[A-Za-z0-9]/.test(letter)) throw refused(`\\${letter}`);
  // Any other character stands for itself.
  return { text: literally(letter, inClass), length: 1 + letter.length };
}

function literally(char: string, inClass: boolean): string {
  if (inClass) return '^$\\.*+?()[]{}|/-'.includes(char) ? `\\${char}` : char;
  return '^$\\.*+?()[]{}|/'.includes(char) ? `\\${char}` : char;
}

function translate(pattern: string, options: string): string {
  const [extended, multiline, dotAll] = ['x', 'm', 's'].map((flag) => options.includes(flag));
  let result = '';
  let inClass = false;
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at] as string;
    const next = pattern[at + 1] ?? '';
    if (char === '\\') {
      const { text, length } = escaped(pattern, at, inClass);
      result += text;
      at += length - 1;
    } else if (inClass) {
      if (char === ']') inClass = false;
      if (char === '[' && /[:.=]/.test(next)) throw refused('a POSIX class');
      result += char === '[' ? '\\[' : char;
    } else if (char === '[') {
      inClass = true;
      result += char;
      if (next === '^') {
        result += next;
        at += 1;
      }
      if (pattern[at + 1] === ']') {
        result += '\\]';
        at += 1;
      }
    } else if (char === '.') result += dotAll ? '[\\s\\S]' : '[^\\n]';
    else if (char === '^') result += multiline ? '(?<![^\\n])' : anchors.start;
    // PCRE's $ also matches before a final newline.
    else if (char === '$') result += multiline ? '(?![^\\n])' : anchors.lastEnd;
    else if (char === '(' && (next === '?' || next === '*')) {
      const named = /^\(\?P?<(?![=!])/.exec(pattern.slice(at));
      if (named) {
        result += '(?<';
        at += named[0].length - 1;
      } else if (/^\(\?(?:[:=!]|<[=!])/.test(pattern.slice(at))) result += char;
      else throw refused('a group of this kind');
    } else if ('*+?}'.includes(char) && next === '+') throw refused('a possessive quantifier');
    else if (char === '{') {
      const counted = /^\{\d+(?:,\d*)?\}/.exec(pattern.slice(at));
      if (!counted) result += '\\{';
      else if (pattern[at + counted[0].length] === '+') throw refused('a possessive quantifier');
      else {
        result += counted[0];
        at += counted[0].length - 1;
      }
    } else if (char === '}' || char === ']') result += `\\${char}`;
    else if (extended && /[\t\n\v\f\r ]/.test(char)) {
      // ignored in extended mode
    } else if (extended && char === '#') {
      const end = pattern.indexOf('\n', at);
      at = end === -1 ? pattern.length : end;
    } else result += char;
  }
  return result;
}

/** The literal text every match must begin with, for an anchored case-sensitive pattern. */
export function anchoredPrefix(regex: Regex): string | undefined {
  if (regex.options.replace('s', '').replace('u', '') !== '') return undefined;
  const anchor = /^(?:\^|\\A)/.exec(regex.pattern);
  if (!anchor || regex.pattern.includes('|')) return undefined;
  let prefix = '';
  let at = anchor[0].length;
  while (at < regex.pattern.length) {
    let char = regex.pattern[at] as string;
    let width = 1;
    if (char === '\\') {
      const literal = regex.pattern[at + 1];
      if (literal === undefined || /[A-Za-z0-9]/.test(literal)) break;
      char = literal;
      width = 2;
    } else if ('.[](){}*+?^$'.includes(char)) break;
    if ('*?{'.includes(regex.pattern[at + width] ?? ' ')) break;
    prefix += char;
    at += width;
  }
  return prefix === '' ? undefined : prefix;
}

export function isRegex(value: unknown): value is Regex {
  return value instanceof Regex;
}
