/** Everything drawn comes from these functions of a seed, so the same seed always gives the same slide. */

/** A well mixed 32-bit number for one cell of one layer. */
export function hashCell(seed: number, column: number, row: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  h = Math.imul(h ^ column, 0xc2b2ae35) ^ (h >>> 15);
  h = Math.imul(h ^ row, 0x27d4eb2f) ^ (h >>> 13);
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

export type Random = () => number;

/** mulberry32: numbers in [0, 1). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const UNIT = 1 / 4_294_967_296;
const smooth = (t: number) => t * t * (3 - 2 * t);

/** Smooth noise in [0, 1) with features of size 1; `period` (whole number) makes it repeat without a seam. */
export function noise(seed: number, x: number, y: number, periodX = 0, periodY = periodX): number {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const u = smooth(x - x0);
  const v = smooth(y - y0);
  const left = periodX ? wrap(x0, periodX) : x0;
  const right = periodX ? wrap(x0 + 1, periodX) : x0 + 1;
  const top = periodY ? wrap(y0, periodY) : y0;
  const bottom = periodY ? wrap(y0 + 1, periodY) : y0 + 1;
  const a = hashCell(seed, left, top) * UNIT;
  const b = hashCell(seed, right, top) * UNIT;
  const c = hashCell(seed, left, bottom) * UNIT;
  const d = hashCell(seed, right, bottom) * UNIT;
  return a + (b - a) * u + (c - a + (a - b - c + d) * u) * v;
}

const wrap = (value: number, period: number) => ((value % period) + period) % period;

/** Three octaves, still in [0, 1). */
export function fractalNoise(seed: number, x: number, y: number): number {
  return (
    (noise(seed, x, y) * 4 + noise(seed + 1, x * 2.1, y * 2.1) * 2 + noise(seed + 2, x * 4.3, y * 4.3)) / 7
  );
}

/** Noise drawn once into a repeating square, for loops that ask for it at every pixel. */
export interface NoiseMap {
  readonly side: number;
  readonly values: Uint8Array;
}

/** `feature`: size of a lump in pixels. */
export function noiseMap(seed: number, feature: number, side = 256): NoiseMap {
  const cells = Math.max(2, Math.round(side / feature));
  const values = new Uint8Array(side * side);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      values[y * side + x] = noise(seed, (x / side) * cells, (y / side) * cells, cells) * 255;
    }
  }
  return { side, values };
}

/** In [0, 1]. */
export function sample({ side, values }: NoiseMap, x: number, y: number): number {
  return (values[(y & (side - 1)) * side + (x & (side - 1))] ?? 0) / 255;
}
