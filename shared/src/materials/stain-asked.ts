import type { MaterialRequest } from './schema.js';

/** The one stain that was asked, to be written on the slide that answers; empty when several were, or none. */
export function stainAsked(items: MaterialRequest['items']): string {
  const asked = items
    .filter(({ kind }) => kind === 'stain')
    .flatMap(({ detail }) => detail.split(/[,;/\n]|\s\+\s|\s(?:et|and|puis)\s/u))
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const [only, ...more] = asked;
  // A sentence is no name of a stain.
  return only !== undefined && more.length === 0 && only.length <= 40 ? only : '';
}
