import { distance, type Point, roundShape, simplify } from './geometry.js';
import { ANNOTATION_LIMITS, type Shape } from './schema.js';

export type DrawingTool = Shape['type'];
export type Tool = 'select' | DrawingTool;

/**
 * A shape while it is being drawn, in level-0 pixels. Pure: pointer, finger and keyboard end in the same few acts.
 * A rectangle and a ruler take a drag, or two clicks; a polygon takes clicks; a freehand outline one drag.
 */
export interface Stroke {
  tool: DrawingTool;
  points: readonly Point[];
  /** Where the next point would be. */
  next: Point | null;
  dragging: boolean;
}

export interface StrokeResult {
  stroke: Stroke | null;
  finished: Shape | null;
}

const going = (stroke: Stroke | null): StrokeResult => ({ stroke, finished: null });

/** Pressed: only tools drawn by dragging begin here. */
export function press(stroke: Stroke | null, tool: DrawingTool, at: Point): StrokeResult {
  if (stroke || tool === 'point' || tool === 'polygon') return going(stroke);
  return going({ tool, points: [at], next: at, dragging: true });
}

export function drag(stroke: Stroke | null, at: Point): StrokeResult {
  if (!stroke?.dragging) return going(stroke);
  if (stroke.tool === 'freehand') return going({ ...stroke, points: [...stroke.points, at], next: null });
  return going({ ...stroke, next: at });
}

/** `reach`: how near, in level-0 pixels, counts as the same place. */
export function release(stroke: Stroke | null, at: Point, reach: number): StrokeResult {
  if (!stroke?.dragging) return going(stroke);
  const first = stroke.points[0] as Point;
  if (stroke.tool === 'freehand') return closeFreehand(stroke, reach);
  // Not moved: the first of two clicks.
  if (distance(first, at) <= reach) return going({ ...stroke, next: at, dragging: false });
  return finish(stroke.tool, [first, at]);
}

/** A click, or `enter` at the middle of the field. */
export function click(stroke: Stroke | null, tool: DrawingTool, at: Point, reach: number): StrokeResult {
  switch (tool) {
    case 'point':
      return { stroke: null, finished: roundShape({ type: 'point', points: [[at[0], at[1]]] }) };
    case 'freehand':
      return going(null);
    case 'polygon': {
      if (!stroke) return going({ tool, points: [at], next: at, dragging: false });
      const first = stroke.points[0] as Point;
      if (stroke.points.length >= 3 && distance(first, at) <= reach) return close(stroke);
      if (distance(stroke.points.at(-1) as Point, at) <= reach / 4) return going(stroke);
      return going({ ...stroke, points: [...stroke.points, at], next: at });
    }
    default: {
      if (!stroke) return going({ tool, points: [at], next: at, dragging: false });
      const first = stroke.points[0] as Point;
      return distance(first, at) <= reach / 4 ? going(stroke) : finish(tool, [first, at]);
    }
  }
}

/**
 * Enter: the keyboard's click, at the middle of the field. It closes a contour whose last corner was put by the pointer
 * (`byKeys` false), and one drawn by keys when pressed twice at the same place, as a double click does.
 */
export function enter(
  stroke: Stroke | null,
  tool: DrawingTool,
  at: Point,
  reach: number,
  byKeys: boolean,
): StrokeResult {
  const last = stroke?.tool === 'polygon' ? stroke.points.at(-1) : undefined;
  if (last && (!byKeys || distance(last, at) <= reach / 4)) return close(stroke);
  return click(stroke, tool, at, reach);
}

/** Another tool or another slide: a contour that can be closed is kept; nothing else can be finished. */
export function leave(stroke: Stroke | null): StrokeResult {
  const { finished } = close(stroke);
  return { stroke: null, finished };
}

/** Abandoned, it is worth offering again: more work than one click would redo. */
export const worthOffering = (stroke: Stroke | null): stroke is Stroke =>
  stroke?.tool === 'polygon' && stroke.points.length >= 2;

export function hover(stroke: Stroke | null, at: Point): Stroke | null {
  return stroke && !stroke.dragging ? { ...stroke, next: at } : stroke;
}

/** Takes the last corner back; the first one ends the stroke. */
export function stepBack(stroke: Stroke | null): Stroke | null {
  if (!stroke || stroke.points.length <= 1) return null;
  return { ...stroke, points: stroke.points.slice(0, -1) };
}

/** Double click, Enter, a click on the first corner, or the button: a polygon with three corners is done. */
export function close(stroke: Stroke | null): StrokeResult {
  if (stroke?.tool !== 'polygon') return going(stroke);
  return stroke.points.length >= 3 ? finish('polygon', stroke.points) : going(stroke);
}

function closeFreehand(stroke: Stroke, reach: number): StrokeResult {
  // Half a screen pixel is invisible, and makes a stroke ten times smaller.
  const points = simplify(stroke.points, reach / 16).slice(0, ANNOTATION_LIMITS.pointsPerShape);
  const extent = Math.max(...stroke.points.map((point) => distance(point, stroke.points[0] as Point)));
  return points.length < 3 || extent <= reach ? going(null) : finish('freehand', points);
}

function finish(tool: DrawingTool, points: readonly Point[]): StrokeResult {
  const shape = { type: tool, points: points.map(([x, y]) => [x, y]) } as Shape;
  return { stroke: null, finished: roundShape(shape) };
}

/** The stroke as it would be if it ended now, to be painted. */
export function preview(stroke: Stroke): Shape {
  const points = stroke.next ? [...stroke.points, stroke.next] : [...stroke.points];
  if (points.length === 1) return { type: 'point', points } as unknown as Shape;
  if (stroke.tool === 'polygon' && points.length === 2) return { type: 'ruler', points } as unknown as Shape;
  if (stroke.tool === 'freehand') return { type: 'freehand', points } as unknown as Shape;
  return { type: stroke.tool, points } as unknown as Shape;
}
