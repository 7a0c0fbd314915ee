/**
 * Finding tumour entities in French or English free text: accents, case, plurals and punctuation do not matter,
 * the longest phrase wins (« neuroblastome olfactif » is not a neuroblastome), a negated one is not counted.
 */

const SEPARATORS = /[^a-z0-9+*]+/;
/** A hit is dropped when one of these stands at most three words before it, in the same part of the sentence. */
const NEGATIONS = new Set(['pas', 'san', 'sans', 'hor', 'hors', 'absence', 'without', 'no', 'not']);
const DIFFERENTIAL = new Set(['versu', 'versus', 'vs', 'ou', 'or', 'contre']);

export function normaliseText(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '');
}

/** French and English plurals end alike; short words such as « os » or « vs » are left alone. */
function singular(word: string): string {
  return word.length > 3 && (word.endsWith('s') || word.endsWith('x')) ? word.slice(0, -1) : word;
}

/** Words French request forms shorten. Whole words only, and only those that mean one thing in a pathology request. */
const SHORTENED: Readonly<Record<string, string>> = {
  adk: 'adenocarcinome',
  adenok: 'adenocarcinome',
  carc: 'carcinome',
  k: 'cancer',
  epidermo: 'epidermoide',
  mesothelio: 'mesotheliome',
  meta: 'metastase',
  metas: 'metastase',
  neuroendo: 'neuroendocrine',
  prolif: 'proliferation',
  tum: 'tumeur',
};

const whole = (word: string): string => (Object.hasOwn(SHORTENED, word) ? (SHORTENED[word] ?? word) : word);

export function tokenise(text: string): string[] {
  return normaliseText(text)
    .split(SEPARATORS)
    .filter((word) => word.length > 0)
    .map((word) => singular(whole(word)));
}

interface Phrase<T> {
  words: string[];
  value: T;
}

function wordMatches(pattern: string, word: string | undefined): boolean {
  if (word === undefined) return false;
  return pattern.endsWith('*') ? word.startsWith(pattern.slice(0, -1)) : pattern === word;
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
    const words = tokenise(phrase);
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

  #longestAt(words: readonly string[], position: number): Phrase<T> | null {
    const list = this.#byStart.get(words[position]?.slice(0, 3) ?? '');
    if (!list) return null;
    for (const phrase of list) {
      if (phrase.words.every((word, offset) => wordMatches(word, words[position + offset]))) return phrase;
    }
    return null;
  }

  has(words: readonly string[]): boolean {
    return this.find(words) !== null;
  }

  /** The phrase found first, whether negated or not. */
  find(words: readonly string[]): string | null {
    for (let position = 0; position < words.length; position += 1) {
      const phrase = this.#longestAt(words, position);
      if (phrase) return phrase.words.join(' ');
    }
    return null;
  }

  /** All phrases in the order of the text, without overlap and without those that are negated. */
  findAll(words: readonly string[]): { value: T; text: string }[] {
    const hits: { value: T; text: string }[] = [];
    let position = 0;
    while (position < words.length) {
      const phrase = this.#longestAt(words, position);
      if (!phrase) {
        position += 1;
        continue;
      }
      if (!isNegated(words, position)) {
        hits.push({
          value: phrase.value,
          text: words.slice(position, position + phrase.words.length).join(' '),
        });
      }
      position += phrase.words.length;
    }
    return hits;
  }
}

function isNegated(words: readonly string[], position: number): boolean {
  if (words[position - 1] === 'non') return true;
  for (let back = 1; back <= 3; back += 1) {
    const word = words[position - back];
    if (word === undefined || DIFFERENTIAL.has(word)) return false;
    if (NEGATIONS.has(word)) return true;
  }
  return false;
}
