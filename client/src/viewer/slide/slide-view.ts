import type { Bounds, Point } from '@relecture/shared/annotations/geometry.js';
import {
  normalAngle,
  OBJECTIVES,
  type SlideScale,
  zoomForObjective,
} from '@relecture/shared/annotations/scale.js';
import OpenSeadragon from 'openseadragon';
import { isReadable, type ReadableSlide, SlideTileSource } from './slide-tile-source';

/** Screen = (a x + c y + e, b x + d y + f): where a level-0 pixel of the slide lies in the viewer, in CSS pixels. */
export interface Affine {
  a: number;
  b: number;
  c: number;
  d: number;
  e: number;
  f: number;
  /** CSS pixels per level-0 pixel. */
  zoom: number;
  width: number;
  height: number;
}

export const toScreen = (affine: Affine, [x, y]: Point): Point => [
  affine.a * x + affine.c * y + affine.e,
  affine.b * x + affine.d * y + affine.f,
];

/** Larger than the scanner's pixels: allowed for a 40× look at a 20× slide, and always badged. */
const DEEPEST_ZOOM = 4;
/** Share of the view the whole slide may shrink to. */
const SMALLEST_VIEW = 0.7;
/** On the screen, the size from which a shape needs no closer look; and how much of the field one shown fills. */
const SEEN_WELL = 40;
const FILLED = 0.4;
/** A field somebody pointed at is shown at this objective: cells are seen, and what lies around them. */
const FIELD_OBJECTIVE = 10;
/** Each key press of an arrow moves this part of the field; with Shift a whole field less the overlap. */
export const PAN_STEP = 0.25;
export const FIELD_STEP = 0.9;

/** One open slide: OpenSeadragon behind the few verbs the reading room needs, all of them correct when rotated. */
export class SlideView {
  readonly viewer: OpenSeadragon.Viewer;
  readonly slide: ReadableSlide;
  readonly #scale: SlideScale;
  readonly #minimap: HTMLElement;
  #pointer: OpenSeadragon.Point | null = null;

  constructor(slide: ReadableSlide, element: HTMLElement, minimap: HTMLElement) {
    if (!isReadable(slide)) throw new Error('slide not readable');
    this.slide = slide;
    this.#minimap = minimap;
    this.#scale = { mpp: slide.mpp, objective: slide.objective };
    // OpenSeadragon moves the element it is given: it gets one of its own.
    const overview = minimap.appendChild(document.createElement('div'));
    overview.style.width = '100%';
    overview.style.height = '100%';
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const options: OpenSeadragon.Options & { keyboardNavEnabled: boolean } = {
      element,
      tileSources: new SlideTileSource(slide) as unknown as OpenSeadragon.TileSource & {
        type: 'openstreetmaps';
      },
      // Canvas 2D: the same speed with a graphics card, several times faster without one, and nothing to lose
      // when a driver gives up (docs/decisions/0006-annotations.md).
      drawer: 'canvas',
      showNavigationControl: false,
      showNavigator: true,
      navigatorElement: overview,
      navigatorRotate: true,
      navigatorAutoFade: false,
      navigatorBackground: 'transparent',
      navigatorBorderColor: 'transparent',
      navigatorOpacity: 1,
      navigatorDisplayRegionColor: '#5eead4',
      keyboardNavEnabled: false,
      animationTime: still ? 0 : 0.35,
      springStiffness: 9,
      zoomPerScroll: 1.25,
      visibilityRatio: 0.3,
      // Opening or closing the panel must not change the magnification.
      preserveImageSizeOnResize: true,
      minZoomImageRatio: SMALLEST_VIEW,
      maxZoomPixelRatio: Math.max(DEEPEST_ZOOM, zoomForObjective(40, this.#scale)),
      imageLoaderLimit: 10,
      maxImageCacheCount: 600,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true, flickEnabled: false },
      gestureSettingsTouch: {
        clickToZoom: false,
        dblClickToZoom: true,
        pinchToZoom: true,
        flickEnabled: true,
      },
      gestureSettingsPen: { clickToZoom: false, dblClickToZoom: false, flickEnabled: false },
    };
    this.viewer = new OpenSeadragon.Viewer(options);
    this.viewer.addHandler('open', () => {
      const { viewport } = this.viewer;
      const weakest = viewport.imageToViewportZoom(zoomForObjective(OBJECTIVES[0], this.#scale));
      // The weakest objective must be reachable, also when the whole slide fits a stronger one.
      Object.assign(viewport, { minZoomLevel: Math.min(viewport.getHomeZoom() * SMALLEST_VIEW, weakest) });
    });
    element.addEventListener('pointermove', this.#follow);
    element.addEventListener('pointerleave', this.#leave);
  }

  destroy(): void {
    this.viewer.element.removeEventListener('pointermove', this.#follow);
    this.viewer.element.removeEventListener('pointerleave', this.#leave);
    this.viewer.destroy();
    this.#minimap.replaceChildren();
  }

  /** Lays an element over the whole slide, or over it on the minimap; it turns and grows with it. Returns how to take it away. */
  cover(element: HTMLElement, where: 'slide' | 'minimap'): () => void {
    const viewer = where === 'slide' ? this.viewer : this.viewer.navigator;
    const location = new OpenSeadragon.Rect(0, 0, 1, this.slide.height / this.slide.width);
    const put = () => void viewer.addOverlay({ element, location });
    if (viewer.world.getItemCount() > 0) put();
    else viewer.addOnceHandler('open', put);
    return () => {
      viewer.removeHandler('open', put);
      viewer.removeOverlay(element);
    };
  }

  readonly #follow = (event: PointerEvent): void => {
    const box = this.viewer.element.getBoundingClientRect();
    this.#pointer = new OpenSeadragon.Point(event.clientX - box.left, event.clientY - box.top);
  };
  readonly #leave = (): void => {
    this.#pointer = null;
  };

  get open(): boolean {
    return this.viewer.world.getItemCount() > 0;
  }

  /** CSS pixels per level-0 pixel, as drawn now. */
  get zoom(): number {
    return this.viewer.viewport.viewportToImageZoom(this.viewer.viewport.getZoom(true));
  }

  get rotation(): number {
    return normalAngle(this.viewer.viewport.getRotation(false));
  }

  affine(): Affine {
    const { viewport } = this.viewer;
    const span = Math.max(this.slide.width, this.slide.height);
    const at = (x: number, y: number) =>
      viewport.pixelFromPoint(viewport.imageToViewportCoordinates(new OpenSeadragon.Point(x, y)), true);
    const origin = at(0, 0);
    const right = at(span, 0);
    const down = at(0, span);
    const size = viewport.getContainerSize();
    return {
      a: (right.x - origin.x) / span,
      b: (right.y - origin.y) / span,
      c: (down.x - origin.x) / span,
      d: (down.y - origin.y) / span,
      e: origin.x,
      f: origin.y,
      zoom: this.zoom,
      width: size.x,
      height: size.y,
    };
  }

  /** Level-0 pixel under a place of the viewer element. */
  toImage(x: number, y: number): Point {
    const { viewport } = this.viewer;
    const point = viewport.viewportToImageCoordinates(
      viewport.pointFromPixel(new OpenSeadragon.Point(x, y), true),
    );
    return [point.x, point.y];
  }

  centre(): Point {
    const { viewport } = this.viewer;
    const point = viewport.viewportToImageCoordinates(viewport.getCenter(true));
    return [point.x, point.y];
  }

  fit(): void {
    this.viewer.viewport.goHome();
  }

  /** Keeps what lies under the cursor where it is. */
  showObjective(objective: number): void {
    this.#zoomTo(zoomForObjective(objective, this.#scale));
  }

  zoomBy(factor: number): void {
    const { viewport } = this.viewer;
    this.#zoomTo(viewport.viewportToImageZoom(viewport.getZoom(false)) * factor);
  }

  #zoomTo(imageZoom: number): void {
    const { viewport } = this.viewer;
    const under = this.#pointer ? viewport.pointFromPixel(this.#pointer, true) : undefined;
    viewport.zoomTo(viewport.imageToViewportZoom(imageZoom), under);
    viewport.applyConstraints();
  }

  /** Moves the field by a part of itself, in the direction of the screen whatever the rotation. */
  pan(across: number, down: number): void {
    const { viewport } = this.viewer;
    const size = viewport.getContainerSize();
    const delta = new OpenSeadragon.Point(across * size.x, down * size.y);
    viewport.panBy(viewport.deltaPointsFromPixels(delta));
    viewport.applyConstraints();
  }

  /** Centres a field that was pointed at, close enough to see why; a closer look is kept. */
  showField([x, y]: Point): void {
    const { viewport } = this.viewer;
    const zoom = Math.max(this.zoom, zoomForObjective(FIELD_OBJECTIVE, this.#scale));
    viewport.zoomTo(viewport.imageToViewportZoom(zoom));
    viewport.panTo(viewport.imageToViewportCoordinates(new OpenSeadragon.Point(x, y)));
    viewport.applyConstraints();
  }

  rotateBy(degrees: number): void {
    this.rotateTo(this.viewer.viewport.getRotation(false) + degrees);
  }

  rotateTo(degrees: number): void {
    this.viewer.viewport.setRotation(degrees);
  }

  /**
   * Brings a shape into view with room around it, no deeper than the scanner's own pixels; a shape that can
   * already be seen well is left where it is.
   */
  show(bounds: Bounds): void {
    const { viewport } = this.viewer;
    const size = viewport.getContainerSize();
    const affine = this.affine();
    const corners = [
      toScreen(affine, [bounds.minX, bounds.minY]),
      toScreen(affine, [bounds.maxX, bounds.maxY]),
      toScreen(affine, [bounds.minX, bounds.maxY]),
      toScreen(affine, [bounds.maxX, bounds.minY]),
    ];
    const inView = corners.every(([x, y]) => x > 20 && y > 20 && x < size.x - 20 && y < size.y - 20);
    const extent = Math.max(bounds.maxX - bounds.minX, bounds.maxY - bounds.minY);
    if (inView && (extent === 0 || extent * this.zoom > SEEN_WELL)) return;
    // A point has no size: the present zoom is kept unless it is a far one.
    const zoom =
      extent === 0
        ? Math.min(1, Math.max(this.zoom, 0.25))
        : Math.min(1, (Math.min(size.x, size.y) * FILLED) / extent);
    viewport.zoomTo(viewport.imageToViewportZoom(zoom));
    viewport.panTo(
      viewport.imageToViewportCoordinates(
        new OpenSeadragon.Point((bounds.minX + bounds.maxX) / 2, (bounds.minY + bounds.maxY) / 2),
      ),
    );
    viewport.applyConstraints();
  }
}
