/**
 * What the microscope's turret says, for a screen. A "20×" on a screen is the zoom at which one screen pixel covers
 * what one camera pixel covers through a 20× objective: 0.5 µm, since scanners take 0.25 µm per pixel at 40×.
 */
const MICROMETRES_AT_1X = 10;

/** Objectives on the keys 1 to 6. */
export const OBJECTIVES = [1.25, 2, 5, 10, 20, 40] as const;

export interface SlideScale {
  mpp: number | null;
  objective: number | null;
}

/** Objective equivalent at 1 screen pixel per level-0 pixel; null when neither objective nor scale is known. */
export function nativeMagnification({ mpp, objective }: SlideScale): number | null {
  if (objective !== null && objective > 0) return objective;
  if (mpp !== null && mpp > 0) return MICROMETRES_AT_1X / mpp;
  return null;
}

/**
 * Screen pixels per level-0 pixel at which the slide shows as through `objective`. Without any known scale the
 * slide's own pixels are taken for the strongest objective, so that the keys still step through the zooms.
 */
export function zoomForObjective(objective: number, scale: SlideScale): number {
  const native = nativeMagnification(scale) ?? OBJECTIVES[OBJECTIVES.length - 1] ?? 40;
  return objective / native;
}

export interface Magnification {
  /** Objective equivalent, or percent of the slide's own pixels when nothing is known. */
  value: number;
  unit: 'objective' | 'percent';
  /** Beyond the scanner's own pixels: larger, not sharper. */
  beyondNative: boolean;
}

export function magnificationAt(zoom: number, scale: SlideScale): Magnification {
  const native = nativeMagnification(scale);
  // A rounding error of the zoom animation is no over-zoom.
  const beyondNative = zoom > 1.01;
  if (native === null) return { value: zoom * 100, unit: 'percent', beyondNative };
  const value = zoom * native;
  const near = OBJECTIVES.find((preset) => Math.abs(value / preset - 1) < 0.01);
  return { value: near ?? value, unit: 'objective', beyondNative };
}

export interface ScaleBar {
  /** Length of the bar on the screen. */
  screenPixels: number;
  value: number;
  unit: 'µm' | 'mm' | 'px';
}

/** The longest 1-2-5 length whose bar fits `maxScreenPixels`. */
export function scaleBarFor(zoom: number, mpp: number | null, maxScreenPixels: number): ScaleBar {
  const unitsPerScreenPixel = (mpp ?? 1) / zoom;
  const longest = maxScreenPixels * unitsPerScreenPixel;
  const decade = 10 ** Math.floor(Math.log10(longest));
  // The factor absorbs the rounding of powers of ten, lest 100 come out as 50.
  const step = [5, 2, 1].find((candidate) => candidate * decade <= longest * (1 + 1e-9)) ?? 1;
  const length = step * decade;
  const screenPixels = length / unitsPerScreenPixel;
  if (mpp === null) return { screenPixels, value: length, unit: 'px' };
  return length >= 1000
    ? { screenPixels, value: length / 1000, unit: 'mm' }
    : { screenPixels, value: length, unit: 'µm' };
}

/** Degrees brought into [0, 360). */
export function normalAngle(degrees: number): number {
  return ((degrees % 360) + 360) % 360;
}
