import type { Point } from '@relecture/shared/annotations/geometry.js';
import { useEffect } from 'react';
import { useSearchParams } from 'react-router';
import type { SlideView } from './slide/slide-view';

/** The reading room at a slide and, when a field is meant, at that field: `?at=x,y` in level-0 pixels. */
export const readAddress = (reviewId: string, slideId: string, at?: Point): string =>
  `/reviews/${reviewId}/read/${slideId}${at ? `?at=${Math.round(at[0])},${Math.round(at[1])}` : ''}`;

/** Shows the field the address names, once the slide is open. */
export function useAskedField(view: SlideView | null): void {
  const [search] = useSearchParams();
  const at = search.get('at');
  useEffect(() => {
    const [, x, y] = /^(-?\d{1,9}),(-?\d{1,9})$/.exec(at ?? '') ?? [];
    if (!view || x === undefined || y === undefined) return undefined;
    const show = () => view.showField([Number(x), Number(y)]);
    if (view.open) show();
    else view.viewer.addOnceHandler('open', show);
    return () => view.viewer.removeHandler('open', show);
  }, [view, at]);
}
