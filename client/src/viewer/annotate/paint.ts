import {
  type Bounds,
  boundsMeet,
  boundsOf,
  isClosed,
  outlineOf,
  type Point,
} from '@relecture/shared/annotations/geometry.js';
import type { Shape } from '@relecture/shared/annotations/schema.js';
import { type Affine, toScreen } from '../slide/slide-view';
import type { Category } from './content';

/** Told apart on pink and brown tissue; the list names each category in words beside its colour. */
export const CATEGORY_COLOURS: Record<Category, string> = {
  region: '#22d3ee',
  tumour: '#facc15',
  mitosis: '#4ade80',
  question: '#fb923c',
  other: '#f8fafc',
};
const HALO = 'rgba(8, 12, 18, 0.75)';
/** On the screen, below this a shape is drawn as a dot: thousands of them cost one path. */
const DOT_BELOW = 5;
/** Points nearer than this on the screen are skipped. */
const FINEST_STEP = 0.8;
const HANDLE = 5;

export interface Painted {
  id: string;
  shape: Shape;
  category: Category;
  /** Not yet saved shapes are dashed. */
  pending: boolean;
}

const boundsCache = new WeakMap<Shape, Bounds>();
export function cachedBounds(shape: Shape): Bounds {
  let bounds = boundsCache.get(shape);
  if (!bounds) {
    bounds = boundsOf(shape.points);
    boundsCache.set(shape, bounds);
  }
  return bounds;
}

/** The part of the slide the viewer shows, as an upright rectangle around the (perhaps rotated) field. */
function visibleBounds(affine: Affine, margin: number): Bounds {
  const { a, b, c, d, e, f, width, height } = affine;
  const determinant = a * d - b * c;
  const back = (x: number, y: number): Point => [
    (d * (x - e) - c * (y - f)) / determinant,
    (a * (y - f) - b * (x - e)) / determinant,
  ];
  return boundsOf([
    back(-margin, -margin),
    back(width + margin, -margin),
    back(width + margin, height + margin),
    back(-margin, height + margin),
  ]);
}

function trace(path: Path2D, shape: Shape, affine: Affine): void {
  const outline = outlineOf(shape);
  let [lastX, lastY] = toScreen(affine, outline[0] as Point);
  path.moveTo(lastX, lastY);
  for (let i = 1; i < outline.length; i += 1) {
    const [x, y] = toScreen(affine, outline[i] as Point);
    const last = i === outline.length - 1;
    if (!last && Math.abs(x - lastX) < FINEST_STEP && Math.abs(y - lastY) < FINEST_STEP) continue;
    path.lineTo(x, y);
    lastX = x;
    lastY = y;
  }
  if (isClosed(shape)) path.closePath();
}

function tracePin(path: Path2D, [x, y]: Point): void {
  path.moveTo(x + 6, y);
  path.arc(x, y, 6, 0, 2 * Math.PI);
  path.moveTo(x - 10, y);
  path.lineTo(x - 3, y);
  path.moveTo(x + 3, y);
  path.lineTo(x + 10, y);
  path.moveTo(x, y - 10);
  path.lineTo(x, y - 3);
  path.moveTo(x, y + 3);
  path.lineTo(x, y + 10);
}

function traceTicks(path: Path2D, shape: Shape, affine: Affine): void {
  const [from, to] = shape.points.map((point) => toScreen(affine, point)) as [Point, Point];
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  const across: Point = [(-(to[1] - from[1]) / length) * 6, ((to[0] - from[0]) / length) * 6];
  for (const [x, y] of [from, to]) {
    path.moveTo(x - across[0], y - across[1]);
    path.lineTo(x + across[0], y + across[1]);
  }
}

/** One path per look: colour, and saved or not. Answers how many shapes were in view. */
export function paintShapes(
  context: CanvasRenderingContext2D,
  affine: Affine,
  shapes: Iterable<Painted>,
): number {
  const seen = visibleBounds(affine, 16);
  const lines = new Map<string, Path2D>();
  // Small rectangles are filled one by one: thousands of them in one path are far slower to fill.
  const dots = new Map<Category, number[]>();
  let inView = 0;
  for (const { shape, category, pending } of shapes) {
    const bounds = cachedBounds(shape);
    if (!boundsMeet(bounds, seen)) continue;
    inView += 1;
    const size = Math.max(bounds.maxX - bounds.minX, bounds.maxY - bounds.minY) * affine.zoom;
    const far = affine.zoom < 0.02;
    if (shape.type === 'point' ? far : size < DOT_BELOW) {
      const [x, y] = toScreen(affine, shape.points[0] as Point);
      const places = dots.get(category);
      if (places) places.push(x, y);
      else dots.set(category, [x, y]);
      continue;
    }
    const look = `${category}${pending ? ' pending' : ''}`;
    const path = lines.get(look) ?? new Path2D();
    lines.set(look, path);
    if (shape.type === 'point') tracePin(path, toScreen(affine, shape.points[0] as Point));
    else trace(path, shape, affine);
    if (shape.type === 'ruler') traceTicks(path, shape, affine);
  }
  context.lineJoin = 'round';
  for (const [look, path] of lines) {
    const [category, pending] = look.split(' ') as [Category, string | undefined];
    context.setLineDash(pending ? [6, 4] : []);
    stroke(context, path, CATEGORY_COLOURS[category], 2);
  }
  context.setLineDash([]);
  for (const [category, places] of dots) {
    context.fillStyle = CATEGORY_COLOURS[category];
    for (let i = 0; i < places.length; i += 2)
      context.fillRect((places[i] ?? 0) - 2, (places[i + 1] ?? 0) - 2, 4, 4);
  }
  return inView;
}

function stroke(context: CanvasRenderingContext2D, path: Path2D, colour: string, width: number): void {
  context.strokeStyle = HALO;
  context.lineWidth = width + 2;
  context.stroke(path);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke(path);
}

/** Where the handles of a selected shape lie: its own points (not a freehand's hundreds), and its middle to move it. */
export function handlesOf(shape: Shape): { at: Point; index: number | 'move' }[] {
  const { minX, minY, maxX, maxY } = cachedBounds(shape);
  const middle = { at: [(minX + maxX) / 2, (minY + maxY) / 2] as Point, index: 'move' as const };
  if (shape.type === 'freehand') return [middle];
  const corners = shape.points.map((at, index) => ({ at: at as Point, index }));
  return shape.type === 'point' ? corners : [...corners, middle];
}

export function paintSelection(
  context: CanvasRenderingContext2D,
  affine: Affine,
  shape: Shape,
  colour: string,
  editable: boolean,
): void {
  const path = new Path2D();
  if (shape.type === 'point') tracePin(path, toScreen(affine, shape.points[0] as Point));
  else trace(path, shape, affine);
  if (shape.type === 'ruler') traceTicks(path, shape, affine);
  stroke(context, path, colour, 3.5);
  if (isClosed(shape)) {
    context.globalAlpha = 0.12;
    context.fillStyle = colour;
    context.fill(path);
    context.globalAlpha = 1;
  }
  if (!editable) return;
  for (const { at, index } of handlesOf(shape)) {
    const [x, y] = toScreen(affine, at);
    context.beginPath();
    if (index === 'move') context.arc(x, y, HANDLE + 1, 0, 2 * Math.PI);
    else context.rect(x - HANDLE, y - HANDLE, 2 * HANDLE, 2 * HANDLE);
    context.fillStyle = '#ffffff';
    context.fill();
    context.strokeStyle = '#0f172a';
    context.lineWidth = 1.5;
    context.stroke();
  }
}

/** A short text beside a shape: the length of a ruler, the area of an outline. */
export function paintTag(context: CanvasRenderingContext2D, [x, y]: Point, text: string): void {
  context.font = '600 13px system-ui, sans-serif';
  const width = context.measureText(text).width + 12;
  context.fillStyle = 'rgba(12, 16, 20, 0.85)';
  context.beginPath();
  context.roundRect(x + 8, y + 8, width, 22, 4);
  context.fill();
  context.fillStyle = '#ffffff';
  context.textBaseline = 'middle';
  context.fillText(text, x + 14, y + 19.5);
}

/** The middle of the field, where the keyboard draws. */
export function paintCrosshair(context: CanvasRenderingContext2D, { width, height }: Affine): void {
  const path = new Path2D();
  const [x, y] = [width / 2, height / 2];
  path.moveTo(x - 14, y);
  path.lineTo(x - 4, y);
  path.moveTo(x + 4, y);
  path.lineTo(x + 14, y);
  path.moveTo(x, y - 14);
  path.lineTo(x, y - 4);
  path.moveTo(x, y + 4);
  path.lineTo(x, y + 14);
  stroke(context, path, '#ffffff', 1.5);
}
