/** Haematoxylin and eosin, with or without saffron: the network that asks for one reads the other. */
const STANDARD = new Set([
  'HES',
  'HE',
  'HPS',
  'HEMATOXYLINEEOSINE',
  'HEMATOXYLINEEOSINESAFRAN',
  'HEMALUNEOSINE',
  'HAEMATOXYLINEOSIN',
  'HEMATOXYLINEOSIN',
]);

/** « H.E.S. » and "H&E" are one word, as is « Ki-67 ». */
const words = (text: string): string[] =>
  text
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toUpperCase()
    .replaceAll(/[.&]/g, '')
    .split(/[^A-Z0-9]+/)
    .filter(Boolean);

const name = (run: readonly string[]): string => {
  const joined = run.join('');
  return STANDARD.has(joined) ? 'HES' : joined;
};

/**
 * Does a slide that its sender labelled so show this stain? The words of the label run together in any place:
 * « HES A1 », « Ki67 (MIB1) »; never a part of a word, for CD3 is not CD30.
 */
export function showsStain(label: string, stain: string): boolean {
  const found = words(label);
  const wanted = name(words(stain));
  if (wanted === '') return true;
  return found.some((_, from) =>
    found.some((__, to) => to >= from && name(found.slice(from, to + 1)) === wanted),
  );
}
