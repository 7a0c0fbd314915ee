import { type Magnification, magnificationAt, normalAngle } from '@relecture/shared/annotations/scale.js';
import { useSyncExternalStore } from 'react';
import type { SlideView } from './slide/slide-view';

export interface ViewState {
  zoom: number;
  rotation: number;
  magnification: Magnification;
}

const MOMENTS = ['open', 'animation', 'update-viewport', 'resize', 'rotate'] as const;

interface Watched {
  subscribe: (listener: () => void) => () => void;
  read: () => ViewState | null;
}

const watched = new WeakMap<SlideView, Watched>();

function watch(view: SlideView): Watched {
  const known = watched.get(view);
  if (known) return known;
  let last: ViewState | null = null;
  const made: Watched = {
    subscribe: (listener) => {
      for (const moment of MOMENTS) view.viewer.addHandler(moment, listener);
      return () => {
        for (const moment of MOMENTS) view.viewer.removeHandler(moment, listener);
      };
    },
    read: () => {
      // The library empties itself when the slide closes.
      if (!view.viewer.viewport || !view.open) return last;
      const { zoom } = view;
      const rotation = normalAngle(Math.round(view.viewer.viewport.getRotation(false) * 10) / 10);
      if (!last || Math.abs(zoom / last.zoom - 1) > 1e-4 || rotation !== last.rotation) {
        const { mpp, objective } = view.slide;
        last = { zoom, rotation, magnification: magnificationAt(zoom, { mpp, objective }) };
      }
      return last;
    },
  };
  watched.set(view, made);
  return made;
}

const nothing: Watched = { subscribe: () => () => undefined, read: () => null };

/** Zoom and rotation of the open slide, as they change. */
export function useViewState(view: SlideView | null): ViewState | null {
  const { subscribe, read } = view ? watch(view) : nothing;
  return useSyncExternalStore(subscribe, read);
}
