/** Where a small picture of the slide shows tissue. */
export interface TissueMap {
  /** Share of the picture. */
  readonly share: number;
  readonly blackShare: number;
  /** The middle of the tissue in a part of the slide (0 to 1 both ways); null when less than `least` of it is tissue. */
  middleOf(part: Part, least: number): { x: number; y: number } | null;
}

export interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Glass is bright and grey: scanners' white differs from grey by a few levels, a pale counterstain by more than this. */
const LEAST_CHROMA = 14;
const GLASS_BRIGHTNESS = 190;
const BLACK_BRIGHTNESS = 16;

const GLASS = 0;
const TISSUE = 1;
const BLACK = 2;

function groundAt(rgb: Buffer, at: number): typeof GLASS | typeof TISSUE | typeof BLACK {
  const red = rgb[at] ?? 0;
  const green = rgb[at + 1] ?? 0;
  const blue = rgb[at + 2] ?? 0;
  const brightest = Math.max(red, green, blue);
  if (brightest <= BLACK_BRIGHTNESS) return BLACK;
  return brightest - Math.min(red, green, blue) >= LEAST_CHROMA || brightest < GLASS_BRIGHTNESS
    ? TISSUE
    : GLASS;
}

export function tissueShareOf(rgb: Buffer): number {
  let found = 0;
  for (let at = 0; at < rgb.length; at += 3) if (groundAt(rgb, at) === TISSUE) found += 1;
  return found / (rgb.length / 3);
}

export function findTissue(rgb: Buffer, width: number, height: number): TissueMap {
  const ground = Uint8Array.from({ length: width * height }, (_, at) => groundAt(rgb, at * 3));
  const shareOf = (wanted: number) => ground.filter((found) => found === wanted).length / ground.length;
  return {
    share: shareOf(TISSUE),
    blackShare: shareOf(BLACK),
    middleOf(part, least) {
      const left = Math.floor(part.x * width);
      const top = Math.floor(part.y * height);
      const right = Math.min(width, Math.max(left + 1, Math.floor((part.x + part.width) * width)));
      const bottom = Math.min(height, Math.max(top + 1, Math.floor((part.y + part.height) * height)));
      let found = 0;
      let sumX = 0;
      let sumY = 0;
      for (let y = top; y < bottom; y += 1) {
        for (let x = left; x < right; x += 1) {
          if (ground[y * width + x] !== TISSUE) continue;
          found += 1;
          sumX += x;
          sumY += y;
        }
      }
      if (found < least * (right - left) * (bottom - top)) return null;
      return { x: (sumX / found + 0.5) / width, y: (sumY / found + 0.5) / height };
    },
  };
}
