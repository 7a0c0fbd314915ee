/** Splitting French or English free text into comparable words, keeping what stands between them. */

/** What stands before a word: nothing of note, a hyphen, a comma, or the end of a sentence or field. */
export type Break = '' | '-' | ',' | '.';

export interface Words {
  readonly words: readonly string[];
  /** As long as `words`. */
  readonly breaks: readonly Break[];
}

export const NO_WORDS: Words = { words: [], breaks: [] };

// biome-ignore lint/suspicious/noControlCharactersInRegex: the whole ASCII range is meant.
const PLAIN = /^[\u0000-\u007f]*$/;

export function normaliseText(text: string): string {
  const lower = text.toLowerCase();
  // Codes and abbreviations have no accent to take off.
  if (PLAIN.test(lower)) return lower;
  return lower
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '');
}

/** « bords nets » is no NET, and CCIS (in situ) no CCI (invasive). */
const NOT_PLURAL = new Set(['nets', 'ccis']);

/** French and English plurals end alike; short words such as « os » or « vs » are left alone. */
function singular(word: string): string {
  if (word.length < 4 || NOT_PLURAL.has(word)) return word;
  return word.endsWith('s') || word.endsWith('x') ? word.slice(0, -1) : word;
}

/** Words French request forms shorten. Whole words only, and only those that mean one thing in a pathology request. */
const SHORTENED: ReadonlyMap<string, string> = new Map([
  ['adk', 'adenocarcinome'],
  ['adenok', 'adenocarcinome'],
  ['carc', 'carcinome'],
  ['epidermo', 'epidermoide'],
  ['mesothelio', 'mesotheliome'],
  ['meta', 'metastase'],
  ['metas', 'metastase'],
  ['neuroendo', 'neuroendocrine'],
  ['prolif', 'proliferation'],
  ['tum', 'tumeur'],
]);

const WORD = /[a-z0-9+*]+/g;
const SENTENCE_END = /[.;?!](?:\s|$)|\n/;

function breakIn(between: string): Break {
  if (between === ' ') return '';
  if (between === '-') return '-';
  if (SENTENCE_END.test(between)) return '.';
  return between.includes(',') ? ',' : '';
}

export function tokenise(text: string): Words {
  const plain = normaliseText(text);
  const words: string[] = [];
  const breaks: Break[] = [];
  let end = 0;
  for (const match of plain.matchAll(WORD)) {
    const [word] = match;
    breaks.push(words.length === 0 ? '.' : breakIn(plain.slice(end, match.index)));
    words.push(singular(SHORTENED.get(word) ?? word));
    end = match.index + word.length;
  }
  return readShortWords(words, breaks);
}

/** Two fields side by side: a word that ends the first never joins the first of the next into a phrase. */
export function joinWords(first: Words, second: Words): Words {
  return { words: [...first.words, ...second.words], breaks: [...first.breaks, ...second.breaks] };
}

/** What follows « net » when it is the tumour and not « à bords nets »: a place, a grade, another name of it, or nothing. */
const AFTER_NET =
  /^(?:d|de|du|des|of|g[1-3]|grade|bien|peu|pancrea|gastr|duoden|ile|grel|appendic|rect|col|bronch|pulmon|digest|thym|ou|vs|versu|carcinoid|non)/;
const BEFORE_NET = new Set([
  'contour',
  'bord',
  'limite',
  'berge',
  'marge',
  'plu',
  'moin',
  'aspect',
  'est',
  'sont',
]);
/** « lympho-plasmocytaire » and « chorio-rétinien » are adjectives, not an abbreviated lymphoma or choriocarcinoma. */
const COMBINED = /^(?:plasmocyt|histiocyt|epitheli|vasculair|retin|amnio|amniot|allantoid|angiom|capillar)/;
const COMBINING = new Set(['lympho', 'chorio']);
/** « K » is a cancer before an organ (« K du sein »), not in « cellules K » or « vitamine K ». */
const BEFORE_CANCER = new Set([
  'un',
  'du',
  'de',
  'd',
  'suspicion',
  'antecedent',
  'atcd',
  'metastase',
  'possible',
  'probable',
]);
const UNREAD = '~';

/** Short abbreviations that are also ordinary words or letters are kept only where they are the abbreviation. */
function readShortWords(words: string[], breaks: Break[]): Words {
  for (let place = 0; place < words.length; place += 1) {
    const word = words[place] ?? '';
    if (word.length > 6) continue;
    const opens = breaks[place] === '.' || breaks[place] === ',';
    const before = opens ? undefined : words[place - 1];
    const closes = place + 1 === words.length || breaks[place + 1] === '.' || breaks[place + 1] === ',';
    const after = closes ? undefined : words[place + 1];
    if (word === 'net') {
      const adjective = before !== undefined && BEFORE_NET.has(before);
      if (adjective || (after !== undefined && !AFTER_NET.test(after))) words[place] = UNREAD;
    } else if (word === 'k') {
      const organ = after !== undefined && after.length > 1 && breaks[place + 1] === '' && !/^\d/.test(after);
      const isCancer = organ && (before === undefined || BEFORE_CANCER.has(before));
      words[place] = isCancer ? 'cancer' : UNREAD;
    } else if (
      COMBINING.has(word) &&
      words[place + 1] !== undefined &&
      COMBINED.test(words[place + 1] ?? '')
    ) {
      words[place] = UNREAD;
    }
  }
  return { words, breaks };
}
