import { Regex } from '../bson/values.js';
import { CommandError } from '../errors.js';

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
  const flags = ['i', 'm', 's'].filter((flag) => options.includes(flag)).join('');
  const translated = translate(pattern, options.includes('x'), options.includes('m'));
  const compiled = construct(translated, flags);
  if (cache.size > 500) cache.clear();
  cache.set(key, compiled);
  return compiled;
}

function construct(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    // The u flag forbids needless escapes such as \- that PCRE allows.
    try {
      return new RegExp(source, flags);
    } catch (error) {
      throw new CommandError(51091, `Regular expression is invalid: ${(error as Error).message}`);
    }
  }
}

function leadingOptions(regex: Regex): { pattern: string; options: string } {
  const inline = /^\(\?([imsx]+)\)/.exec(regex.pattern);
  if (!inline) return { pattern: regex.pattern, options: regex.options };
  return { pattern: regex.pattern.slice(inline[0].length), options: regex.options + inline[1] };
}

function translate(pattern: string, extended: boolean, multiline: boolean): string {
  let result = '';
  let inClass = false;
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at] as string;
    const next = pattern[at + 1] ?? '';
    if (char === '\\') {
      at += 1;
      if (!inClass && next === 'A') result += '(?<![\\s\\S])';
      else if (!inClass && next === 'z') result += '(?![\\s\\S])';
      else if (!inClass && next === 'Z') result += '(?=\\n?(?![\\s\\S]))';
      else if (next === 'h') result += inClass ? '\\t ' : '[\\t ]';
      else if (/[GKRXQEC]/.test(next) || (!inClass && next === 'H')) {
        throw new CommandError(
          51091,
          `Regular expression uses \\${next}, which the embedded store does not support`,
        );
      } else result += char + next;
    } else if (inClass) {
      if (char === ']') inClass = false;
      if (char === '[' && next === ':') {
        throw new CommandError(
          51091,
          'Regular expression uses a POSIX class, which the embedded store does not support',
        );
      }
      result += char;
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
    } else if (char === '$' && !multiline) {
      // PCRE's $ also matches before a final newline.
      result += '(?=\\n?(?![\\s\\S]))';
    } else if (char === '(' && next === '?') {
      const named = /^\(\?P?<(?![=!])/.exec(pattern.slice(at));
      if (named) {
        result += '(?<';
        at += named[0].length - 1;
      } else if (/^\(\?(?:[:=!]|<[=!])/.test(pattern.slice(at))) result += char;
      else
        throw new CommandError(51091, 'Regular expression uses a group the embedded store does not support');
    } else if ('*+?}'.includes(char) && next === '+') {
      throw new CommandError(
        51091,
        'Regular expression uses a possessive quantifier, which the embedded store does not support',
      );
    } else if (extended && /\s/.test(char)) {
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
      const escaped = regex.pattern[at + 1];
      if (escaped === undefined || /[A-Za-z0-9]/.test(escaped)) break;
      char = escaped;
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
