import { randomFrom } from './random.js';
import { drawNucleus, emptyStamp, type NucleusLook, type Stamp } from './stamp.js';

/** Sizes in micrometres, as a pathologist would give them. */
export interface NucleusKind {
  readonly length: readonly [number, number];
  readonly width: readonly [number, number];
  readonly look: NucleusLook;
}

export const NUCLEI = {
  fibroblast: {
    length: [11, 17],
    width: [2.4, 3.8],
    look: { body: 165, mottle: 45, rim: 15, nucleolus: 0, second: 60, wobble: 0.3 },
  },
  lymphocyte: {
    length: [5.8, 7.2],
    width: [5.4, 6.6],
    look: { body: 190, mottle: 65, rim: 15, nucleolus: 0, second: 40, wobble: 0.12 },
  },
  centroblast: {
    length: [9, 12.5],
    width: [7.5, 10],
    look: { body: 84, mottle: 46, rim: 75, nucleolus: 105, second: 45, wobble: 0.2 },
  },
  epithelial: {
    length: [9, 13],
    width: [5, 7],
    look: { body: 120, mottle: 60, rim: 55, nucleolus: 60, second: 60, wobble: 0.2 },
  },
  spindle: {
    length: [16, 25],
    width: [4.4, 7],
    look: { body: 128, mottle: 62, rim: 45, nucleolus: 50, second: 60, wobble: 0.25 },
  },
  pleomorphic: {
    length: [16, 30],
    width: [10, 19],
    look: { body: 150, mottle: 80, rim: 45, nucleolus: 70, second: 60, wobble: 0.7 },
  },
} as const satisfies Record<string, NucleusKind>;

/** Chromatin clumps of about a micrometre. */
export const chromatinGrain = (pixelsPerUm: number) => Math.max(1.2, 1.1 * pixelsPerUm);

/**
 * A set of stamps of one kind, in `directions` orientations (elongated nuclei follow the fibres) with
 * `variants` each: `stamps[direction * variants + variant]`.
 */
export interface NucleusSet {
  readonly stamps: readonly Stamp[];
  readonly directions: number;
  readonly variants: number;
}

export function nucleusSet(
  kind: NucleusKind,
  options: { pixelsPerUm: number; seed: number; directions: number; variants: number },
): NucleusSet {
  const { pixelsPerUm, directions, variants } = options;
  const random = randomFrom(options.seed);
  const stamps: Stamp[] = [];
  for (let direction = 0; direction < directions; direction += 1) {
    for (let variant = 0; variant < variants; variant += 1) {
      const longRadius = (between(random(), kind.length) * pixelsPerUm) / 2;
      const shortRadius = Math.min(longRadius, (between(random(), kind.width) * pixelsPerUm) / 2);
      const side = Math.ceil(longRadius * 2.7 + 4);
      const stamp = emptyStamp(side, side);
      // Two nuclei in three differ in how dark they take the stain.
      const darker = (random() - 0.5) * 0.4;
      const shape = {
        x: side / 2,
        y: side / 2,
        longRadius,
        shortRadius,
        angle: ((direction + random() * 0.6 - 0.3) * Math.PI) / directions,
        seed: Math.floor(random() * 1e9),
      };
      const look = { ...kind.look, body: kind.look.body * (1 + darker) };
      drawNucleus(stamp, shape, look, chromatinGrain(pixelsPerUm));
      stamps.push(stamp);
    }
  }
  return { stamps, directions, variants };
}

/** Stamp for an angle in radians and a random number. */
export function pickNucleus(set: NucleusSet, angle: number, random: number): Stamp | undefined {
  const turns = Math.round((angle / Math.PI) * set.directions);
  const direction = ((turns % set.directions) + set.directions) % set.directions;
  return set.stamps[direction * set.variants + (random % set.variants)];
}

export const between = (t: number, [low, high]: readonly [number, number]) => low + (high - low) * t;
