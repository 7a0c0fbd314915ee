import { glandStamps, glandTextures } from './glands.js';
import { fibreTexture, type GroundAt, paintGround, type Texture } from './ground.js';
import { NUCLEI, type NucleusKind, type NucleusSet, nucleusSet, pickNucleus } from './nuclei.js';
import { type Outline, tissueOutline } from './outline.js';
import { fractalNoise, noise } from './random.js';
import { scatter } from './scatter.js';
import type { StainPair } from './stain.js';
import { type Field, layStamp } from './stamp.js';
import { vesselStamp } from './vessels.js';

export const SYNTHETIC_KINDS = ['he-gland', 'he-lymphoid', 'he-sarcoma', 'ihc-dab'] as const;
export type SyntheticKind = (typeof SYNTHETIC_KINDS)[number];

/** Draws any square of the slide on its own. Returns false where there is only glass. */
export interface Tissue {
  readonly stains: StainPair;
  paint(field: Field): boolean;
}

export interface TissueOptions {
  readonly kind: SyntheticKind;
  readonly width: number;
  readonly height: number;
  readonly pixelsPerUm: number;
  readonly seed: number;
}

export function createTissue(options: TissueOptions): Tissue {
  const pieces = { 'he-gland': 2, 'he-lymphoid': 1, 'he-sarcoma': 1, 'ihc-dab': 2 }[options.kind];
  const small = options.width * options.height < 4e6;
  const scene: Scene = {
    ...options,
    outline: tissueOutline(options.seed, options.width, options.height, small ? 1 : pieces),
    texture: fibreTexture(options.seed + 100, options.pixelsPerUm, small ? 9 : 10),
    small,
  };
  if (options.kind === 'he-lymphoid') return lymphoid(scene);
  if (options.kind === 'he-sarcoma') return sarcoma(scene);
  return glandular(scene, options.kind === 'ihc-dab');
}

interface Scene extends TissueOptions {
  readonly outline: Outline;
  readonly texture: Texture;
  /** Few variants of everything, so that the small slides of tests are made in an instant. */
  readonly small: boolean;
}

/** Slow change over the slide: `size` in micrometres. */
function region(scene: Scene, layer: number, size: number): (x: number, y: number) => number {
  const scale = size * scene.pixelsPerUm;
  return (x, y) => fractalNoise(scene.seed + layer, x / scale, y / scale);
}

function nuclei(scene: Scene, kind: NucleusKind, layer: number, directions = 8, variants = 12): NucleusSet {
  return nucleusSet(kind, {
    pixelsPerUm: scene.pixelsPerUm,
    seed: scene.seed + layer,
    directions: scene.small ? Math.ceil(directions / 2) : directions,
    variants: scene.small ? Math.ceil(variants / 4) : variants,
  });
}

function many<T>(scene: Scene, count: number, make: (n: number) => T): T[] {
  return Array.from({ length: scene.small ? Math.ceil(count / 3) : count }, (_, n) => make(n));
}

/** A pale copy: counterstain under immunohistochemistry. */
function paler(kind: NucleusKind, share: number): NucleusKind {
  const { look } = kind;
  return {
    ...kind,
    look: { ...look, body: look.body * share, mottle: look.mottle * share, rim: look.rim * share, second: 4 },
  };
}

function glandular(scene: Scene, ihc: boolean): Tissue {
  const { outline, seed, pixelsPerUm } = scene;
  const direction = region(scene, 1, 420);
  const crowding = region(scene, 2, 700);
  const inflamed = region(scene, 3, 260);
  const hotSpot = region(scene, 4, 900);
  const groundAt: GroundAt = (x, y) => ({
    inside: outline(x, y),
    angle: direction(x, y) * Math.PI * 2.4,
    fibre: ihc ? 7 + 5 * inflamed(x, y) : 66 + 50 * inflamed(x, y),
    tint: ihc ? 16 + 14 * crowding(x, y) : 8 + 16 * crowding(x, y),
  });
  const soften = (kind: NucleusKind) => (ihc ? paler(kind, 0.62) : kind);
  const fibroblasts = nuclei(scene, soften(NUCLEI.fibroblast), 10, 12);
  const lymphocytes = nuclei(scene, soften(NUCLEI.lymphocyte), 11, 2, 16);
  const diameter = [80, 172] as const;
  const positive = ihc ? [0.06, 0.3, 0.75] : [null];
  const textures = glandTextures(seed + 900, pixelsPerUm);
  const glands = many(scene, 12, (n) =>
    glandStamps(seed + 1000 + n, pixelsPerUm, { positive, diameter }, textures),
  );
  const vessels = many(scene, 6, (n) => vesselStamp(seed + 2000 + n, pixelsPerUm, ihc));

  return {
    stains: ihc ? 'haematoxylin-dab' : 'haematoxylin-eosin',
    paint(field) {
      if (!paintGround(field, scene.texture, groundAt)) return false;
      const um = pixelsPerUm;
      scatter(field, { seed: seed + 20, pitch: 19 * um, margin: 12 * um }, (x, y, random) => {
        if (outline(x, y) < 4 * um) return;
        const crowd = inflamed(x, y);
        if (crowd > 0.6 || random % 100 < 22) return;
        const stamp = pickNucleus(fibroblasts, direction(x, y) * Math.PI * 2.4, random);
        if (stamp) layStamp(field, stamp, x, y);
      });
      scatter(field, { seed: seed + 21, pitch: 8.5 * um, margin: 8 * um }, (x, y, random) => {
        const crowd = inflamed(x, y);
        if (crowd < 0.57 && random % 100 > 3) return;
        if (crowd < 0.66 && random % 100 > 60) return;
        if (outline(x, y) < 4 * um) return;
        const stamp = pickNucleus(lymphocytes, 0, random);
        if (stamp) layStamp(field, stamp, x, y, random & 7);
      });
      scatter(field, { seed: seed + 22, pitch: 330 * um, margin: 70 * um }, (x, y, random) => {
        const stamp = vessels[random % vessels.length];
        if (stamp && outline(x, y) > 60 * um) layStamp(field, stamp, x, y, random & 7);
      });
      scatter(field, { seed: seed + 23, pitch: 172 * um, margin: 160 * um, jitter: 0.3 }, (x, y, random) => {
        if (crowding(x, y) < 0.42 || outline(x, y) < 85 * um) return;
        const heat = hotSpot(x, y);
        const group = !ihc || heat < 0.43 ? 0 : heat < 0.57 ? 1 : 2;
        const stamp = glands[random % glands.length]?.[group];
        if (stamp) layStamp(field, stamp, x, y, (random >> 5) & 7);
      });
      return true;
    },
  };
}

function lymphoid(scene: Scene): Tissue {
  const { outline, seed, pixelsPerUm } = scene;
  const direction = region(scene, 1, 300);
  const septum = region(scene, 2, 520);
  const sinus = region(scene, 3, 160);
  const pitch = 620 * pixelsPerUm;
  /** 0 at the centre of the nearest follicle, 1 at its rim, more outside. */
  const follicle = (x: number, y: number): number => {
    const column = Math.floor(x / pitch);
    const row = Math.floor(y / pitch);
    const jx = noise(seed + 40, column, row) * 0.3 + 0.35;
    const jy = noise(seed + 41, column, row) * 0.3 + 0.35;
    const radius = (0.18 + 0.16 * noise(seed + 42, column * 3, row * 3)) * pitch;
    const dx = x - (column + jx) * pitch;
    const dy = y - (row + jy) * pitch;
    const wobble = 1 + 0.35 * (noise(seed + 43, x / (pitch * 0.3), y / (pitch * 0.3)) - 0.5);
    return (Math.sqrt(dx * dx + dy * dy) / radius) * wobble;
  };
  const isSeptum = (x: number, y: number) => Math.abs(septum(x, y) - 0.5) < 0.02;
  const groundAt: GroundAt = (x, y) => {
    const fibrous = isSeptum(x, y);
    const centre = follicle(x, y) < 1;
    return {
      inside: outline(x, y),
      angle: direction(x, y) * Math.PI * 2.4,
      fibre: fibrous ? 105 : centre ? 42 : 36 + 20 * sinus(x, y),
      tint: fibrous ? 14 : centre ? 34 : 46,
    };
  };
  const small = nuclei(scene, NUCLEI.lymphocyte, 10, 2, 32);
  const blasts = nuclei(scene, NUCLEI.centroblast, 11, 6, 12);
  const fibroblasts = nuclei(scene, NUCLEI.fibroblast, 12, 12);
  const vessels = many(scene, 6, (n) => vesselStamp(seed + 2000 + n, pixelsPerUm * 0.7, false));
  return {
    stains: 'haematoxylin-eosin',
    paint(field) {
      if (!paintGround(field, scene.texture, groundAt)) return false;
      const um = pixelsPerUm;
      scatter(field, { seed: seed + 20, pitch: 7.3 * um, margin: 8 * um, jitter: 0.6 }, (x, y, random) => {
        if (outline(x, y) < 3 * um) return;
        const rim = follicle(x, y);
        if (rim < 0.86 && random % 100 > 14) return;
        if (rim > 1.35 && sinus(x, y) > 0.62 && random % 100 > 35) return;
        if (isSeptum(x, y) && random % 100 > 9) return;
        const stamp = pickNucleus(small, 0, random);
        if (stamp) layStamp(field, stamp, x, y, random & 7);
      });
      scatter(field, { seed: seed + 21, pitch: 11.5 * um, margin: 9 * um, jitter: 0.6 }, (x, y, random) => {
        const rim = follicle(x, y);
        if (rim > 0.9 && random % 100 > 5) return;
        if (random % 100 > 88 || isSeptum(x, y) || outline(x, y) < 5 * um) return;
        const stamp = pickNucleus(blasts, ((random & 15) / 16) * Math.PI, random);
        if (stamp) layStamp(field, stamp, x, y, random & 7);
      });
      scatter(field, { seed: seed + 22, pitch: 16 * um, margin: 12 * um }, (x, y, random) => {
        if (!isSeptum(x, y) || outline(x, y) < 5 * um) return;
        const stamp = pickNucleus(fibroblasts, direction(x, y) * Math.PI * 2.4, random);
        if (stamp) layStamp(field, stamp, x, y);
      });
      scatter(field, { seed: seed + 23, pitch: 260 * um, margin: 60 * um }, (x, y, random) => {
        const stamp = vessels[random % vessels.length];
        if (stamp && follicle(x, y) > 1.3 && outline(x, y) > 40 * um)
          layStamp(field, stamp, x, y, random & 7);
      });
      return true;
    },
  };
}

function sarcoma(scene: Scene): Tissue {
  const { outline, seed, pixelsPerUm } = scene;
  const fascicle = region(scene, 1, 340);
  const myxoid = region(scene, 2, 600);
  const grade = region(scene, 3, 900);
  const angle = (x: number, y: number) => fascicle(x, y) * Math.PI * 4;
  const groundAt: GroundAt = (x, y) => {
    const pale = myxoid(x, y) > 0.6;
    return {
      inside: outline(x, y),
      angle: angle(x, y),
      fibre: pale ? 34 : 74 + 40 * grade(x, y),
      tint: pale ? 20 : 15 + 14 * grade(x, y),
    };
  };
  const spindle = nuclei(scene, NUCLEI.spindle, 10, 16, 10);
  const odd = nuclei(scene, NUCLEI.pleomorphic, 11, 6, 10);
  const lymphocytes = nuclei(scene, NUCLEI.lymphocyte, 12, 2, 16);
  const vessels = many(scene, 6, (n) => vesselStamp(seed + 2000 + n, pixelsPerUm, false));
  return {
    stains: 'haematoxylin-eosin',
    paint(field) {
      if (!paintGround(field, scene.texture, groundAt)) return false;
      const um = pixelsPerUm;
      scatter(field, { seed: seed + 20, pitch: 12.5 * um, margin: 15 * um }, (x, y, random) => {
        if (outline(x, y) < 6 * um) return;
        if (myxoid(x, y) > 0.6 ? random % 100 > 30 : random % 100 > 86) return;
        const stamp = pickNucleus(spindle, angle(x, y), random);
        if (stamp) layStamp(field, stamp, x, y);
      });
      scatter(field, { seed: seed + 21, pitch: 44 * um, margin: 22 * um }, (x, y, random) => {
        if (grade(x, y) < 0.5 || random % 100 > 55 || outline(x, y) < 12 * um) return;
        const stamp = pickNucleus(odd, angle(x, y), random);
        if (stamp) layStamp(field, stamp, x, y, random & 3);
      });
      scatter(field, { seed: seed + 22, pitch: 26 * um, margin: 8 * um }, (x, y, random) => {
        if (random % 100 > 12 || outline(x, y) < 6 * um) return;
        const stamp = pickNucleus(lymphocytes, 0, random);
        if (stamp) layStamp(field, stamp, x, y, random & 7);
      });
      scatter(field, { seed: seed + 23, pitch: 300 * um, margin: 70 * um }, (x, y, random) => {
        const stamp = vessels[random % vessels.length];
        if (stamp && outline(x, y) > 60 * um) layStamp(field, stamp, x, y, random & 7);
      });
      return true;
    },
  };
}
