import { noise } from './random.js';

/** A square of tissue: how much of each stain at each pixel. */
export interface Field {
  readonly left: number;
  readonly top: number;
  readonly size: number;
  readonly first: Uint8Array;
  readonly second: Uint8Array;
}

/** A structure drawn once and laid down many times: a nucleus, a gland, a vessel. */
export interface Stamp {
  readonly width: number;
  readonly height: number;
  readonly first: Uint8Array;
  readonly second: Uint8Array;
  readonly cover: Uint8Array;
}

export function emptyStamp(width: number, height: number): Stamp {
  const size = width * height;
  return {
    width,
    height,
    first: new Uint8Array(size),
    second: new Uint8Array(size),
    cover: new Uint8Array(size),
  };
}

/** Lays a stamp with its centre at (x, y) of the slide, mirrored or turned by bits 0-2 of `turn`. */
export function layStamp(field: Field, stamp: Stamp, x: number, y: number, turn = 0): void {
  const swap = (turn & 4) !== 0;
  const width = swap ? stamp.height : stamp.width;
  const height = swap ? stamp.width : stamp.height;
  const left = Math.round(x - width / 2) - field.left;
  const top = Math.round(y - height / 2) - field.top;
  const fromX = Math.max(0, -left);
  const toX = Math.min(width, field.size - left);
  const fromY = Math.max(0, -top);
  const toY = Math.min(height, field.size - top);
  const stepX = (swap ? stamp.width : 1) * ((turn & 1) !== 0 ? -1 : 1);
  const stepY = (swap ? 1 : stamp.width) * ((turn & 2) !== 0 ? -1 : 1);
  const origin =
    ((turn & 1) !== 0 ? -(width - 1) * stepX : 0) + ((turn & 2) !== 0 ? -(height - 1) * stepY : 0);
  const { first, second, size } = field;
  for (let j = fromY; j < toY; j += 1) {
    let from = origin + j * stepY + fromX * stepX;
    let at = (top + j) * size + left + fromX;
    for (let i = fromX; i < toX; i += 1) {
      const cover = stamp.cover[from] ?? 0;
      if (cover !== 0) {
        const a = first[at] ?? 0;
        const b = second[at] ?? 0;
        first[at] = a + ((((stamp.first[from] ?? 0) - a) * cover) >> 8);
        second[at] = b + ((((stamp.second[from] ?? 0) - b) * cover) >> 8);
      }
      from += stepX;
      at += 1;
    }
  }
}

/** How the chromatin of a kind of nucleus looks, in units of the first stain. */
export interface NucleusLook {
  readonly body: number;
  readonly mottle: number;
  readonly rim: number;
  readonly nucleolus: number;
  /** Amount of the second stain inside: eosin underneath, or DAB when positive. */
  readonly second: number;
  /** 0 smooth outline, 0.5 irregular. */
  readonly wobble: number;
}

export interface NucleusShape {
  readonly x: number;
  readonly y: number;
  readonly longRadius: number;
  readonly shortRadius: number;
  readonly angle: number;
  readonly seed: number;
}

/** Draws one nucleus into a stamp: soft outline, chromatin in clumps, a darker membrane, a nucleolus. */
export function drawNucleus(stamp: Stamp, shape: NucleusShape, look: NucleusLook, grain: number): void {
  const { x, y, longRadius, shortRadius, angle, seed } = shape;
  const reach = longRadius * 1.3 + 2;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const nucleolusAt = ((seed & 0xff) / 255 - 0.5) * 0.6;
  const softness = 1.4 / shortRadius;
  for (let j = Math.max(0, Math.floor(y - reach)); j < Math.min(stamp.height, y + reach); j += 1) {
    for (let i = Math.max(0, Math.floor(x - reach)); i < Math.min(stamp.width, x + reach); i += 1) {
      const u = ((i - x) * cos + (j - y) * sin) / longRadius;
      const v = ((j - y) * cos - (i - x) * sin) / shortRadius;
      const plain = Math.sqrt(u * u + v * v);
      if (plain > 1.35 + softness) continue;
      const bump = 1 + look.wobble * (noise(seed, u * 1.6 + 7, v * 1.6 + 7) - 0.5);
      const r = plain * bump;
      if (r > 1 + softness) continue;
      const inside = Math.min(1, (1 + softness - r) / (2 * softness));
      const clumps =
        noise(seed + 5, i / grain, j / grain) * 0.65 +
        noise(seed + 9, (i * 2) / grain, (j * 2) / grain) * 0.35;
      const du = u - nucleolusAt;
      const dv = v + nucleolusAt * 0.6;
      const spot = Math.max(0, 1 - Math.sqrt(du * du + dv * dv) / 0.27);
      const amount =
        look.body +
        look.mottle * (clumps - 0.5) * 2 +
        look.rim * Math.max(0, (r - 0.62) / 0.38) +
        look.nucleolus * Math.min(1, spot * 2);
      const at = j * stamp.width + i;
      const cover = Math.round(inside * 245);
      const before = stamp.cover[at] ?? 0;
      const mix = before === 0 ? 1 : cover / 256;
      stamp.first[at] = clamp((stamp.first[at] ?? 0) * (1 - mix) + amount * mix);
      stamp.second[at] = clamp(
        (stamp.second[at] ?? 0) * (1 - mix) + look.second * (0.7 + 0.6 * clumps) * mix,
      );
      stamp.cover[at] = Math.max(before, cover);
    }
  }
}

export const clamp = (value: number) => Math.max(0, Math.min(255, value));
