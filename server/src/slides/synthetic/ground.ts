import { noise } from './random.js';
import type { Field } from './stamp.js';

/** A square that repeats in both directions; its side is a power of two, so that wrapping is a bit mask. */
export interface Texture {
  readonly sideBits: number;
  readonly values: Uint8Array;
}

/** Corners of the coarse grid are this many pixels apart; between them everything is interpolated. */
const STEP = 32;

/** What the tissue is like at a point: evaluated on the coarse grid only. */
export interface GroundPoint {
  /** Above 0 inside the tissue; distance to the edge in pixels, roughly. */
  readonly inside: number;
  /** Direction of the fibres, radians. */
  readonly angle: number;
  /** Amount of the second stain carried by fibres, and of the first everywhere. */
  readonly fibre: number;
  readonly tint: number;
}

export type GroundAt = (x: number, y: number) => GroundPoint;

/** Wavy fibres along x: strands a few pixels thick, with the pale clefts that fixation leaves between them. */
export function fibreTexture(seed: number, pixelsPerUm: number, sideBits: number): Texture {
  const side = 1 << sideBits;
  const values = new Uint8Array(side * side);
  // Even, because the clefts are twice as wide as the strands and must meet at the seam too.
  const strands = 2 * Math.max(4, Math.round(side / (9 * pixelsPerUm)));
  const along = Math.max(2, Math.round(side / (70 * pixelsPerUm)));
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const u = x / side;
      const wave = noise(seed, u * along, (y / side) * along, along) * 1.6;
      const v = (y / side) * strands + wave;
      const strand = noise(seed + 1, u * along * 2, v, along * 2, strands);
      const fine = noise(seed + 2, u * along * 9, v * 4, along * 9, strands * 4);
      const cleft = noise(seed + 3, u * along, v * 0.5 + wave, along, strands / 2);
      let value = 62 + 110 * strand + 110 * (fine - 0.5);
      if (cleft > 0.68) value *= Math.max(0.04, 1 - (cleft - 0.68) * 9);
      values[y * side + x] = Math.max(0, Math.min(255, value));
    }
  }
  return { sideBits, values };
}

/**
 * Fills a field with connective tissue. The fibre texture is looked up in four directions (turning by 45°
 * keeps its period) and mixed by the local direction: bundles bend across the slide without a seam.
 * Returns false, and leaves the field empty, when no tissue reaches this square.
 */
export function paintGround(field: Field, texture: Texture, at: GroundAt): boolean {
  const cells = field.size / STEP;
  const corners = cells + 1;
  const grid = new Float32Array(corners * corners * CHANNELS);
  let highest = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < corners; j += 1) {
    for (let i = 0; i < corners; i += 1) {
      const point = at(field.left + i * STEP, field.top + j * STEP);
      highest = Math.max(highest, point.inside);
      storeCorner(grid, (j * corners + i) * CHANNELS, point);
    }
  }
  field.first.fill(0);
  field.second.fill(0);
  if (highest < -EDGE_NOISE) return false;
  for (let j = 0; j < cells; j += 1) {
    for (let i = 0; i < cells; i += 1) {
      const topLeft = (j * corners + i) * CHANNELS;
      paintCell(field, texture, grid, topLeft, topLeft + corners * CHANNELS, i * STEP, j * STEP);
    }
  }
  return true;
}

/** inside, four direction weights multiplied by the fibre amount, tint. */
const CHANNELS = 6;
const EDGE_NOISE = 40;

function storeCorner(grid: Float32Array, at: number, point: GroundPoint): void {
  grid[at] = point.inside;
  let total = 0;
  for (let k = 0; k < 4; k += 1) {
    const alike = Math.cos(point.angle - (k * Math.PI) / 4) ** 2;
    const weight = alike ** 4;
    grid[at + 1 + k] = weight;
    total += weight;
  }
  for (let k = 0; k < 4; k += 1) grid[at + 1 + k] = ((grid[at + 1 + k] ?? 0) / total) * (point.fibre / 128);
  grid[at + 5] = point.tint;
}

const corner = new Float32Array(CHANNELS);
const slope = new Float32Array(CHANNELS);

function paintCell(
  field: Field,
  texture: Texture,
  grid: Float32Array,
  top: number,
  bottom: number,
  left: number,
  upper: number,
): void {
  const { first, second, size } = field;
  const { sideBits: bits, values } = texture;
  const mask = (1 << bits) - 1;
  for (let dy = 0; dy < STEP; dy += 1) {
    const t = dy / STEP;
    for (let c = 0; c < CHANNELS; c += 1) {
      const from = (grid[top + c] ?? 0) * (1 - t) + (grid[bottom + c] ?? 0) * t;
      const to = (grid[top + CHANNELS + c] ?? 0) * (1 - t) + (grid[bottom + CHANNELS + c] ?? 0) * t;
      corner[c] = from;
      slope[c] = (to - from) / STEP;
    }
    let inside = corner[0] ?? 0;
    let w0 = corner[1] ?? 0;
    let w1 = corner[2] ?? 0;
    let w2 = corner[3] ?? 0;
    let w3 = corner[4] ?? 0;
    let tint = corner[5] ?? 0;
    const [sInside = 0, s0 = 0, s1 = 0, s2 = 0, s3 = 0, sTint = 0] = slope;
    const y = field.top + upper + dy;
    let at = (upper + dy) * size + left;
    for (let dx = 0; dx < STEP; dx += 1) {
      const x = field.left + left + dx;
      const t0 = values[((y & mask) << bits) | (x & mask)] ?? 0;
      const ragged = inside + (t0 - 128) * 0.22;
      if (ragged > 0) {
        const t1 = values[(((y - x) & mask) << bits) | ((x + y) & mask)] ?? 0;
        const t2 = values[((x & mask) << bits) | (-y & mask)] ?? 0;
        const t3 = values[(((x + y) & mask) << bits) | ((x - y) & mask)] ?? 0;
        const fibre = t0 * w0 + t1 * w1 + t2 * w2 + t3 * w3;
        const fade = ragged < 5 ? ragged / 5 : 1;
        second[at] = Math.min(255, fibre * fade);
        first[at] = (tint + fibre * 0.06) * fade;
      }
      inside += sInside;
      w0 += s0;
      w1 += s1;
      w2 += s2;
      w3 += s3;
      tint += sTint;
      at += 1;
    }
  }
}
