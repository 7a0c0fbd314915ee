import type { Language } from '@relecture/shared/http/page.js';

const NO_BREAK = '\u00a0';
const THIN = '\u202f';

/**
 * French spaces, put once here instead of by hand in every sentence: a no-break space before a colon and inside
 * guillemets, a thin one before ; ? and !. The words files are written with ordinary spaces.
 */
export function typography(text: string, language: Language): string {
  if (language !== 'fr') return text;
  return text
    .replaceAll(' :', `${NO_BREAK}:`)
    .replaceAll(/ ([;?!])/g, `${THIN}$1`)
    .replaceAll('« ', `«${NO_BREAK}`)
    .replaceAll(' »', `${NO_BREAK}»`)
    .replaceAll("'", '’');
}

export type Words = { [key: string]: string | Words };

export function typeset(words: Words, language: Language): Words {
  return Object.fromEntries(
    Object.entries(words).map(([key, value]) => [
      key,
      typeof value === 'string' ? typography(value, language) : typeset(value, language),
    ]),
  );
}
