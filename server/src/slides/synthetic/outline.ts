import { fractalNoise, randomFrom } from './random.js';

interface Piece {
  readonly x: number;
  readonly y: number;
  readonly radiusX: number;
  readonly radiusY: number;
  readonly tilt: number;
  readonly waves: ReadonlyArray<{ k: number; size: number; phase: number }>;
}

/** Above 0 inside the tissue, below 0 on bare glass, in pixels near the edge. */
export type Outline = (x: number, y: number) => number;

/**
 * The pieces of tissue on the glass: irregular, torn here and there, and never touching the border of the
 * scan, as a technician would lay them out.
 */
export function tissueOutline(seed: number, width: number, height: number, pieceCount: number): Outline {
  const random = randomFrom(seed);
  const wide = width >= height;
  const pieces: Piece[] = [];
  for (let n = 0; n < pieceCount; n += 1) {
    const share = (n + 0.5) / pieceCount;
    const drift = (random() - 0.5) * 0.06;
    const longSide = (wide ? width : height) / pieceCount;
    const shortSide = wide ? height : width;
    const along = longSide * (0.36 + random() * 0.06);
    const across = shortSide * (0.3 + random() * 0.1);
    pieces.push({
      x: width * (wide ? share : 0.5 + drift),
      y: height * (wide ? 0.5 + drift : share),
      radiusX: wide ? along : across,
      radiusY: wide ? across : along,
      tilt: (random() - 0.5) * 0.3,
      waves: [2, 3, 4, 5, 6, 9].map((k) => ({
        k,
        size: (0.3 * (0.3 + random() * 0.7)) / k,
        phase: random() * Math.PI * 2,
      })),
    });
  }
  const grain = Math.max(width, height) / 26;
  return (x, y) => {
    let inside = Number.NEGATIVE_INFINITY;
    for (const piece of pieces) inside = Math.max(inside, insidePiece(piece, x, y));
    if (inside < -grain) return inside;
    const ragged = (fractalNoise(seed + 31, x / grain, y / grain) - 0.5) * grain * 1.1;
    const tear = fractalNoise(seed + 47, x / (grain * 2.2), y / (grain * 0.9));
    const hole = tear > 0.74 ? (tear - 0.74) * grain * 12 : 0;
    return inside + ragged - hole;
  };
}

function insidePiece(piece: Piece, x: number, y: number): number {
  const dx = x - piece.x;
  const dy = y - piece.y;
  const cos = Math.cos(piece.tilt);
  const sin = Math.sin(piece.tilt);
  const u = (dx * cos + dy * sin) / piece.radiusX;
  const v = (dy * cos - dx * sin) / piece.radiusY;
  const distance = Math.sqrt(u * u + v * v);
  if (distance > 1.7) return Number.NEGATIVE_INFINITY;
  const angle = Math.atan2(v, u);
  let edge = 1;
  for (const { k, size, phase } of piece.waves) edge += size * Math.cos(k * angle + phase);
  return (edge - distance) * Math.min(piece.radiusX, piece.radiusY);
}
