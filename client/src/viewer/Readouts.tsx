import { Badge, UnstyledButton } from '@mantine/core';
import { scaleBarFor } from '@relecture/shared/annotations/scale.js';
import { IconRotate } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../ui/format';
import { FocusAreas } from './FocusAreas';
import classes from './ReadingRoom.module.css';
import type { SlideView } from './slide/slide-view';
import { useViewState } from './use-view-state';
import { wordMagnification } from './words';

/** Widest scale bar on the screen. */
const WIDEST_BAR = 160;

/** Bottom left of the slide: the scale bar, where its scale comes from, and the rotation with its reset. */
export function Readouts({ view }: { view: SlideView | null }) {
  const { t } = useTranslation('viewer');
  const state = useViewState(view);
  if (!view || !state) return null;
  const { mpp, mppSource } = view.slide;
  const bar = scaleBarFor(state.zoom, mpp, WIDEST_BAR);
  const length = `${formatNumber(bar.value, bar.value < 1 ? 2 : 0)}\u00a0${bar.unit}`;
  return (
    <div className={classes.readouts}>
      {state.rotation !== 0 ? (
        <UnstyledButton className={classes.rotation} onClick={() => view.rotateTo(0)}>
          <IconRotate size={16} aria-hidden />
          {t('rotation.reset', { angle: formatNumber(state.rotation, 1) })}
        </UnstyledButton>
      ) : null}
      <FocusAreas view={view} />
      <div className={classes.scale}>
        <span className={classes.bar} style={{ width: bar.screenPixels }} aria-hidden />
        <span>
          <span className="heard-only">{t('scale.bar')} </span>
          <span data-testid="scale-bar">{length}</span>
        </span>
      </div>
      <div className={classes.mpp} data-testid="mpp">
        {mpp === null ? t('scale.none') : t(`scale.${mppSource}`, { mpp: formatNumber(mpp, 4) })}
      </div>
    </div>
  );
}

/** The objective this zoom stands for, with a badge when it is larger than what the scanner saw. */
export function MagnificationReadout({ view }: { view: SlideView | null }) {
  const { t } = useTranslation('viewer');
  const state = useViewState(view);
  const magnification = state?.magnification;
  return (
    <span className={classes.magnification}>
      <span data-testid="magnification" title={t('magnification.title')}>
        {magnification ? wordMagnification(magnification) : '–'}
      </span>
      {magnification?.unit === 'percent' ? (
        <span className={classes.faint}>{t('magnification.unknown')}</span>
      ) : null}
      {magnification?.beyondNative ? (
        <Badge color="yellow.4" c="dark.9" variant="filled" radius="sm" data-testid="beyond-native">
          {t('magnification.beyond')}
        </Badge>
      ) : null}
    </span>
  );
}
