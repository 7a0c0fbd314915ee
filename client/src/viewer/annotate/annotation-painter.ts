import { centreOf, type Measure, measureOf, type Point } from '@relecture/shared/annotations/geometry.js';
import type { Shape } from '@relecture/shared/annotations/schema.js';
import { preview, type Stroke, type Tool } from '@relecture/shared/annotations/stroke.js';
import { type Affine, type SlideView, toScreen } from '../slide/slide-view';
import type { Category, ShownAnnotation } from './content';
import {
  CATEGORY_COLOURS,
  cachedBounds,
  paintCrosshair,
  paintSelection,
  paintShapes,
  paintTag,
} from './paint';

export interface LayerState {
  annotations: readonly ShownAnnotation[];
  selectedId: string | null;
  tool: Tool;
  category: Category;
  /** May this person draw here? */
  editable: boolean;
  hidden: boolean;
}

/** What is in hand: a stroke being drawn, a shape being reshaped, the crosshair of the keyboard. */
export interface InHand {
  stroke: Stroke | null;
  reshaped: { id: string; shape: Shape } | null;
  byKeyboard: boolean;
  drawing: boolean;
}

/**
 * With more shapes than this in view a frame takes too long: while the slide moves, what was painted is moved with
 * it as a picture, and painted anew a few times a second and once it stands still.
 */
const MANY = 800;
const REPAINT_EVERY_MS = 160;
/** More lengths than this in view hide the tissue; each is still in the list. */
const MOST_LENGTHS = 100;

/**
 * Paints the annotations: one canvas for all shapes instead of an element each, so that ten thousand in view stay
 * usable, and one above it for what is in hand, so that drawing does not repaint the others.
 */
export class AnnotationPainter {
  readonly #view: SlideView;
  readonly #shapes: HTMLCanvasElement;
  readonly #hand: HTMLCanvasElement;
  readonly #wordMeasure: (measure: Measure) => string;
  readonly #repaint: () => void;
  #repaintTimer: ReturnType<typeof setTimeout> | undefined;
  /** The shapes as last painted; null when they have to be painted anew. */
  #painted: { affine: Affine; inView: number; due: number } | null = null;

  constructor(
    view: SlideView,
    canvases: { shapes: HTMLCanvasElement; hand: HTMLCanvasElement },
    wordMeasure: (measure: Measure) => string,
    repaint: () => void,
  ) {
    this.#view = view;
    this.#shapes = canvases.shapes;
    this.#hand = canvases.hand;
    this.#wordMeasure = wordMeasure;
    this.#repaint = repaint;
  }

  stop(): void {
    clearTimeout(this.#repaintTimer);
  }

  /** The annotations themselves have changed, not only the view of them. */
  changed(): void {
    this.#painted = null;
  }

  paint(state: LayerState, inHand: InHand): void {
    const affine = this.#view.affine();
    this.#paintOthers(affine, state);
    const context = blank(this.#hand, affine);
    if (!context) return;
    if (!state.hidden) this.#paintChosen(context, affine, state, inHand);
    if (inHand.stroke) this.#paintStroke(context, affine, inHand.stroke, state, inHand.byKeyboard);
    if (inHand.byKeyboard && inHand.drawing) paintCrosshair(context, affine);
  }

  #paintOthers(affine: Affine, state: LayerState): void {
    const now = performance.now();
    const before = this.#painted;
    if (before && sameAffine(before.affine, affine)) return;
    if (before && before.inView > MANY && now < before.due && before.affine.width === affine.width) {
      this.#shapes.style.transform = transformBetween(before.affine, affine);
      clearTimeout(this.#repaintTimer);
      this.#repaintTimer = setTimeout(() => {
        this.#painted = null;
        this.#repaint();
      }, REPAINT_EVERY_MS);
      return;
    }
    const context = blank(this.#shapes, affine);
    if (!context) return;
    this.#shapes.style.transform = '';
    let inView = 0;
    if (!state.hidden) {
      inView = paintShapes(
        context,
        affine,
        (function* () {
          for (const item of state.annotations) {
            if (item.id !== state.selectedId)
              yield {
                id: item.id,
                shape: item.shape,
                category: item.category,
                pending: item.state !== 'saved',
              };
          }
        })(),
      );
      this.#paintLengths(context, affine, state);
    }
    const took = performance.now() - now;
    this.#painted = { affine, inView, due: performance.now() + Math.max(REPAINT_EVERY_MS, took * 4) };
  }

  /** A ruler is drawn for its length: it is read without being chosen first. */
  #paintLengths(context: CanvasRenderingContext2D, affine: Affine, state: LayerState): void {
    let left = MOST_LENGTHS;
    for (const { id, shape } of state.annotations) {
      if (shape.type !== 'ruler' || id === state.selectedId) continue;
      const [x, y] = toScreen(affine, shape.points[1] as Point);
      if (x < 0 || y < 0 || x > affine.width || y > affine.height) continue;
      this.#paintMeasure(context, affine, shape, '');
      left -= 1;
      if (left === 0) return;
    }
  }

  #paintChosen(context: CanvasRenderingContext2D, affine: Affine, state: LayerState, inHand: InHand): void {
    const chosen = state.annotations.find((item) => item.id === state.selectedId);
    if (!chosen) return;
    const shape = inHand.reshaped?.id === chosen.id ? inHand.reshaped.shape : chosen.shape;
    paintSelection(
      context,
      affine,
      shape,
      CATEGORY_COLOURS[chosen.category],
      state.editable && state.tool === 'select',
    );
    this.#paintMeasure(context, affine, shape, chosen.label);
  }

  #paintStroke(
    context: CanvasRenderingContext2D,
    affine: Affine,
    stroke: Stroke,
    state: LayerState,
    byKeyboard: boolean,
  ): void {
    const shape = preview(byKeyboard ? { ...stroke, next: this.#view.centre() } : stroke);
    paintSelection(context, affine, shape, CATEGORY_COLOURS[state.category], false);
    if (shape.points.length > 1) this.#paintMeasure(context, affine, shape, '');
  }

  #paintMeasure(context: CanvasRenderingContext2D, affine: Affine, shape: Shape, label: string): void {
    const measure = measureOf(shape, this.#view.slide.mpp);
    const words = [label, measure ? this.#wordMeasure(measure) : ''].filter(Boolean).join(' · ');
    if (!words) return;
    const anchor =
      shape.type === 'ruler' ? (shape.points[1] as Point) : lowestPoint(shape, this.#view.rotation);
    paintTag(context, toScreen(affine, anchor), words);
  }
}

/** Where a tag hides least: below the shape as the screen shows it. */
function lowestPoint(shape: Shape, rotation: number): Point {
  if (rotation === 0) {
    const { minX, maxY } = cachedBounds(shape);
    return [minX, maxY];
  }
  return shape.type === 'point' ? centreOf(shape) : ((shape.points.at(-1) as Point) ?? centreOf(shape));
}

/** Clears a canvas and fits it to the viewer in the screen's own pixels. */
function blank(canvas: HTMLCanvasElement, { width, height }: Affine): CanvasRenderingContext2D | null {
  const context = canvas.getContext('2d');
  if (!context) return null;
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  const across = Math.round(width * ratio);
  const down = Math.round(height * ratio);
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

const sameAffine = (a: Affine, b: Affine): boolean =>
  a.a === b.a &&
  a.b === b.b &&
  a.c === b.c &&
  a.d === b.d &&
  a.e === b.e &&
  a.f === b.f &&
  a.width === b.width &&
  a.height === b.height;

/** CSS transform that takes what was painted under `from` to where it belongs under `to`. */
function transformBetween(from: Affine, to: Affine): string {
  const determinant = from.a * from.d - from.b * from.c;
  // to ∘ from⁻¹
  const a = (to.a * from.d - to.c * from.b) / determinant;
  const b = (to.b * from.d - to.d * from.b) / determinant;
  const c = (to.c * from.a - to.a * from.c) / determinant;
  const d = (to.d * from.a - to.b * from.c) / determinant;
  const e = to.e - a * from.e - c * from.f;
  const f = to.f - b * from.e - d * from.f;
  return `matrix(${a}, ${b}, ${c}, ${d}, ${e}, ${f})`;
}
