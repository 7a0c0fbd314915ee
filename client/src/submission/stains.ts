/** Stains and markers offered while typing; any other word is accepted. */
export const USUAL_STAINS = [
  'HES',
  'HE',
  'PAS',
  'Perls',
  'Giemsa',
  'Réticuline',
  'Trichrome',
  'Bleu alcian',
  'Rouge Congo',
  'AE1/AE3',
  'BCL2',
  'BCL6',
  'CD3',
  'CD5',
  'CD10',
  'CD20',
  'CD30',
  'CD34',
  'CD45',
  'CD56',
  'CD68',
  'CD117',
  'Chromogranine',
  'CK7',
  'CK20',
  'Cycline D1',
  'Desmine',
  'DOG1',
  'EMA',
  'ERG',
  'GATA3',
  'HMB45',
  'INI1',
  'Ki-67',
  'MDM2',
  'Melan-A',
  'Myogénine',
  'p16',
  'p53',
  'p63',
  'PS100',
  'SDHB',
  'SOX10',
  'STAT6',
  'Synaptophysine',
  'TTF1',
  'Vimentine',
];

const plain = (text: string) =>
  text
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '');

/** The words of a file's name, whole (« Ki-67 ») and in pieces (« A1-HES »). */
const wordsOf = (fileName: string) =>
  fileName
    .replace(/\.[^.]*$/, '')
    .split(/[^\p{L}\p{N}/-]+/u)
    .flatMap((word) => [word, ...word.split('-')]);

/** A stain named as a whole word in the file's name, read on this computer only; empty when there is none. */
export function guessStain(fileName: string): string {
  const words = new Set(wordsOf(fileName).map(plain));
  return USUAL_STAINS.find((stain) => words.has(plain(stain))) ?? '';
}

/** « A1 » of `A1_HES.svs`: one letter and a number, when the name holds only one such word that is no stain. */
export function guessBlock(fileName: string): string {
  const stains = new Set(USUAL_STAINS.map(plain));
  const blocks = new Set(
    wordsOf(fileName)
      .map((word) => word.toUpperCase())
      .filter((word) => /^[A-W]\d{1,2}$/.test(word) && !stains.has(word)),
  );
  return blocks.size === 1 ? [...blocks].join('') : '';
}
