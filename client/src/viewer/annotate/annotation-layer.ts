import {
  distance,
  type Measure,
  moveOnSlide,
  movePoint,
  onSlide,
  type Point,
  pick,
  roundShape,
} from '@relecture/shared/annotations/geometry.js';
import type { Shape } from '@relecture/shared/annotations/schema.js';
import {
  click,
  close,
  type DrawingTool,
  drag,
  enter,
  hover,
  leave,
  press,
  release,
  type Stroke,
  type StrokeResult,
  stepBack,
  worthOffering,
} from '@relecture/shared/annotations/stroke.js';
import type OpenSeadragon from 'openseadragon';
import { type SlideView, toScreen } from '../slide/slide-view';
import { AnnotationPainter, type LayerState } from './annotation-painter';
import type { ShownAnnotation } from './content';
import { handlesOf } from './paint';

export interface LayerEvents {
  drawn: (shape: Shape) => void;
  reshaped: (annotation: ShownAnnotation, shape: Shape) => void;
  selected: (id: string | null) => void;
  /** A stroke has begun or ended; for the buttons that finish or abandon it. */
  stroke: (stroke: Stroke | null) => void;
  /** Given up half drawn: it can be taken up again. */
  abandoned: (stroke: Stroke) => void;
  wordMeasure: (measure: Measure) => string;
}

interface Grip {
  annotation: ShownAnnotation;
  index: number | 'move';
  from: Point;
  shape: Shape;
}

/** On the screen, the width of a pointer and of a finger tip. */
const POINTER_REACH = 8;
const FINGER_REACH = 18;
/** Beyond it a press and release is a drag, not a click. */
const STILL = 6;
/** Two clicks this near in time and place are one double click. */
const DOUBLE_CLICK_MS = 350;
const DOUBLE_CLICK_REACH = 12;
/**
 * Turns the pointer events of OpenSeadragon into shapes, and has them painted. Panning with one finger, pinching and
 * wheeling stay OpenSeadragon's; a drawing tool takes only the gestures it needs.
 */
export class AnnotationLayer {
  readonly #view: SlideView;
  readonly #painter: AnnotationPainter;
  readonly #events: LayerEvents;
  #state: LayerState | null = null;
  #stroke: Stroke | null = null;
  #grip: Grip | null = null;
  #pressedAt: Point | null = null;
  #lastClick: { at: Point; time: number } | null = null;
  #pressStartedStroke = false;
  #panning = false;
  #byKeyboard = false;
  /** Who put the last corner; a hand that brushes the mouse does not change it. */
  #cornerByKeys = false;
  #frame = 0;
  /** While the space bar is held every tool pans. */
  spaceHeld = false;

  constructor(
    view: SlideView,
    canvases: { shapes: HTMLCanvasElement; hand: HTMLCanvasElement },
    events: LayerEvents,
  ) {
    this.#view = view;
    this.#painter = new AnnotationPainter(view, canvases, events.wordMeasure, () => this.redraw());
    this.#events = events;
    const { viewer } = view;
    viewer.addHandler('canvas-press', this.#onPress);
    viewer.addHandler('canvas-drag', this.#onDrag);
    viewer.addHandler('canvas-drag-end', this.#onDragEnd);
    viewer.addHandler('canvas-release', this.#onRelease);
    viewer.addHandler('canvas-double-click', this.#onDoubleClick);
    viewer.addHandler('canvas-pinch', this.#onPinch);
    for (const moment of ['open', 'update-viewport', 'animation', 'resize', 'rotate'] as const)
      viewer.addHandler(moment, this.redraw);
    viewer.element.addEventListener('pointermove', this.#onHover);
  }

  destroy(): void {
    const { finished } = leave(this.#stroke);
    this.#stroke = null;
    if (finished) this.#events.drawn(finished);
    cancelAnimationFrame(this.#frame);
    this.#painter.stop();
    this.#view.viewer.element.removeEventListener('pointermove', this.#onHover);
  }

  update(state: LayerState): void {
    // Another tool ends the stroke in hand; news from the server does not touch it.
    if (this.#stroke && state.tool !== this.#stroke.tool) this.#leave();
    this.#state = state;
    this.#painter.changed();
    this.redraw();
  }

  readonly redraw = (): void => {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(this.#paint);
  };

  /** Enter. */
  clickAtCentre(): void {
    const tool = this.#drawing();
    if (!tool) return;
    this.#byKeyboard = true;
    const byKeys = this.#stroke === null || this.#cornerByKeys;
    this.#cornerByKeys = byKeys;
    this.#take(
      enter(this.#stroke, tool, onSlide(this.#view.centre(), this.#view.slide), this.#reach(), byKeys),
    );
  }

  finishStroke(): void {
    this.#take(close(this.#stroke));
  }
  /** True when there was a corner to take back. */
  takeBack(): boolean {
    const had = this.#stroke !== null && !this.#stroke.dragging;
    if (had) this.#put(stepBack(this.#stroke));
    return had;
  }
  /** True when there was a stroke to abandon. */
  abandon(): boolean {
    const had = this.#stroke !== null || this.#grip !== null;
    this.#grip = null;
    this.#giveUp();
    return had;
  }
  /** Takes up again what was given up. */
  resume(stroke: Stroke): void {
    this.#leave();
    this.#cornerByKeys = false;
    this.#put(stroke);
  }

  #leave(): void {
    const { finished } = leave(this.#stroke);
    if (finished) this.#take({ stroke: null, finished });
    else this.#giveUp();
  }

  #giveUp(): void {
    const stroke = this.#stroke;
    this.#put(null);
    if (worthOffering(stroke)) this.#events.abandoned(stroke);
  }

  #drawing() {
    const state = this.#state;
    return state?.editable && state.tool !== 'select' && !this.spaceHeld ? state.tool : null;
  }

  #reach(pointerType = 'mouse'): number {
    return (pointerType === 'touch' ? FINGER_REACH : POINTER_REACH) / this.#view.zoom;
  }

  #put(stroke: Stroke | null): void {
    const changed = (stroke === null) !== (this.#stroke === null) || stroke?.points !== this.#stroke?.points;
    this.#stroke = stroke;
    if (stroke === null) this.#pressStartedStroke = false;
    if (changed) this.#events.stroke(stroke);
    this.redraw();
  }

  #take({ stroke, finished }: StrokeResult): void {
    this.#put(stroke);
    if (finished) this.#events.drawn(finished);
  }

  readonly #onPress = (event: OpenSeadragon.CanvasPressEvent): void => {
    this.#pressedAt = [event.position.x, event.position.y];
    this.#panning = false;
    this.#byKeyboard = false;
    const at = this.#placeOf(event.position.x, event.position.y);
    const tool = this.#drawing();
    if (tool) {
      const before = this.#stroke;
      this.#take(press(before, tool, at));
      this.#pressStartedStroke = before === null && this.#stroke !== null;
    } else {
      this.#grip = this.#gripAt(event.position, event.pointerType);
    }
  };

  /** Where the pointer is on the slide; beside it, the nearest edge: a line drawn out of the slide follows its edge. */
  #placeOf(x: number, y: number): Point {
    return onSlide(this.#view.toImage(x, y), this.#view.slide);
  }

  #click(tool: DrawingTool, at: Point, pointerType: string): void {
    this.#cornerByKeys = false;
    this.#take(click(this.#stroke, tool, at, this.#reach(pointerType)));
  }

  #gripAt(position: OpenSeadragon.Point, pointerType: string): Grip | null {
    const state = this.#state;
    if (!state?.editable || state.tool !== 'select' || this.spaceHeld || state.hidden) return null;
    const annotation = state.annotations.find((item) => item.id === state.selectedId);
    if (!annotation || annotation.deleting) return null;
    const affine = this.#view.affine();
    const near = pointerType === 'touch' ? FINGER_REACH : POINTER_REACH + 2;
    const handle = handlesOf(annotation.shape).find(
      ({ at }) => distance(toScreen(affine, at), [position.x, position.y]) <= near,
    );
    if (!handle) return null;
    return { annotation, index: handle.index, from: handle.at, shape: annotation.shape };
  }

  readonly #onDrag = (event: Omit<OpenSeadragon.CanvasDragEvent, 'delta'>): void => {
    const at = this.#placeOf(event.position.x, event.position.y);
    if (this.#grip) {
      event.preventDefaultAction = true;
      const { annotation, index, from } = this.#grip;
      const shape =
        index === 'move'
          ? moveOnSlide(annotation.shape, at[0] - from[0], at[1] - from[1], this.#view.slide)
          : movePoint(annotation.shape, index, at);
      this.#grip = { ...this.#grip, shape };
      this.redraw();
      return;
    }
    if (this.#stroke?.dragging) {
      event.preventDefaultAction = true;
      this.#put(drag(this.#stroke, at).stroke);
      return;
    }
    this.#panning = true;
  };

  readonly #onDragEnd = (event: Omit<OpenSeadragon.CanvasDragEvent, 'delta'>): void => {
    if (!this.#panning) event.preventDefaultAction = true;
  };

  readonly #onRelease = (event: OpenSeadragon.CanvasReleaseEvent): void => {
    const pressedAt = this.#pressedAt;
    this.#pressedAt = null;
    if (!pressedAt) return;
    const position: Point = [event.position.x, event.position.y];
    const at = this.#placeOf(position[0], position[1]);
    const still = distance(pressedAt, position) <= STILL;
    if (this.#grip) {
      const { annotation, shape } = this.#grip;
      this.#grip = null;
      this.redraw();
      if (!still) this.#events.reshaped(annotation, roundShape(shape));
      return;
    }
    const tool = this.#drawing();
    if (tool && this.#pressStartedStroke && this.#stroke?.dragging) {
      this.#pressStartedStroke = false;
      this.#take(release(this.#stroke, at, this.#reach(event.pointerType)));
    } else if (tool && still) {
      if (this.#isDoubleClick(position)) this.#take(close(this.#stroke));
      else this.#click(tool, at, event.pointerType);
    } else if (!tool && still && !this.spaceHeld && this.#state && !this.#state.hidden) {
      const hit = pick(this.#state.annotations, at, this.#reach(event.pointerType));
      this.#events.selected(hit?.id ?? null);
    }
  };

  /** The library counts clicks in pairs wherever they fall, and so misses the double click after a quick corner. */
  #isDoubleClick(position: Point): boolean {
    const before = this.#lastClick;
    const time = performance.now();
    this.#lastClick = { at: position, time };
    return (
      this.#stroke?.tool === 'polygon' &&
      before !== null &&
      time - before.time <= DOUBLE_CLICK_MS &&
      distance(before.at, position) <= DOUBLE_CLICK_REACH
    );
  }

  readonly #onDoubleClick = (event: OpenSeadragon.CanvasDoubleClickEvent): void => {
    if (this.#drawing()) event.preventDefaultAction = true;
  };

  /** A second finger means zooming, not drawing. */
  readonly #onPinch = (): void => {
    this.#pressedAt = null;
    if (this.#stroke?.dragging) this.#put(null);
    this.#grip = null;
  };

  readonly #onHover = (event: PointerEvent): void => {
    if (!this.#stroke || this.#stroke.dragging) return;
    this.#byKeyboard = false;
    const box = this.#view.viewer.element.getBoundingClientRect();
    this.#put(hover(this.#stroke, this.#placeOf(event.clientX - box.left, event.clientY - box.top)));
  };

  readonly #paint = (): void => {
    this.#frame = 0;
    if (!this.#state || !this.#view.open) return;
    this.#painter.paint(this.#state, {
      stroke: this.#stroke,
      reshaped: this.#grip ? { id: this.#grip.annotation.id, shape: this.#grip.shape } : null,
      byKeyboard: this.#byKeyboard,
      drawing: this.#drawing() !== null,
    });
  };
}
