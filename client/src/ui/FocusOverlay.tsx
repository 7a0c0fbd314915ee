import type { FocusMap } from '@relecture/shared/slides/checks.js';
import { useId } from 'react';

/** The blurred cells of a slide, hatched over a picture of the whole of it: shape and colour, never colour alone. */
export function FocusOverlay({ map }: { map: FocusMap }) {
  const hatch = useId();
  const blurred = [...map.cells].flatMap((cell, at) =>
    cell !== ' ' && Number(cell) >= map.blurredFrom
      ? [{ x: at % map.columns, y: Math.floor(at / map.columns) }]
      : [],
  );
  return (
    <svg
      viewBox={`0 0 ${map.columns} ${map.rows}`}
      preserveAspectRatio="none"
      aria-hidden
      data-testid="focus-overlay"
      data-blurred={blurred.length}
      style={{ position: 'absolute', inset: 0, width: '100%', height: '100%', pointerEvents: 'none' }}
    >
      <defs>
        <pattern
          id={hatch}
          width="0.34"
          height="0.34"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="0.34" height="0.34" fill="rgba(255, 196, 0, 0.25)" />
          <line x1="0" y1="0" x2="0" y2="0.34" stroke="#b45309" strokeWidth="0.2" />
        </pattern>
      </defs>
      {blurred.map(({ x, y }) => (
        <rect key={`${x} ${y}`} x={x} y={y} width={1} height={1} fill={`url(#${hatch})`} />
      ))}
    </svg>
  );
}
