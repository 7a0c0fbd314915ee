import { parseMorphology, parseSite } from '../icdo3-code.js';
import { normaliseText } from '../read-words.js';
import type { Icdo3Entry, Icdo3Hit, Icdo3Kind, Icdo3Language, Icdo3Table } from './schema.js';

/** A name in any language, cut into words once, so that a keystroke costs comparisons only. */
interface Name {
  text: string;
  words: string[];
  own: Icdo3Language | 'synonym';
}

interface Indexed {
  entry: Icdo3Entry;
  names: Name[];
  /** Every word of its names, for queries that take one from each: « peau du visage ». */
  allWords: string[];
}

export interface Icdo3Index {
  kind: Icdo3Kind;
  entries: Indexed[];
  byCode: ReadonlyMap<string, Icdo3Entry>;
}

const LITTLE_WORDS = new Set([
  'de',
  'du',
  'des',
  'la',
  'le',
  'les',
  'l',
  'd',
  'a',
  'au',
  'of',
  'the',
  'en',
  'et',
  // What everybody leaves out: « côlon » is « Côlon SAI ».
  'sai',
  'nos',
  // Words around a diagnosis, not of it.
  'suspicion',
  'suspect',
  'suspecte',
  'probable',
  'possible',
  'evocateur',
]);

function wordsOf(text: string): string[] {
  return normaliseText(text)
    .split(/[^a-z0-9+]+/)
    .filter((word) => word.length > 0 && !LITTLE_WORDS.has(word));
}

const name = (text: string, own: Name['own']): Name => ({ text, words: wordsOf(text), own });

export function indexIcdo3(kind: Icdo3Kind, table: Icdo3Table): Icdo3Index {
  return {
    kind,
    entries: table.entries.map((entry) => {
      const names = [
        name(entry.fr, 'fr'),
        name(entry.en, 'en'),
        ...[...entry.synonyms, ...(entry.abbreviations ?? [])].map((synonym) => name(synonym, 'synonym')),
      ];
      return { entry, names, allWords: [...new Set(names.flatMap(({ words }) => words))] };
    }),
    byCode: new Map(table.entries.map((entry) => [entry.code, entry])),
  };
}

/**
 * Every asked word must begin a word of the name; the whole name, its beginning, and words in full count more than
 * beginnings, short names more than long ones. An abbreviation is simply a one-word name.
 */
function scoreName(asked: readonly string[], { words }: Name): number {
  let score = 0;
  let next = 0;
  for (const ask of asked) {
    let best = 0;
    for (let position = 0; position < words.length; position += 1) {
      const word = words[position] ?? '';
      if (!word.startsWith(ask) && !samePlural(word, ask)) continue;
      const whole = word === ask ? 4 : word.length <= ask.length + 1 ? 3 : 1;
      const inOrder = position === next ? 2 : 0;
      if (whole + inOrder > best) best = whole + inOrder;
    }
    if (best === 0) return 0;
    score += best;
    next += 1;
  }
  const complete = words.length === asked.length ? 6 : 0;
  return score * 10 + complete * 10 + 30 / (words.length + 1);
}

/** Each asked word begins a word of some name. Whole words count; always below a match within one name. */
function scoreAcross(asked: readonly string[], allWords: readonly string[]): number {
  let whole = 0;
  for (const ask of asked) {
    const found = allWords.filter((word) => word.startsWith(ask) || samePlural(word, ask));
    if (found.length === 0) return 0;
    if (found.some((word) => word.length <= ask.length + 1)) whole += 1;
  }
  return (1 + whole) / (1 + asked.length);
}

const samePlural = (word: string, ask: string) =>
  ask.length > 3 && (ask.endsWith('s') || ask.endsWith('x')) && word === ask.slice(0, -1);

function hit(entry: Icdo3Entry, language: Icdo3Language, matched: Name | null): Icdo3Hit {
  const label = entry[language];
  const synonym = matched && matched.own !== language && matched.text !== label ? matched.text : null;
  return { code: entry.code, label, synonym, known: true };
}

/** Plain comparison: codes are ASCII, and locale rules are slow to load. */
const byCode = (a: { code: string }, b: { code: string }) => (a.code < b.code ? -1 : 1);

/** What is sent for a second reading is mostly malignant: among equals it comes before its benign namesake. */
const malignant = ({ code }: { code: string }) => (code.endsWith('/3') ? 1 : 0);

/** `C44`, `c445`, `8936/`, `89363`: the query is a code, or the beginning of one. */
function codeStart(kind: Icdo3Kind, query: string): string | null {
  const bare = query.trim().toUpperCase();
  if (kind === 'topography') {
    const match = /^C(\d{0,2})\.?(\d?)$/.exec(bare);
    return match ? `C${match[1]}${match[2] ? `.${match[2]}` : ''}` : null;
  }
  const match = /^(?:M-?)?(\d{1,4})\/?(\d?)$/.exec(bare);
  if (!match?.[1]) return null;
  return match[1].length === 4 && (match[2] || bare.includes('/')) ? `${match[1]}/${match[2]}` : match[1];
}

function unknownCode(kind: Icdo3Kind, query: string, language: Icdo3Language): Icdo3Hit | null {
  const code = (kind === 'topography' ? parseSite(query) : parseMorphology(query))?.text;
  if (!code || (kind === 'topography' && !/\d\.?\d{2}$|\.\d$/.test(query.trim()))) return null;
  const label = language === 'fr' ? 'Code absent du référentiel' : 'Code not in the reference table';
  return { code, label, synonym: null, known: false };
}

/** Ranked, without accents or case, by word, beginning of word, abbreviation or code. Pure. */
export function searchIcdo3(
  index: Icdo3Index,
  query: string,
  language: Icdo3Language,
  limit: number,
): Icdo3Hit[] {
  const start = codeStart(index.kind, query);
  if (start !== null) {
    const found = index.entries
      .filter(({ entry }) => entry.code.startsWith(start))
      .map(({ entry }) => hit(entry, language, null))
      .sort(byCode)
      .slice(0, limit);
    const unknown = found.length === 0 ? unknownCode(index.kind, query, language) : null;
    return unknown ? [unknown] : found;
  }
  const asked = wordsOf(query);
  if (asked.length === 0) return [];
  const scored: { entry: Icdo3Entry; matched: Name; score: number }[] = [];
  for (const { entry, names, allWords } of index.entries) {
    let best: { matched: Name; score: number } | null = null;
    for (const each of names) {
      // The language of the screen wins between equals, a synonym comes before the other language.
      const bonus = each.own === language ? 2 : each.own === 'synonym' ? 1 : 0;
      const score = scoreName(asked, each);
      if (score > 0 && (!best || score + bonus > best.score)) best = { matched: each, score: score + bonus };
    }
    const [label] = names;
    const across = best || asked.length < 2 ? 0 : scoreAcross(asked, allWords);
    if (best) scored.push({ entry, ...best });
    else if (across > 0 && label) scored.push({ entry, matched: label, score: across });
  }
  return scored
    .sort((a, b) => b.score - a.score || malignant(b.entry) - malignant(a.entry) || byCode(a.entry, b.entry))
    .slice(0, limit)
    .map(({ entry, matched }) => hit(entry, language, matched));
}

/** The words of one code; a well-formed code that is not in the table is described as such, anything else is null. */
export function describeIcdo3(index: Icdo3Index, code: string, language: Icdo3Language): Icdo3Hit | null {
  const text = (index.kind === 'topography' ? parseSite(code) : parseMorphology(code))?.text;
  if (!text) return null;
  const entry = index.byCode.get(text);
  return entry ? hit(entry, language, null) : unknownCode(index.kind, text, language);
}
