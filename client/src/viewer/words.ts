import type { Measure } from '@relecture/shared/annotations/geometry.js';
import type { Magnification } from '@relecture/shared/annotations/scale.js';
import i18next from 'i18next';
import { formatNumber } from '../ui/format';
import type { AnnotationContent } from './annotate/content';

/** Three significant digits: a stroke drawn by hand is no more exact than that. */
const digitsFor = (value: number) => (value >= 100 ? 0 : value >= 10 ? 1 : 2);

export const wordMeasure = ({ value, unit }: Measure): string =>
  `${formatNumber(value, digitsFor(value))}\u00a0${unit}`;

/** `20×`, `1,25×`, or `35 %` when the slide's scale is not known. */
export function wordMagnification({ value, unit }: Magnification): string {
  if (unit === 'percent') return `${formatNumber(value, value < 10 ? 1 : 0)}\u00a0%`;
  return `${formatNumber(value, value >= 10 ? (Number.isInteger(value) ? 0 : 1) : 2)}×`;
}

/**
 * What an annotation is called wherever it is named, and its shape where the name does not tell it. A point or a ruler
 * that nobody has sorted is no region: it has the name of what it is.
 */
export function wordAnnotation({ label, category, shape }: Omit<AnnotationContent, 'note'>): {
  name: string;
  shape: string;
} {
  const kind = i18next.t(`shape.${shape.type}`, { ns: 'viewer' });
  if (label) return { name: label, shape: kind };
  if (category === 'region' && (shape.type === 'point' || shape.type === 'ruler'))
    return { name: kind, shape: '' };
  return { name: i18next.t(`category.${category}`, { ns: 'viewer' }), shape: kind };
}
