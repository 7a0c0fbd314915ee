import { createContext, Script } from 'node:vm';
import { CommandError } from '../errors.js';

/** What one pattern may take for one text. */
const limitMs = 1000;
/** Below it a pattern whose time only grows with the square of the text is quick all the same. */
const shortText = 5000;

const context = createContext({ exec: RegExp.prototype.exec, pattern: /x/, text: '' });
const script = new Script('exec.call(pattern, text)');

/**
 * JavaScript's patterns go back and try again, which may take longer than anybody waits, and the store does nothing else
 * meanwhile. Where that can be, the match is cut off and refused, as MongoDB's engine does at a number of steps.
 */
class BoundedRegExp extends RegExp {
  readonly #runsAway: boolean;

  constructor(source: string | RegExp, flags?: string) {
    super(source, flags);
    this.#runsAway = repeats(this.source) === 'without end';
  }

  override exec(text: string): RegExpExecArray | null {
    if (!this.#runsAway && text.length < shortText) return super.exec(text);
    Object.assign(context, { pattern: this, text });
    try {
      return script.runInContext(context, { timeout: limitMs });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      throw new CommandError(
        51156,
        `Regular expression took more than ${limitMs} ms for one text: make it simpler`,
      );
    } finally {
      Object.assign(context, { pattern: undefined, text: '' });
    }
  }
}

export function boundedRegExp(source: string, flags: string): RegExp {
  return repeats(source) === 'never' ? new RegExp(source, flags) : new BoundedRegExp(source, flags);
}

/** The same pattern with one more flag. */
export function withFlag(pattern: RegExp, flag: string): RegExp {
  return boundedRegExp(pattern.source, pattern.flags + flag);
}

/** Many repetitions in one pattern, or one within another, can try out more ways than there is time for. */
function repeats(source: string): 'never' | 'at times' | 'without end' {
  let count = 0;
  let nested = false;
  let inClass = false;
  /** Of each open group, the whole pattern first: whether it repeats something or offers a choice. */
  const groups = [false];
  let closed = false;
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at] as string;
    const group = closed;
    closed = false;
    if (char === '\\') at += 1;
    else if (inClass) inClass = char !== ']';
    else if (char === '[') inClass = true;
    else if (char === '(') groups.push(false);
    else if (char === ')') {
      closed = groups.pop() ?? false;
      groups[groups.length - 1] ||= closed;
    } else if (char === '|') groups[groups.length - 1] = true;
    else if (/^(?:[*+]|\{\d+,\}|\{(?:\d+,)?\d{2,}\})/.test(source.slice(at, at + 12))) {
      count += 1;
      nested ||= group;
      groups[groups.length - 1] = true;
    }
  }
  if (count === 0) return 'never';
  return nested || count > 2 ? 'without end' : 'at times';
}
