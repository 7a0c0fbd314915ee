import { UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { readFocus } from '../api/slides';
import { FocusOverlay } from '../ui/FocusOverlay';
import { formatNumber } from '../ui/format';
import classes from './ReadingRoom.module.css';
import type { SlideView } from './slide/slide-view';

/** Where the scan is out of focus: always on the minimap, on the slide itself when asked. */
export function FocusAreas({ view }: { view: SlideView | null }) {
  const focus = view?.slide.checks.find(({ check }) => check === 'focus');
  if (!view || !focus || focus.share === null || !['warns', 'holds'].includes(focus.outcome)) return null;
  // Another slide begins without it.
  return <Areas key={view.slide.id} view={view} share={focus.share} />;
}

function Areas({ view, share }: { view: SlideView; share: number }) {
  const { t } = useTranslation('viewer');
  const [shown, setShown] = useState(false);
  const slideId = view.slide.id;
  const { data: map } = useQuery({
    queryKey: keys.slides.focus(slideId),
    queryFn: () => readFocus(slideId),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [overview, cover] = useMemo(() => [layer(), layer()] as const, []);
  useEffect(() => view.cover(overview, 'minimap'), [view, overview]);
  useEffect(() => (shown ? view.cover(cover, 'slide') : undefined), [view, cover, shown]);
  if (!map) return null;
  return (
    <>
      <UnstyledButton
        className={classes.rotation}
        aria-pressed={shown}
        data-testid="focus-areas"
        onClick={() => setShown(!shown)}
      >
        {t(shown ? 'focus.hide' : 'focus.show', { share: `${formatNumber(100 * share)}\u00a0%` })}
      </UnstyledButton>
      {createPortal(<FocusOverlay map={map} />, overview)}
      {shown ? createPortal(<FocusOverlay map={map} />, cover) : null}
    </>
  );
}

function layer(): HTMLElement {
  const element = document.createElement('div');
  element.style.pointerEvents = 'none';
  return element;
}
