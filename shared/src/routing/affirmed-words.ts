import type { Words } from './read-words.js';

/**
 * Whether an entity named in a sentence is meant as the diagnosis. « Pas de lymphome » and « absence d'argument pour
 * un sarcome » are not, an « antécédent de carcinome du sein » is another disease; « éliminer un lymphome » is a
 * suspicion.
 */

const set = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Written as `tokenise` leaves them, without the final s of longer words: « sans » is `san`, « mais » is `mai`. */
const NEGATIONS = set('pas san hor absence aucun aucune ni without no not');
/** Small words between a negation or a history and what it speaks of: they do not count as distance. */
const LINKS = set(
  'd de du des un une le la les l a au aux pour en faveur argument signe trace element critere aspect evocateur ' +
    'evocatrice histologique morphologique cytologique immunohistochimique formel net evident infiltration ' +
    'localisation of a the evidence for sign',
);
const CONTENT_WORDS = 3;
/** What turns the sentence round again, or opens an alternative. */
const TURNS = set('mai but plutot versu vs contre doute seulement uniquement');
const ALTERNATIVES = set('ou or et and');
const EXCLUDING = /^(?:elimin|exclu|ecart|rule$)/;
const EXCLUDED = /^(?:elimine|eliminee|exclu|exclue|ecarte|ecartee|infirme|infirmee|excluded)$/;
const STILL_POSSIBLE = set('non pas ne peut peuvent pouvoir a not');
const HISTORY = set('antecedent atcd atcds history mere pere soeur frere');
const RECURRENCE = /^(?:recidiv|rechut|relaps|recur|evolutio|transformation|progression)/;

function endsScope(found: Words, place: number): boolean {
  return found.breaks[place] === '.' || found.breaks[place] === ',';
}

/** « lymphome exclu », but neither « lymphome non exclu » nor « lymphome à exclure ». */
function isExcludedAfter(found: Words, end: number): boolean {
  for (let place = end; place < end + 5 && place < found.words.length; place += 1) {
    if (endsScope(found, place)) return false;
    const word = found.words[place] ?? '';
    if (EXCLUDED.test(word)) return true;
    if (STILL_POSSIBLE.has(word)) {
      // « a été éliminé »: the auxiliary is not the « à » of « à éliminer ».
      if (word === 'a' && found.words[place + 1] === 'ete') continue;
      return false;
    }
  }
  return false;
}

export function isAffirmed(found: Words, start: number, end: number): boolean {
  const { words } = found;
  if (words[start - 1] === 'non' && !endsScope(found, start)) return false;
  let content = 0;
  for (let place = start - 1; place >= 0 && content < CONTENT_WORDS; place -= 1) {
    if (endsScope(found, place + 1)) break;
    const word = words[place] ?? '';
    if (TURNS.has(word) || EXCLUDING.test(word)) break;
    if (ALTERNATIVES.has(word)) {
      // « pas de lymphome ou de sarcome » denies both, « mélanome ou lymphome » offers both.
      const next = words[place + 1];
      if (next === 'de' || next === 'd') continue;
      break;
    }
    // « n'élimine pas un lymphome »: denying that it is ruled out leaves the suspicion.
    if (NEGATIONS.has(word)) return EXCLUDING.test(words[place - 1] ?? '');
    if (HISTORY.has(word)) return words.some((each) => RECURRENCE.test(each));
    if (!LINKS.has(word)) content += 1;
  }
  return !isExcludedAfter(found, end);
}
