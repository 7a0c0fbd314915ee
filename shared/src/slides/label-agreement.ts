/**
 * Does what the label of the glass says agree with what was typed? Blocks and slides get swapped at every bench: the
 * College of American Pathologists asks for two identifiers to be compared at each hand-over (ANP.12500, 2023). Ours are
 * the block and the examination number.
 */
export interface LabelFacts {
  /** What a code on the label, or a person before it, says. */
  readonly says: string;
  /** As the sender typed it beside the slide: « A1 », « 26H01234 bloc A1 ». */
  readonly block: string;
  /** Of the case; empty when it is not known. */
  readonly examNumber: string;
}

/** `unknown`: nothing in it can be compared, as with a number of the laboratory's own. */
export type LabelAgreement = 'agrees' | 'differs' | 'unknown';

const tokens = (text: string): string[] =>
  text
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((token) => token !== '' && !['BLOC', 'BLOCK', 'LAME', 'SLIDE', 'N'].includes(token));

/** « A01 » and « A1 » are one block. */
const withoutZeros = (token: string): string => token.replace(/^([A-Z]*)0+(?=\d)/, '$1');

/** A block is a letter or two with a small number, or either of them alone. */
const isBlock = (token: string): boolean => /^([A-Z]{1,2}\d{0,2}|\d{1,2})$/.test(withoutZeros(token));
/** Examination numbers count a laboratory's year. */
const isExamination = (token: string): boolean => (token.match(/\d/g) ?? []).length >= 4;

interface Run {
  readonly from: number;
  readonly to: number;
}

/** Where tokens of `said`, written together, are what is wanted; null when nowhere. */
function findRun(said: readonly string[], isWanted: (text: string) => boolean): Run | null {
  for (let from = 0; from < said.length; from += 1) {
    for (let to = from + 1; to <= said.length; to += 1) {
      if (isWanted(said.slice(from, to).join(''))) return { from, to };
    }
  }
  return null;
}

export function compareLabel({ says, block, examNumber }: LabelFacts): LabelAgreement {
  const examination = tokens(examNumber).join('');
  let said = tokens(says).flatMap((token) =>
    // Codes often run both together: 26H01234A1.
    examination !== '' && token.startsWith(examination) && token !== examination
      ? [examination, token.slice(examination.length)]
      : [token],
  );
  if (examination !== '') {
    const found = findRun(said, (text) => text === examination);
    if (found) said = said.toSpliced(found.from, found.to - found.from);
    // Another examination's number, with letters in it as people write them or beside a block: another patient's glass.
    else if (said.some(isExamination) && said.some((token) => isBlock(token) || /[A-Z]/.test(token)))
      return 'differs';
  }
  const typed = tokens(block).filter((token) => token !== examination && !isExamination(token));
  if (typed.length === 0 || !said.some(isBlock)) return 'unknown';
  const wanted = withoutZeros(typed.join(''));
  return findRun(said, (text) => withoutZeros(text) === wanted) ? 'agrees' : 'differs';
}
