/**
 * Tissue is drawn as two amounts of stain per pixel and coloured by Beer-Lambert's law at the end, as light
 * does in a microscope: overlapping structures darken each other the way they really do.
 */
export type StainPair = 'haematoxylin-eosin' | 'haematoxylin-dab';

type Optical = readonly [number, number, number];

/** Absorbance per unit of stain for red, green, blue (Ruifrok and Johnston 2001). */
const HAEMATOXYLIN: Optical = [0.65, 0.7, 0.32];
const EOSIN: Optical = [0.1, 0.86, 0.42];
const DAB: Optical = [0.27, 0.57, 0.78];

/** The white of the empty glass under the scanner's lamp. */
export const GLASS: Optical = [244, 243, 245];

const FIRST_SCALE = 0.0096;
const SECOND_SCALE = { 'haematoxylin-eosin': 0.0052, 'haematoxylin-dab': 0.0105 } as const;

/** RGB for each (first >> 1, second >> 1): 128 x 128 colours, small enough to stay in the processor's cache. */
export function stainTable(pair: StainPair): Uint8Array {
  const table = new Uint8Array(128 * 128 * 3);
  const second = pair === 'haematoxylin-eosin' ? EOSIN : DAB;
  for (let a = 0; a < 128; a += 1) {
    for (let b = 0; b < 128; b += 1) {
      for (let c = 0; c < 3; c += 1) {
        const absorbed =
          a * 2 * FIRST_SCALE * (HAEMATOXYLIN[c] ?? 0) + b * 2 * SECOND_SCALE[pair] * (second[c] ?? 0);
        table[(a * 128 + b) * 3 + c] = Math.round((GLASS[c] ?? 0) * Math.exp(-absorbed));
      }
    }
  }
  return table;
}
