/** What the name of a file, or a barcode, says of the slide. Pure: which exam numbers exist is asked elsewhere. */
export interface NameClues {
  /** Texts that may be the exam number of a case. */
  readonly exams: readonly string[];
  readonly block: string;
  readonly stain: string;
}

const MOST_EXAMS = 60;
/** « 26 H 04512 » is one number in three words. */
const WORDS_OF_NUMBER = 3;
const PLACES = new Map([
  ['{exam}', '(?<exam>.+?)'],
  ['{block}', '(?<block>[^\\s_]+?)'],
  ['{stain}', '(?<stain>[^_]+?)'],
  ['*', '.*?'],
]);
/** What stands for anything is tried at every length: a longer name, or more such places, would take its time. */
const MOST_LETTERS = 120;
const MOST_STARS = 2;

const withoutEnding = (name: string): string => name.replace(/\.[\p{L}\d]{1,8}$/u, '');

/** Reads a name by the organisation's pattern, or, without one, takes every word that looks like a number of theirs. */
export function readName(name: string, pattern: string): NameClues {
  const bare = withoutEnding(name);
  if (pattern !== '') {
    // The folders above it are not part of the pattern.
    const file = bare.split(/[\\/]/).at(-1) ?? '';
    const found = patternOf(pattern).exec(file.slice(0, MOST_LETTERS))?.groups ?? {};
    const exam = found.exam?.trim();
    return {
      exams: exam ? [exam] : [],
      block: found.block?.trim().slice(0, 60) ?? '',
      stain: found.stain?.trim().slice(0, 60) ?? '',
    };
  }
  return { exams: examsOf(bare), block: blockOf(bare), stain: '' };
}

function patternOf(pattern: string): RegExp {
  const parts = pattern.split(/(\{exam\}|\{block\}|\{stain\}|\*)/);
  const seen = new Set<string>();
  let stars = 0;
  const source = parts.map((part) => {
    const place = PLACES.get(part);
    if (place === undefined) return part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    // A name stands for one group; said again, and one star too many, is nothing.
    if (part === '*') stars += 1;
    if (part === '*' ? stars > MOST_STARS : seen.has(part)) return '';
    seen.add(part);
    return place;
  });
  return new RegExp(`^${source.join('')}$`, 'iu');
}

/** Words and runs of words with at least two figures: « 26H04512 », « 26-H-04512 ». */
export function examsOf(text: string): string[] {
  const words = text.split(/[^\p{L}\d]+/u).filter(Boolean);
  const found = new Set<string>();
  for (const [from] of words.entries()) {
    for (let length = 1; length <= WORDS_OF_NUMBER && from + length <= words.length; length += 1) {
      const joined = words.slice(from, from + length).join('');
      if (joined.length >= 4 && joined.length <= 30 && (joined.match(/\d/g) ?? []).length >= 2)
        found.add(joined);
    }
    if (found.size >= MOST_EXAMS) break;
  }
  return [...found].slice(0, MOST_EXAMS);
}

/** « A1 »: one letter and a number, when only one such word is there. */
function blockOf(text: string): string {
  const words = text.toUpperCase().split(/[^\p{L}\d]+/u);
  const blocks = new Set(words.filter((word) => /^[A-W]\d{1,2}$/.test(word)));
  return blocks.size === 1 ? [...blocks].join('') : '';
}
