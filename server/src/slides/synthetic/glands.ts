import { between, chromatinGrain, NUCLEI } from './nuclei.js';
import { type NoiseMap, noiseMap, type Random, randomFrom, sample } from './random.js';
import { clamp, drawNucleus, emptyStamp, type NucleusLook, type Stamp } from './stamp.js';

export interface GlandStyle {
  /**
   * Share of nuclei that take DAB (immunohistochemistry), null for haematoxylin and eosin. One stamp is made
   * for each: the same gland, differently stained.
   */
  readonly positive: readonly (number | null)[];
  /** Diameter in micrometres. */
  readonly diameter: readonly [number, number];
}

/** A closed outline around a centre: radius by angle, from a few harmonics. */
export function outline(random: Random, roughness: number): (angle: number) => number {
  const waves = [2, 3, 4, 5, 7].map((k) => ({
    k,
    size: (roughness * (random() * 0.8 + 0.2)) / k,
    phase: random() * Math.PI * 2,
  }));
  const table = Float32Array.from({ length: ANGLES }, (_, n) =>
    waves.reduce((r, { k, size, phase }) => r + size * Math.cos((k * n * Math.PI * 2) / ANGLES + phase), 1),
  );
  return (angle) => table[Math.round(((angle / (Math.PI * 2)) * ANGLES + ANGLES) % ANGLES)] ?? 1;
}

const ANGLES = 2048;

/** Grain of the cytoplasm, patches of mucin, clots of secretion: shared by all glands of a slide. */
export interface GlandTextures {
  readonly grain: NoiseMap;
  readonly patch: NoiseMap;
  readonly clot: NoiseMap;
}

export function glandTextures(seed: number, pixelsPerUm: number): GlandTextures {
  return {
    grain: noiseMap(seed, 1.1 * pixelsPerUm),
    patch: noiseMap(seed + 3, 7 * pixelsPerUm, 512),
    clot: noiseMap(seed + 11, 19 * pixelsPerUm, 512),
  };
}

/** A tumour gland cut across: lumen, mucin-pale apical cytoplasm, crowded basal nuclei, basement membrane. */
export function glandStamps(
  seed: number,
  pixelsPerUm: number,
  style: GlandStyle,
  textures: GlandTextures,
): Stamp[] {
  const random = randomFrom(seed);
  const radius = (between(random(), style.diameter) * pixelsPerUm) / 2;
  const outer = outline(random, 0.34);
  const inner = outline(random, 0.42);
  const shift = Math.floor(random() * 512);
  const side = Math.ceil(radius * 2.9);
  const centre = side / 2;
  const stamp = emptyStamp(side, side);
  const cellHeight = (15 + random() * 7) * pixelsPerUm;
  const lumenShare = Math.max(0.16, 1 - cellHeight / radius);
  const squash = 0.65 + random() * 0.35;
  const tilt = random() * Math.PI;
  const ihc = style.positive.some((share) => share !== null);

  for (let j = 0; j < side; j += 1) {
    for (let i = 0; i < side; i += 1) {
      const [dx, dy] = turned(i - centre, j - centre, tilt, squash);
      const distance = Math.sqrt(dx * dx + dy * dy);
      if (distance > radius * 1.45) continue;
      const angle = Math.atan2(dy, dx);
      const edge = radius * outer(angle);
      const lumen = Math.min(radius * lumenShare * inner(angle), edge - 0.75 * cellHeight);
      const out = distance - edge;
      if (out > 3.5 * pixelsPerUm) continue;
      paintWall(stamp, j * side + i, {
        i: i + shift,
        j: j + shift * 3,
        distance,
        edge,
        lumen,
        out,
        textures,
        pixelsPerUm,
        ihc,
      });
    }
  }
  return style.positive.map((positive, group) => {
    const copy = {
      ...stamp,
      first: stamp.first.slice(),
      second: stamp.second.slice(),
      cover: stamp.cover.slice(),
    };
    const plan = {
      random: randomFrom(seed + group),
      radius,
      outer,
      tilt,
      squash,
      centre,
      pixelsPerUm,
      positive,
    };
    placeNuclei(copy, plan);
    return copy;
  });
}

function turned(x: number, y: number, tilt: number, squash: number): [number, number] {
  const cos = Math.cos(tilt);
  const sin = Math.sin(tilt);
  return [x * cos + y * sin, (y * cos - x * sin) / squash];
}

/** 0 below `from`, 1 above `to`. */
const ramp = (value: number, from: number, to: number) =>
  Math.max(0, Math.min(1, (value - from) / (to - from)));

interface WallPoint {
  readonly i: number;
  readonly j: number;
  readonly distance: number;
  readonly edge: number;
  readonly lumen: number;
  readonly out: number;
  readonly textures: GlandTextures;
  readonly pixelsPerUm: number;
  readonly ihc: boolean;
}

function paintWall(stamp: Stamp, at: number, point: WallPoint): void {
  const { i, j, distance, edge, lumen, out, textures, pixelsPerUm, ihc } = point;
  const grain = sample(textures.grain, i, j);
  // Two lattices at a slant: one alone shows its squares.
  const patch = (sample(textures.patch, i, j) + sample(textures.patch, (i + j) >> 1, (j - i) >> 1)) / 2;
  let first: number;
  let second: number;
  let cover = 255;
  if (out > 0) {
    // Retraction: a thin pale cleft, only along parts of the circumference.
    first = 8;
    second = ihc ? 3 : 22;
    cover = ramp(patch, 0.48, 0.56) * 235 * (1 - out / (3.5 * pixelsPerUm));
  } else if (out > -1.1 * pixelsPerUm) {
    first = 34;
    second = ihc ? 8 : 150;
  } else if (distance > lumen) {
    const depth = (distance - lumen) / Math.max(1, edge - lumen);
    const apical = Math.max(0, 1 - depth * 2.2);
    // Mucin pushes the pink aside, without a sharp border.
    const vacuole = 1 - 0.6 * ramp(patch, 0.56, 0.68);
    first = (32 + 24 * depth + 14 * grain) * (ihc ? 0.55 : 1);
    second = ihc ? 5 + 8 * grain : (86 + 26 * grain - 24 * apical) * vacuole;
    second += (ihc ? 3 : 42) * (1 - ramp(distance - lumen, 0.4 * pixelsPerUm, 1.8 * pixelsPerUm));
  } else {
    const clot = (sample(textures.clot, i, j) + sample(textures.clot, (i - j) >> 1, (i + j) >> 1)) / 2;
    const secretion = ramp(clot, 0.58, 0.74) * (0.5 + 0.5 * patch);
    first = 3 + secretion * (16 + 12 * grain);
    second = ihc ? 2 : 4 + secretion * (36 + 24 * grain);
  }
  stamp.first[at] = clamp(first);
  stamp.second[at] = clamp(second);
  stamp.cover[at] = clamp(cover);
}

interface NucleiPlan {
  readonly random: Random;
  readonly radius: number;
  readonly outer: (angle: number) => number;
  readonly tilt: number;
  readonly squash: number;
  readonly centre: number;
  readonly pixelsPerUm: number;
  readonly positive: number | null;
}

/** Counterstained only. */
export const NEGATIVE: NucleusLook = {
  ...NUCLEI.epithelial.look,
  body: 82,
  rim: 40,
  nucleolus: 30,
  second: 4,
};
const POSITIVE: NucleusLook = {
  ...NUCLEI.epithelial.look,
  body: 40,
  rim: 12,
  nucleolus: 0,
  mottle: 25,
  second: 150,
};

function placeNuclei(stamp: Stamp, plan: NucleiPlan): void {
  const { random, radius, outer, tilt, squash, centre, pixelsPerUm } = plan;
  const step = (4.6 * pixelsPerUm) / radius;
  for (let angle = 0; angle < Math.PI * 2; angle += step * (0.75 + random() * 0.6)) {
    // Crowded nuclei stand at different heights above the membrane.
    const height = (5.5 + random() * 6.5) * pixelsPerUm;
    const r = radius * outer(angle) - height;
    const px = r * Math.cos(angle);
    const py = r * Math.sin(angle) * squash;
    const x = centre + px * Math.cos(tilt) - py * Math.sin(tilt);
    const y = centre + px * Math.sin(tilt) + py * Math.cos(tilt);
    const positive = plan.positive !== null && random() < plan.positive;
    const plain = plan.positive === null ? NUCLEI.epithelial.look : NEGATIVE;
    const strength = 0.72 + random() * 0.5;
    const look = positive
      ? { ...POSITIVE, second: POSITIVE.second * strength }
      : { ...plain, body: plain.body * strength };
    drawNucleus(
      stamp,
      {
        x,
        y,
        longRadius: (between(random(), NUCLEI.epithelial.length) * pixelsPerUm) / 2,
        shortRadius: (between(random(), NUCLEI.epithelial.width) * pixelsPerUm) / 2,
        angle: Math.atan2(y - centre, x - centre) + (random() - 0.5) * 0.5,
        seed: Math.floor(random() * 1e9),
      },
      look,
      chromatinGrain(pixelsPerUm),
    );
  }
}
