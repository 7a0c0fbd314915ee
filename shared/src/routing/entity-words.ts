import { isAffirmed } from './affirmed-words.js';
import { tokenise, type Words } from './read-words.js';

/**
 * Finding tumour entities in French or English free text: accents, case, plurals and punctuation do not matter,
 * the longest phrase wins (« neuroblastome olfactif » is not a neuroblastome), one that is denied or belongs to the
 * patient's history is not counted.
 */

interface Phrase<T> {
  words: readonly string[];
  value: T;
}

function wordMatches(pattern: string, word: string | undefined): boolean {
  if (word === undefined) return false;
  return pattern.endsWith('*') ? word.startsWith(pattern.slice(0, -1)) : pattern === word;
}

/** A phrase never runs over the end of a sentence or of a field. */
function standsAt(phrase: readonly string[], found: Words, position: number): boolean {
  for (let offset = 0; offset < phrase.length; offset += 1) {
    const pattern = phrase[offset];
    if (pattern === undefined || !wordMatches(pattern, found.words[position + offset])) return false;
    if (offset > 0 && found.breaks[position + offset] === '.') return false;
  }
  return true;
}

function comparePhrases(a: Phrase<unknown>, b: Phrase<unknown>): number {
  const left = a.words.join(' ');
  const right = b.words.join(' ');
  return (
    b.words.length - a.words.length ||
    right.length - left.length ||
    (left < right ? -1 : left > right ? 1 : 0)
  );
}

/** Phrases indexed by the first letters of their first word, longest first. */
export class PhraseIndex<T> {
  readonly #byStart = new Map<string, Phrase<T>[]>();
  #count = 0;

  add(phrase: string, value: T): void {
    const { words } = tokenise(phrase);
    const first = words[0];
    if (first === undefined) return;
    const key = first.replace('*', '').slice(0, 3);
    const list = this.#byStart.get(key) ?? [];
    // Kept in order as they come: longest first, so that the first match is the longest one.
    const added = { words, value };
    const place = list.findIndex((each) => comparePhrases(added, each) < 0);
    if (place < 0) list.push(added);
    else list.splice(place, 0, added);
    this.#byStart.set(key, list);
    this.#count += 1;
  }

  get size(): number {
    return this.#count;
  }

  #longestAt(found: Words, position: number): Phrase<T> | null {
    const list = this.#byStart.get(found.words[position]?.slice(0, 3) ?? '');
    if (!list) return null;
    for (const phrase of list) if (standsAt(phrase.words, found, position)) return phrase;
    return null;
  }

  has(found: Words): boolean {
    return this.find(found) !== null;
  }

  /** The phrase found first, whether affirmed or not. */
  find(found: Words): string | null {
    for (let position = 0; position < found.words.length; position += 1) {
      const phrase = this.#longestAt(found, position);
      if (phrase) return phrase.words.join(' ');
    }
    return null;
  }

  /** All phrases in the order of the text, without overlap, each with whether the text means it. */
  findAll(found: Words): { value: T; text: string; affirmed: boolean }[] {
    const hits: { value: T; text: string; affirmed: boolean }[] = [];
    let position = 0;
    while (position < found.words.length) {
      const phrase = this.#longestAt(found, position);
      if (!phrase) {
        position += 1;
        continue;
      }
      const end = position + phrase.words.length;
      hits.push({
        value: phrase.value,
        text: found.words.slice(position, end).join(' '),
        affirmed: isAffirmed(found, position, end),
      });
      position = end;
    }
    return hits;
  }
}
