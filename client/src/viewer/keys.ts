import { useEffect, useEffectEvent } from 'react';

/** What a key may ask for, in the order of the list of keys; i18n says which keys and what they do. */
export const KEY_ACTIONS = [
  'objective',
  'fit',
  'zoom',
  'pan',
  'field',
  'hold',
  'previousSlide',
  'nextSlide',
  'rotate',
  'quarter',
  'select',
  'rectangle',
  'polygon',
  'freehand',
  'point',
  'ruler',
  'place',
  'back',
  'escape',
  'previousAnnotation',
  'nextAnnotation',
  'remove',
  'undo',
  'redo',
  'hide',
  'panel',
  'help',
] as const;
type KeyAction = (typeof KEY_ACTIONS)[number];

export interface KeyHandlers {
  objective: (index: number) => void;
  pan: (across: number, down: number, wholeField: boolean) => void;
  zoom: (direction: 1 | -1) => void;
  rotate: (degrees: number) => void;
  hold: (held: boolean) => void;
  /** Everything that needs no more than its name. */
  act: (
    action: Exclude<KeyAction, 'objective' | 'pan' | 'field' | 'zoom' | 'rotate' | 'quarter' | 'hold'>,
    event: KeyboardEvent,
  ) => void;
}

const LETTERS: Record<string, Parameters<KeyHandlers['act']>[0]> = {
  v: 'select',
  e: 'rectangle',
  p: 'polygon',
  l: 'freehand',
  i: 'point',
  m: 'ruler',
  b: 'previousAnnotation',
  n: 'nextAnnotation',
  h: 'hide',
  c: 'panel',
  '?': 'help',
  '[': 'previousSlide',
  ']': 'nextSlide',
};
const NAMED: Record<string, Parameters<KeyHandlers['act']>[0]> = {
  Enter: 'place',
  Backspace: 'back',
  Escape: 'escape',
  Delete: 'remove',
};
/** By place on the keyboard: on a French one the digits need Shift and the brackets a third key. */
const PLACES: Record<string, Parameters<KeyHandlers['act']>[0]> = {
  BracketLeft: 'previousSlide',
  BracketRight: 'nextSlide',
  PageUp: 'previousSlide',
  PageDown: 'nextSlide',
};
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Where a key belongs to what has the focus: a field, a dialog, a menu, tabs. */
const OWN_KEYS =
  'input, textarea, select, [contenteditable="true"], [role="dialog"], [role="listbox"], [role="menu"], [data-own-keys]';
const OWN_ARROWS = '[role="tablist"], [role="radiogroup"], [role="slider"]';
const PRESSED_BY_KEY = 'button, a, summary, [role="button"], [role="tab"]';

function dispatch(event: KeyboardEvent, keys: KeyHandlers): boolean {
  const target = event.target instanceof Element ? event.target : document.body;
  if (target.closest(OWN_KEYS)) return false;
  const letter = event.key.toLowerCase();
  // AltGr, by which a French keyboard writes brackets, looks like Ctrl + Alt on some systems.
  const altGraph = event.getModifierState('AltGraph');
  if (!altGraph && (event.ctrlKey || event.metaKey)) {
    // The only two that the browser shares; all others stay its own.
    if (letter === 'z') keys.act(event.shiftKey ? 'redo' : 'undo', event);
    else if (letter === 'y') keys.act('redo', event);
    else return false;
    return true;
  }
  if (!altGraph && event.altKey) return false;
  const arrow = ARROWS[event.key];
  if (arrow) {
    if (target.closest(OWN_ARROWS)) return false;
    keys.pan(arrow[0], arrow[1], event.shiftKey);
    return true;
  }
  if ((event.key === 'Enter' || event.key === ' ') && target.closest(PRESSED_BY_KEY)) return false;
  if (event.key === ' ') {
    keys.hold(true);
    return true;
  }
  const named = LETTERS[letter];
  if (named) {
    keys.act(named, event);
    return true;
  }
  const digit = /^(?:Digit|Numpad)([0-6])$/.exec(event.code)?.[1];
  if (digit !== undefined) {
    if (digit === '0') keys.act('fit', event);
    else keys.objective(Number(digit) - 1);
    return true;
  }
  if (event.key === '+' || event.key === '=' || event.key === '-') {
    keys.zoom(event.key === '-' ? -1 : 1);
    return true;
  }
  if (letter === 'r') {
    keys.rotate(event.shiftKey ? 90 : 15);
    return true;
  }
  const action = NAMED[event.key] ?? PLACES[event.code];
  if (!action) return false;
  keys.act(action, event);
  return true;
}

export function useKeys(handlers: KeyHandlers, enabled: boolean): void {
  const onDown = useEffectEvent((event: KeyboardEvent) => {
    if (!event.defaultPrevented && dispatch(event, handlers)) event.preventDefault();
  });
  const onUp = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === ' ') handlers.hold(false);
  });
  const onBlur = useEffectEvent(() => handlers.hold(false));
  useEffect(() => {
    if (!enabled) return undefined;
    const down = (event: KeyboardEvent) => onDown(event);
    const up = (event: KeyboardEvent) => onUp(event);
    const blur = () => onBlur();
    window.addEventListener('keydown', down);
    window.addEventListener('keyup', up);
    window.addEventListener('blur', blur);
    return () => {
      window.removeEventListener('keydown', down);
      window.removeEventListener('keyup', up);
      window.removeEventListener('blur', blur);
    };
  }, [enabled]);
}
