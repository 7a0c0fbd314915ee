import type { Shape } from './schema.js';

/**
 * Plane geometry of shapes, always in level-0 pixels of the unrotated slide. A measure becomes micrometres only
 * when the slide's scale is known (`mpp`); otherwise it stays in pixels and says so.
 */
export type Point = readonly [number, number];

export interface Bounds {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
}

export function boundsOf(points: readonly Point[]): Bounds {
  const bounds = {
    minX: Number.POSITIVE_INFINITY,
    minY: Number.POSITIVE_INFINITY,
    maxX: Number.NEGATIVE_INFINITY,
    maxY: Number.NEGATIVE_INFINITY,
  };
  for (const [x, y] of points) {
    if (x < bounds.minX) bounds.minX = x;
    if (y < bounds.minY) bounds.minY = y;
    if (x > bounds.maxX) bounds.maxX = x;
    if (y > bounds.maxY) bounds.maxY = y;
  }
  return bounds;
}

export function boundsMeet(a: Bounds, b: Bounds): boolean {
  return a.minX <= b.maxX && a.maxX >= b.minX && a.minY <= b.maxY && a.maxY >= b.minY;
}

export function centreOf(shape: Shape): Point {
  const { minX, minY, maxX, maxY } = boundsOf(shape.points);
  return [(minX + maxX) / 2, (minY + maxY) / 2];
}

/** The corners of a shape as a path: a rectangle is stored as two opposite corners and drawn with four. */
export function outlineOf(shape: Shape): readonly Point[] {
  if (shape.type !== 'rectangle') return shape.points;
  const { minX, minY, maxX, maxY } = boundsOf(shape.points);
  return [
    [minX, minY],
    [maxX, minY],
    [maxX, maxY],
    [minX, maxY],
  ];
}

export function isClosed(shape: Shape): boolean {
  return shape.type === 'rectangle' || shape.type === 'polygon' || shape.type === 'freehand';
}

/** Square pixels inside the outline (shoelace formula); 0 for a point or a ruler. */
export function areaOf(shape: Shape): number {
  if (!isClosed(shape)) return 0;
  const outline = outlineOf(shape);
  let twice = 0;
  for (let i = 0; i < outline.length; i += 1) {
    const [x1, y1] = outline[i] as Point;
    const [x2, y2] = outline[(i + 1) % outline.length] as Point;
    twice += x1 * y2 - x2 * y1;
  }
  return Math.abs(twice) / 2;
}

/** Pixels along the outline, closed where the shape is; 0 for a point. */
export function lengthOf(shape: Shape): number {
  const outline = outlineOf(shape);
  const last = isClosed(shape) ? outline.length : outline.length - 1;
  let length = 0;
  for (let i = 0; i < last; i += 1) {
    length += distance(outline[i] as Point, outline[(i + 1) % outline.length] as Point);
  }
  return length;
}

export function distance([x1, y1]: Point, [x2, y2]: Point): number {
  return Math.hypot(x2 - x1, y2 - y1);
}

export function distanceToSegment([px, py]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const dx = bx - ax;
  const dy = by - ay;
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? 0 : Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / squared));
  return Math.hypot(px - (ax + along * dx), py - (ay + along * dy));
}

function isInside([px, py]: Point, outline: readonly Point[]): boolean {
  let inside = false;
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i, i += 1) {
    const [xi, yi] = outline[i] as Point;
    const [xj, yj] = outline[j] as Point;
    if (yi > py !== yj > py && px < ((xj - xi) * (py - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** How far `at` is from the drawn line of the shape, in pixels. */
export function distanceToOutline(shape: Shape, at: Point): number {
  const outline = outlineOf(shape);
  if (outline.length === 1) return distance(outline[0] as Point, at);
  const last = isClosed(shape) ? outline.length : outline.length - 1;
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < last; i += 1) {
    nearest = Math.min(
      nearest,
      distanceToSegment(at, outline[i] as Point, outline[(i + 1) % outline.length] as Point),
    );
  }
  return nearest;
}

/**
 * Whether a click at `at` means this shape: near its line, or inside it. `tolerance` in level-0 pixels, i.e. the
 * finger's or pointer's width divided by the zoom.
 */
export function hits(shape: Shape, at: Point, tolerance: number): boolean {
  const bounds = boundsOf(shape.points);
  const [x, y] = at;
  if (x < bounds.minX - tolerance || x > bounds.maxX + tolerance) return false;
  if (y < bounds.minY - tolerance || y > bounds.maxY + tolerance) return false;
  return distanceToOutline(shape, at) <= tolerance || (isClosed(shape) && isInside(at, outlineOf(shape)));
}

/** Among shapes that are hit the smallest wins: a mitosis inside a tumour outline can be picked. */
export function pick<T extends { shape: Shape }>(items: Iterable<T>, at: Point, tolerance: number): T | null {
  let best: T | null = null;
  let bestArea = Number.POSITIVE_INFINITY;
  for (const item of items) {
    if (!hits(item.shape, at, tolerance)) continue;
    const area = areaOf(item.shape);
    if (area < bestArea) {
      best = item;
      bestArea = area;
    }
  }
  return best;
}

export function moveBy<S extends Shape>(shape: S, dx: number, dy: number): S {
  return { ...shape, points: shape.points.map(([x, y]) => [x + dx, y + dy]) } as S;
}

export function movePoint<S extends Shape>(shape: S, index: number, to: Point): S {
  return { ...shape, points: shape.points.map((point, i) => (i === index ? [to[0], to[1]] : point)) } as S;
}

/** What is beside the slide is no part of the case: the nearest place on it, in level-0 pixels. */
export function onSlide([x, y]: Point, { width, height }: { width: number; height: number }): Point {
  return [Math.min(width, Math.max(0, x)), Math.min(height, Math.max(0, y))];
}

/** Moved as asked, but no further than the slide's edges; a shape larger than the slide stays where it is. */
export function moveOnSlide<S extends Shape>(
  shape: S,
  dx: number,
  dy: number,
  { width, height }: { width: number; height: number },
): S {
  const { minX, minY, maxX, maxY } = boundsOf(shape.points);
  const within = (by: number, least: number, most: number) =>
    least > most ? 0 : Math.min(most, Math.max(least, by));
  return moveBy(shape, within(dx, -minX, width - maxX), within(dy, -minY, height - maxY));
}

/** Hundredths of a level-0 pixel are far below what a scanner resolves; fewer digits keep a stroke small. */
export function roundShape<S extends Shape>(shape: S): S {
  return {
    ...shape,
    points: shape.points.map(([x, y]) => [Math.round(x * 100) / 100, Math.round(y * 100) / 100]),
  } as S;
}

/**
 * Ramer-Douglas-Peucker: drops the points that lie within `tolerance` of the line through their neighbours, keeps
 * both ends. An explicit stack, because a long stroke would overflow a recursive one; in spans of a few hundred
 * points, because a wavy stroke makes the plain algorithm quadratic.
 */
export function simplify(points: readonly Point[], tolerance: number): Point[] {
  if (points.length <= 2) return [...points];
  const keep = new Uint8Array(points.length);
  const stack: [number, number][] = [];
  for (let from = 0; from < points.length - 1; from += SIMPLIFY_SPAN) {
    const to = Math.min(from + SIMPLIFY_SPAN, points.length - 1);
    keep[from] = 1;
    keep[to] = 1;
    stack.push([from, to]);
  }
  for (let span = stack.pop(); span; span = stack.pop()) {
    const [from, to] = span;
    let farthest = -1;
    let far = tolerance;
    for (let i = from + 1; i < to; i += 1) {
      const away = distanceToSegment(points[i] as Point, points[from] as Point, points[to] as Point);
      if (away > far) {
        far = away;
        farthest = i;
      }
    }
    if (farthest > 0) {
      keep[farthest] = 1;
      stack.push([from, farthest], [farthest, to]);
    }
  }
  return points.filter((_, i) => keep[i] === 1);
}

const SIMPLIFY_SPAN = 400;

export interface Measure {
  kind: 'length' | 'area';
  value: number;
  unit: 'µm' | 'mm' | 'µm²' | 'mm²' | 'px' | 'px²';
}

/** What the shape measures, in the unit people read it in; null for a point. `mpp` null: pixels. */
export function measureOf(shape: Shape, mpp: number | null): Measure | null {
  if (shape.type === 'point') return null;
  if (shape.type === 'ruler') return lengthMeasure(lengthOf(shape), mpp);
  const area = areaOf(shape);
  if (mpp === null) return { kind: 'area', value: area, unit: 'px²' };
  const um2 = area * mpp * mpp;
  return um2 >= 100_000
    ? { kind: 'area', value: um2 / 1e6, unit: 'mm²' }
    : { kind: 'area', value: um2, unit: 'µm²' };
}

export function lengthMeasure(pixels: number, mpp: number | null): Measure {
  if (mpp === null) return { kind: 'length', value: pixels, unit: 'px' };
  const um = pixels * mpp;
  return um >= 1000
    ? { kind: 'length', value: um / 1000, unit: 'mm' }
    : { kind: 'length', value: um, unit: 'µm' };
}
