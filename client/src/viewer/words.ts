import type { Measure } from '@relecture/shared/annotations/geometry.js';
import type { Magnification } from '@relecture/shared/annotations/scale.js';
import { formatNumber } from '../ui/format';

/** Three significant digits: a stroke drawn by hand is no more exact than that. */
const digitsFor = (value: number) => (value >= 100 ? 0 : value >= 10 ? 1 : 2);

export const wordMeasure = ({ value, unit }: Measure): string =>
  `${formatNumber(value, digitsFor(value))}\u00a0${unit}`;

/** `20×`, `1,25×`, or `35 %` when the slide's scale is not known. */
export function wordMagnification({ value, unit }: Magnification): string {
  if (unit === 'percent') return `${formatNumber(value, value < 10 ? 1 : 0)}\u00a0%`;
  return `${formatNumber(value, value >= 10 ? (Number.isInteger(value) ? 0 : 1) : 2)}×`;
}
